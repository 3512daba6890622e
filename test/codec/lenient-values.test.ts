/** Lenient reading: values that do not fit, and what stands for those that are missing. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import type { Shape } from "../../src/binding/index.js";
import { timestampOf } from "../../src/codec/lenient-timestamps.js";
import { fromXml, ParseError } from "../../src/index.js";
import { message10, message11, read, response11, typeFaults } from "./lenient-reading.js";

const labelled = (text: string): string => response11(`<Inclusive_End_Timestamp>${text}</Inclusive_End_Timestamp>`);

describe("timestamps", () => {
  it.each([
    ["2014-12-19T00:00:00", "2014-12-19T00:00:00Z"],
    ["2014-12-19T01:02:03.5", "2014-12-19T01:02:03.5Z"],
    ["2014-12-19 01:02:03Z", "2014-12-19T01:02:03Z"],
    ["2014-12-19 01:02:03.123456 UTC", "2014-12-19T01:02:03.123456Z"],
    ["2014-12-19t01:02:03z", "2014-12-19T01:02:03Z"],
    ["2014-12-19T01:02Z", "2014-12-19T01:02:00Z"],
    ["2014-12-19T01:02", "2014-12-19T01:02:00Z"],
    ["2014-12-19T01:02:03+0000", "2014-12-19T01:02:03+00:00"],
    ["2014-12-19T01:02:03-0530", "2014-12-19T01:02:03-05:30"],
    ["2014-12-19T01:02:03+05", "2014-12-19T01:02:03+05:00"],
    ["2014-12-19 01:02:03 +01:00", "2014-12-19T01:02:03+01:00"],
    ["2014-12-19T01:02:03.1234567Z", "2014-12-19T01:02:03.123456Z"],
    ["2014-12-19T23:59:59.999999999Z", "2014-12-19T23:59:59.999999Z"],
    ["2014-12-19T01:02:03,25Z", "2014-12-19T01:02:03.25Z"],
    ["20141219T010203Z", "2014-12-19T01:02:03Z"],
    ["20141219T0102", "2014-12-19T01:02:00Z"],
    ["20141219T010203.5+0100", "2014-12-19T01:02:03.5+01:00"],
  ])("%s is %s", (text, instant) => {
    const { value, deviations } = read(taxii11.PollResponse, labelled(text));
    expect(value.inclusiveEndTimestamp).toBe(instant);
    expect(deviations).toMatchObject([{ code: "BAD_VALUE", path: "Poll_Response/Inclusive_End_Timestamp", line: 1 }]);
    expect(deviations[0]?.reason).toContain(`is taken as "${instant}"`);
    expect(() => fromXml(taxii11.PollResponse, labelled(text))).toThrow(ParseError);
  });

  it.each([
    "",
    " ",
    "yesterday",
    "2014-12-19",
    "01:02:03Z",
    "2014-13-19T00:00:00",
    "2014-02-30 00:00:00",
    "2014-12-19T25:00:00",
    "2014-12-19T23:59:60",
    "2014-12-19T00:00:00+15:00",
    "2014-1219T00:00:00Z",
    "2014-12-19T0000:00Z",
    "1418947200",
    "19/12/2014 00:00:00",
    `2014-12-19T00:00:00${" ".repeat(100)}x`,
  ])("%j is none, and left out", (text) => {
    const { value, deviations } = read(taxii11.PollResponse, labelled(text));
    expect(value).not.toHaveProperty("inclusiveEndTimestamp");
    expect(deviations).toMatchObject([{ code: "BAD_VALUE", reason: expect.stringContaining("is left out") as unknown }]);
  });

  it("that no strict reading takes become ones that it takes, and never move", () => {
    const part = (most: number): fc.Arbitrary<string> => fc.integer({ min: 0, max: most }).map((value) => String(value).padStart(2, "0"));
    const text = fc
      .tuple(
        fc.constantFrom("2014-12-19", "20141219"),
        fc.constantFrom("T", "t", " "),
        part(23),
        part(59),
        fc.option(part(59), { nil: undefined }),
        fc.option(fc.stringMatching(/^[0-9]{1,9}$/), { nil: undefined }),
        fc.constantFrom("", "Z", "z", " UTC", "+00", "-0000", "+00:00"),
      )
      .map(([date, t, hour, minute, second, fraction, zone]) => {
        const colon = date.includes("-") ? ":" : "";
        const tail = second === undefined ? "" : `${colon}${second}${fraction === undefined ? "" : `.${fraction}`}`;
        return {
          text: `${date}${t}${hour}${colon}${minute}${tail}${zone}`,
          hour,
          minute,
          second: second ?? "00",
          fraction: fraction ?? "",
        };
      });
    fc.assert(
      fc.property(text, ({ text: sent, hour, minute, second, fraction }) => {
        const { value } = read(taxii11.PollResponse, labelled(sent));
        const digits = sent.includes(".") ? `.${fraction.slice(0, 6)}` : "";
        expect(Date.parse(value.inclusiveEndTimestamp ?? "")).toBe(Date.parse(`2014-12-19T${hour}:${minute}:${second}${digits}Z`));
      }),
    );
  });

  it("are short, however long a text is", () => {
    expect(timestampOf("2014-12-19 00:00:00")).toBe("2014-12-19T00:00:00Z");
    expect(timestampOf("2014-12-19 00:00:00".padEnd(1_000_000))).toBeUndefined();
  });
});

describe("booleans, numbers and closed lists", () => {
  it.each([
    ["True", true],
    ["TRUE", true],
    [" Yes ", true],
    ["on", true],
    ["t", true],
    ["FALSE", false],
    ["no", false],
    ["Off", false],
    ["n", false],
  ])("more=%j is %s", (text, more) => {
    const { value, deviations } = read(taxii11.PollResponse, response11("", `more="${text}"`));
    expect(value.more).toBe(more);
    expect(deviations).toMatchObject([{ code: "BAD_VALUE", path: "Poll_Response" }]);
  });

  it.each(["1", "0", "true", " false "])("[XML-GEN-010] more=%j is no deviation", (text) => {
    expect(read(taxii11.PollResponse, response11("", `more="${text}"`)).deviations).toEqual([]);
  });

  it.each([
    ["+ 5", 5],
    ["5.0", 5],
    ["5.", 5],
    ["\u00a05\u00a0", 5],
  ])("result_part_number=%j is %d", (text, part) => {
    const { value, deviations } = read(taxii11.PollResponse, response11("", `result_part_number="${text}"`));
    expect(value.resultPartNumber).toBe(part);
    expect(deviations).toMatchObject([{ code: "BAD_VALUE" }]);
  });

  it.each(["", "0", "-1", "1.5", "1e1", "1 2", "1,000", "one", "٥"])("result_part_number=%j means nothing: the default", (text) => {
    const { value, deviations } = read(taxii11.PollResponse, response11("", `result_part_number="${text}"`));
    expect(value.resultPartNumber).toBe(1);
    expect(deviations).toMatchObject([{ code: "BAD_VALUE", reason: expect.stringContaining("is left out") as unknown }]);
  });

  it("numbers nobody can hold stay errors", () => {
    const most = "9".repeat(40);
    for (const text of [most, `${most}`]) {
      expect(() => read(taxii11.PollResponse, response11("", `result_part_number="${text}"`))).toThrow(
        expect.objectContaining({ code: "LIMIT_EXCEEDED" }),
      );
    }
    expect(read(taxii11.PollResponse, response11("", `result_part_number="${most}.0"`)).value.resultPartNumber).toBe(1);
  });

  it("closed lists are known in small letters, with blanks and hyphens", () => {
    const { value } = read(
      taxii11.CollectionInformationResponse,
      message11(
        "Collection_Information_Response",
        `message_id="1" in_response_to="2"`,
        `<Collection collection_name="a" collection_type=" data set "><Description/></Collection>
         <Collection collection_name="b" collection_type="Data-Set"><Description/></Collection>
         <Collection collection_name="c" collection_type="DATA_LAKE"><Description/></Collection>
         <Collection collection_name="d" available="null"><Description/></Collection>`,
      ),
    );
    expect(value.collections.map(({ collectionType }) => collectionType)).toEqual(["DATA_SET", "DATA_SET", "DATA_FEED", "DATA_FEED"]);
    expect(value.collections[3]).not.toHaveProperty("available");
  });

  it("what is of no known kind is left out, where its parent can do without", () => {
    const instance = (type: string): string =>
      `<Service_Instance ${type} service_version="v"><Protocol_Binding>p</Protocol_Binding><Address>a</Address><Message_Binding>m</Message_Binding></Service_Instance>`;
    const { value, deviations } = read(
      taxii11.DiscoveryResponse,
      message11(
        "Discovery_Response",
        `message_id="1" in_response_to="2"`,
        instance(`service_type="FEED_MANAGEMENT"`) + instance("") + instance(`service_type="poll"`),
      ),
    );
    expect(value.serviceInstances.map(({ serviceType }) => serviceType)).toEqual(["POLL"]);
    expect(deviations.map(({ code, path }) => [code, path])).toEqual([
      ["BAD_VALUE", "Discovery_Response/Service_Instance[1]"],
      ["BAD_VALUE", "Discovery_Response/Service_Instance[1]"],
      ["MISSING_ATTRIBUTE", "Discovery_Response/Service_Instance[2]"],
      ["BAD_VALUE", "Discovery_Response/Service_Instance[3]"],
    ]);
    expect(deviations[1]?.reason).toMatch(/is "FEED_MANAGEMENT"; expected one of .*; the element is left out$/);
  });

  it("a count that is none is left out, a subscription of unknown status as well", () => {
    expect(read(taxii11.PollResponse, response11("<Record_Count>many</Record_Count>")).value).not.toHaveProperty("recordCount");
    const subscription = (status: string): string => `<Subscription status="${status}"><Subscription_ID>s</Subscription_ID></Subscription>`;
    const { value } = read(
      taxii11.SubscriptionManagementResponse,
      message11(
        "Subscription_Management_Response",
        `message_id="1" in_response_to="2" collection_name="c"`,
        subscription("CANCELLED") + subscription("paused") + subscription(""),
      ),
    );
    expect(value.subscriptions.map(({ status }) => status)).toEqual(["PAUSED", "ACTIVE"]);
  });

  it.each([
    ["action", message11("Subscription_Management_Request", `message_id="1" collection_name="c" action="CANCEL"`), "BAD_VALUE"],
    ["action", message10("Subscription_Management_Request", `message_id="1" feed_name="f"`), "MISSING_ATTRIBUTE"],
    ["result_id", message11("Poll_Fulfillment", `message_id="1" collection_name="c" result_part_number="1"`), "MISSING_ATTRIBUTE"],
  ])("%s is not invented", (attribute, document, code) => {
    const all = [...taxii11.messages, ...taxii10.messages];
    const fault = (lenient: boolean): unknown => {
      try {
        return fromXml(all, document, { lenient });
      } catch (error) {
        return error;
      }
    };
    expect(fault(true)).toMatchObject({ code, message: expect.stringContaining(attribute) as unknown });
    expect(fault(true)).toEqual(fault(false));
  });
});

describe("identifiers", () => {
  it("are kept as sent", () => {
    const document = message11(
      "Poll_Response",
      `message_id="a b#c#d" in_response_to="%zz" collection_name="http://[x" result_id="://"`,
      `<Subscription_ID> 50% </Subscription_ID>`,
    );
    const { value, deviations } = read(taxii11.PollResponse, document);
    expect(value).toMatchObject({
      messageId: "a b#c#d",
      inResponseTo: "%zz",
      collectionName: "http://[x",
      resultId: "://",
      subscriptionId: "50%",
    });
    expect(deviations).toHaveLength(5);
    expect(deviations[1]?.reason).toBe('the attribute in_response_to of <Poll_Response> is "%zz" and is kept so; expected a URI');
  });

  it("of 1.0 need not be digits", () => {
    const { value, deviations } = read(taxii10.DiscoveryRequest, message10("Discovery_Request", `message_id="urn:uuid:1"`));
    expect(value.messageId).toBe("urn:uuid:1");
    expect(deviations).toHaveLength(1);
  });
});

describe("what is missing", () => {
  it("has a stand-in that its type takes", () => {
    const { value, deviations } = read(taxii11.PollResponse, message11("Poll_Response", "", "<Content_Block/>"));
    expect(value).toEqual({
      $type: "taxii11.PollResponse",
      messageId: "0",
      inResponseTo: "0",
      collectionName: "",
      more: false,
      resultPartNumber: 1,
      contentBlocks: [{ contentBinding: { bindingId: "" }, content: { text: "" } }],
    });
    expect(deviations.map(({ code, reason, path }) => [code, reason, path])).toEqual([
      ["MISSING_ATTRIBUTE", '<Poll_Response> lacks the attribute message_id; expected a URI; "0" stands for it', "Poll_Response"],
      ["MISSING_ATTRIBUTE", '<Poll_Response> lacks the attribute in_response_to; expected a URI; "0" stands for it', "Poll_Response"],
      ["MISSING_ATTRIBUTE", '<Poll_Response> lacks the attribute collection_name; expected a URI; "" stands for it', "Poll_Response"],
      [
        "MISSING_ELEMENT",
        "<Content_Block> ends without a usable <Content_Binding>; an empty one stands for it",
        "Poll_Response/Content_Block[1]",
      ],
      ["MISSING_ELEMENT", "<Content_Block> ends without a usable <Content>; an empty one stands for it", "Poll_Response/Content_Block[1]"],
    ]);
  });

  it("never makes a success of a status", () => {
    for (const [shape, document] of [
      [taxii11.StatusMessage, message11("Status_Message", "", "<Message>ok</Message>")],
      [taxii10.StatusMessage, message10("Status_Message", "", "<Message>ok</Message>")],
    ] as const) {
      expect(read(shape as Shape<object>, document).value).toMatchObject({
        messageId: "0",
        inResponseTo: "0",
        statusType: "FAILURE",
        message: "ok",
      });
    }
  });

  it("may be all there is", () => {
    const empty = ["Service_Instance", "Collection", "Feed", "Subscription", "Source_Subscription", "Push_Parameters", "Poll_Parameters"];
    const inside = empty.map((name) => `<${name}/>`).join("");
    let readable = 0;
    for (const shape of [...taxii11.messages, ...taxii10.messages]) {
      const document = `<${shape.element} xmlns="${shape.namespace}" action="STATUS" result_id="r">${inside}<Extended_Headers/><Status_Detail/></${shape.element}>`;
      expect(typeFaults(shape.schema, read(shape, document).value), shape.name).toEqual([]);
      readable++;
    }
    expect(readable).toBe(21);
  });

  it("of a timestamp 1.0 requires is empty, no instant", () => {
    for (const end of ["", "<Inclusive_End_Timestamp/>", "<Inclusive_End_Timestamp>now</Inclusive_End_Timestamp>"]) {
      const { value, deviations } = read(
        taxii10.PollResponse,
        message10("Poll_Response", `message_id="1" in_response_to="2" feed_name="f"`, end),
      );
      expect(value.inclusiveEndTimestamp).toBe("");
      expect(deviations.at(-1)).toMatchObject({
        code: "MISSING_ELEMENT",
        reason: '<Poll_Response> ends without a usable <Inclusive_End_Timestamp>; "" stands for it',
      });
    }
  });

  it("of a choice is only reported", () => {
    const { value, deviations } = read(taxii11.PollRequest, message11("Poll_Request", `message_id="1" collection_name="c"`));
    expect(value).toEqual({ $type: "taxii11.PollRequest", messageId: "1", collectionName: "c" });
    expect(deviations).toMatchObject([{ code: "MISSING_ELEMENT", reason: expect.stringContaining("<Poll_Parameters>") as unknown }]);
  });
});
