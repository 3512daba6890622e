/** Lenient reading: elements and attributes that are not where, or as often as, the schema has them. */

import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { fromXml, ParseError, toXml } from "../../src/index.js";
import { message10, message11, ns10, ns11, read, response11 } from "./lenient-reading.js";

const messages = [...taxii11.messages, ...taxii10.messages];
const request11 = (inside: string): string => message11("Poll_Request", `message_id="1" collection_name="c"`, inside);

describe("children in another order", () => {
  it("are read, and reported where they stand", () => {
    const document = request11(`
      <Poll_Parameters><Content_Binding binding_id="urn:x"/><Response_Type>COUNT_ONLY</Response_Type></Poll_Parameters>
      <Inclusive_End_Timestamp>2014-12-20T00:00:00Z</Inclusive_End_Timestamp>
      <Exclusive_Begin_Timestamp>2014-12-19T00:00:00Z</Exclusive_Begin_Timestamp>`);
    const { value, deviations } = read(taxii11.PollRequest, document);
    expect(value).toEqual({
      $type: "taxii11.PollRequest",
      messageId: "1",
      collectionName: "c",
      exclusiveBeginTimestamp: "2014-12-19T00:00:00Z",
      inclusiveEndTimestamp: "2014-12-20T00:00:00Z",
      pollParameters: {
        allowAsynch: false,
        responseType: "COUNT_ONLY",
        contentBindings: [{ bindingId: "urn:x", subtypes: [] }],
      },
    });
    expect(deviations).toEqual([
      {
        code: "UNEXPECTED_ELEMENT",
        reason: "<Response_Type> cannot come here but is read; expected <Content_Binding>, <Query>, <Delivery_Parameters>",
        line: 2,
        column: 61,
        path: "Poll_Request/Poll_Parameters/Response_Type",
      },
      {
        code: "UNEXPECTED_ELEMENT",
        reason: "<Inclusive_End_Timestamp> cannot come here but is read; expected <Signature>",
        line: 3,
        column: 7,
        path: "Poll_Request/Inclusive_End_Timestamp",
      },
      {
        code: "UNEXPECTED_ELEMENT",
        reason: "<Exclusive_Begin_Timestamp> cannot come here but is read; expected <Signature>",
        line: 4,
        column: 7,
        path: "Poll_Request/Exclusive_Begin_Timestamp",
      },
    ]);
  });

  it.each(["\n", "\r\n", "\r"])("are reported in their line, also where lines end with %j", (end) => {
    const document = response11(["<Content_Block>", " <Content>", "x</Content>", " <odd", "/> <odd/>", "</Content_Block>"].join(end));
    expect(read(taxii11.PollResponse, document).deviations.map(({ line, column }) => [line, column])).toEqual([
      [2, 2],
      [4, 2],
      [5, 4],
      [6, 1],
    ]);
  });

  it("lose nothing when required ones come late", () => {
    const { value, deviations } = read(
      taxii11.DiscoveryResponse,
      message11(
        "Discovery_Response",
        `message_id="1" in_response_to="2"`,
        `<Service_Instance service_type="POLL" service_version="urn:v">
           <Message>m</Message><Message_Binding>urn:b</Message_Binding><Address>http://a/</Address><Protocol_Binding>urn:p</Protocol_Binding>
         </Service_Instance>`,
      ),
    );
    expect(value.serviceInstances).toEqual([
      {
        serviceType: "POLL",
        serviceVersion: "urn:v",
        protocolBinding: "urn:p",
        address: "http://a/",
        messageBindings: ["urn:b"],
        supportedQueries: [],
        contentBindings: [],
        message: "m",
      },
    ]);
    expect(deviations.map(({ code }) => code)).toEqual(Array.from({ length: 4 }, () => "UNEXPECTED_ELEMENT"));
  });

  it("may come behind the content blocks", () => {
    const block = `<Content_Block><Content>x</Content><Content_Binding binding_id="urn:x"/></Content_Block>`;
    const { value } = read(taxii11.PollResponse, response11(`${block}<Message>m</Message><Record_Count>1</Record_Count>`));
    expect(value).toMatchObject({
      message: "m",
      recordCount: { value: 1, partialCount: false },
      contentBlocks: [{ contentBinding: { bindingId: "urn:x" }, content: { text: "x" } }],
    });
  });
});

describe("children that are repeated", () => {
  it("count once, the first time", () => {
    const { value, deviations } = read(
      taxii11.PollResponse,
      response11(
        "<Record_Count>1</Record_Count><Message>a</Message><Message>b</Message><Message>a</Message><Record_Count>2</Record_Count>",
      ),
    );
    expect(value).toMatchObject({ message: "a", recordCount: { value: 1 } });
    expect(deviations.map(({ code, reason }) => [code, reason])).toEqual([
      ["UNEXPECTED_ELEMENT", '<Message> is repeated with another value, "b"; the first one counts'],
      ["UNEXPECTED_ELEMENT", "<Message> is repeated with the same value; the first one counts"],
      ["UNEXPECTED_ELEMENT", "<Record_Count> is repeated; the first one counts"],
    ]);
  });

  it("count from the first that can be read", () => {
    const { value } = read(
      taxii11.PollResponse,
      response11(
        "<Inclusive_End_Timestamp/><Inclusive_End_Timestamp>soon</Inclusive_End_Timestamp><Inclusive_End_Timestamp>2014-12-19T00:00:00Z</Inclusive_End_Timestamp>",
      ),
    );
    expect(value.inclusiveEndTimestamp).toBe("2014-12-19T00:00:00Z");
  });

  it("[SIG-MSG-003] keep the first content and the first signature", () => {
    const signature = (name: string): string => `<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#" Id="${name}"/>`;
    const { value } = read(
      taxii11.PollResponse,
      response11(
        `<Content_Block><Content_Binding binding_id="urn:x"/><Content><a/></Content><Content><b/></Content>${signature("a")}${signature("b")}</Content_Block>`,
      ),
    );
    expect(value.contentBlocks).toEqual([
      { contentBinding: { bindingId: "urn:x" }, content: { xml: `<a xmlns="${ns11}"/>` }, signature: { xml: signature("a") } },
    ]);
  });

  it("are both kept where the schema has a choice", () => {
    const { value, deviations } = read(taxii11.PollRequest, request11("<Poll_Parameters/><Subscription_ID>s</Subscription_ID>"));
    expect(value).toMatchObject({ subscriptionId: "s", pollParameters: { responseType: "FULL" } });
    expect(deviations).toHaveLength(1);
  });
});

describe("names", () => {
  it("[XML-GEN-016] are left out when nobody knows them, elements and attributes", () => {
    const document = response11(
      `<Odd><Message>no</Message></Odd><x:Odd xmlns:x="urn:x"/><Message>yes</Message>`,
      `odd="1" xmlns:y="urn:y" y:odd="2"`,
    );
    const { value, deviations } = read(taxii11.PollResponse, document);
    expect(value).toEqual(fromXml(taxii11.PollResponse, response11("<Message>yes</Message>")));
    expect(deviations.map(({ code, reason, path }) => [code, reason.split(";")[0], path])).toEqual([
      ["UNEXPECTED_ATTRIBUTE", "<Poll_Response> cannot have the attribute odd", "Poll_Response"],
      ["UNEXPECTED_ATTRIBUTE", "<Poll_Response> cannot have the attribute odd", "Poll_Response"],
      ["UNEXPECTED_ELEMENT", "<Odd> cannot come here and is left out", "Poll_Response/Odd"],
      ["UNEXPECTED_ELEMENT", "<Odd> cannot come here and is left out", "Poll_Response/Odd"],
    ]);
    expect(() => fromXml(taxii11.PollResponse, document)).toThrow(ParseError);
  });

  it.each([
    ["no namespace", `xmlns=""`],
    ["the other version's namespace", `xmlns="${ns10}"`],
    ["a namespace nobody knows", `xmlns="urn:x"`],
  ])("are known in %s", (_, declaration) => {
    const document = response11(
      `<Message ${declaration}>m</Message><Content_Block ${declaration}><Content_Binding binding_id="urn:b"/><Content>c</Content></Content_Block>`,
    );
    const { value, deviations } = read(taxii11.PollResponse, document);
    expect(value).toEqual(
      fromXml(
        taxii11.PollResponse,
        response11(`<Message>m</Message><Content_Block><Content_Binding binding_id="urn:b"/><Content>c</Content></Content_Block>`),
      ),
    );
    expect(deviations).toHaveLength(4);
    expect(deviations[0]).toMatchObject({
      code: "UNEXPECTED_ELEMENT",
      reason: expect.stringMatching(/^<Message> is in .*; expected http.*-1\.1$/) as unknown,
    });
  });

  it("of a signature stay in its namespace", () => {
    const { value, deviations } = read(taxii11.PollResponse, response11("<Signature/>"));
    expect(value).not.toHaveProperty("signature");
    expect(deviations).toMatchObject([{ code: "UNEXPECTED_ELEMENT", path: "Poll_Response/Signature" }]);
  });

  it("within a signature are the signer's", () => {
    const xsi = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
    for (const attributes of [`xmlns:x="urn:x" x:Id="a"`, `${xsi} xsi:nil="true"`]) {
      const document = response11(`<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#" ${attributes}/>`);
      expect(read(taxii11.PollResponse, document)).toEqual({ value: fromXml(taxii11.PollResponse, document), deviations: [] });
    }
  });

  it("of attributes may have a prefix", () => {
    const root = `<t:Poll_Response xmlns:t="${ns11}" t:message_id="1" t:in_response_to="2" t:collection_name="c" t:more="1">`;
    const count = `<t:Record_Count t:partial_count="true">5</t:Record_Count>`;
    const { value, deviations } = read(taxii11.PollResponse, `${root}${count}</t:Poll_Response>`);
    expect(value).toMatchObject({ messageId: "1", inResponseTo: "2", collectionName: "c", more: true });
    expect(value.recordCount).toEqual({ partialCount: true, value: 5 });
    expect(deviations.map(({ code }) => code)).toEqual(Array.from({ length: 5 }, () => "UNEXPECTED_ATTRIBUTE"));
    expect(deviations[0]?.reason).toBe(`<Poll_Response> has the attribute message_id in the namespace "${ns11}"; expected it in none`);
  });

  it("of attributes count without prefix where there are both", () => {
    const document = `<t:Discovery_Request xmlns:t="${ns11}" t:message_id="1" message_id="2"/>`;
    expect(read(taxii11.DiscoveryRequest, document)).toMatchObject({
      value: { messageId: "2" },
      deviations: [{ code: "UNEXPECTED_ATTRIBUTE" }],
    });
  });

  it("of the root decide what it is", () => {
    for (const document of [`<Poll_Response message_id="1"/>`, `<Poll_Response xmlns="${ns11}/"/>`, "<html/>"]) {
      expect(() => read(messages, document)).toThrow(expect.objectContaining({ code: "UNKNOWN_MESSAGE" }));
    }
    expect(() => read(taxii11.PollResponse, message11("Status_Message", ""))).toThrow(expect.objectContaining({ code: "UNKNOWN_MESSAGE" }));
  });
});

describe("text and types", () => {
  it("of text between elements nothing is kept", () => {
    const { value, deviations } = read(taxii11.PollResponse, response11("a<Message>m</Message>&amp;<![CDATA[b]]>"));
    expect(value).toEqual(fromXml(taxii11.PollResponse, response11("<Message>m</Message>")));
    expect(deviations.every(({ code }) => code === "UNEXPECTED_TEXT")).toBe(true);
    expect(deviations.length).toBeGreaterThan(1);
  });

  it("of elements within a text nothing is kept", () => {
    const { value, deviations } = read(taxii11.PollResponse, response11("<Message>a<b>c</b>d</Message>"));
    expect(value.message).toBe("ad");
    expect(deviations).toMatchObject([{ code: "UNEXPECTED_ELEMENT", path: "Poll_Response/Message/b" }]);
  });

  it("of xsi:type nothing is believed", () => {
    const xsi = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
    const { value, deviations } = read(
      taxii11.PollResponse,
      response11(`<Message ${xsi} xsi:type="xs:string">m</Message>`, `${xsi} xsi:type="Odd"`),
    );
    expect(value.message).toBe("m");
    expect(deviations.map(({ code }) => code)).toEqual(["BAD_TYPE", "BAD_TYPE"]);
  });

  it("of what says that it is nil nothing is there", () => {
    const xsi = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`;
    const { value, deviations } = read(
      taxii11.PollRequest,
      request11(`<Subscription_ID ${xsi} xsi:nil="true"/><Poll_Parameters><Query ${xsi} xsi:nil=" 1 " format_id="q"/></Poll_Parameters>`),
    );
    expect(value).not.toHaveProperty("subscriptionId");
    expect(value.pollParameters).not.toHaveProperty("query");
    expect(deviations.filter(({ reason }) => reason.includes("says that it is nil"))).toHaveLength(2);
  });

  it("content is the sender's, whatever is around it", () => {
    const inside = `<a b='1'  c="2"><!-- x --><![CDATA[&#1;]]>&#65;</a> <Content_Block/>\r\n`;
    const block = `<Content_Block><Content>${inside}</Content><Content_Binding binding_id="urn:x"/></Content_Block>`;
    const valid = `<Content_Block><Content_Binding binding_id="urn:x"/><Content>${inside}</Content></Content_Block>`;
    expect(read(taxii11.PollResponse, response11(block)).value.contentBlocks).toEqual(
      fromXml(taxii11.PollResponse, response11(valid)).contentBlocks,
    );
  });

  it("content inherits xml:lang of what is around it, where it has none of its own", () => {
    const document = response11(
      `<Content_Block xml:lang="en"><Content_Binding binding_id="urn:x"/><Content xml:space="preserve"><a xmlns="urn:a"/><b xmlns="urn:a" xml:lang="fr"/></Content></Content_Block>`,
    );
    const { value, deviations } = read(taxii11.PollResponse, document);
    expect(value.contentBlocks[0]?.content).toEqual({
      xml: `<a xml:lang="en" xml:space="preserve" xmlns="urn:a"/><b xml:space="preserve" xmlns="urn:a" xml:lang="fr"/>`,
    });
    expect(deviations.map(({ code }) => code)).toEqual(["UNEXPECTED_ATTRIBUTE", "UNEXPECTED_ATTRIBUTE"]);
    expect(fromXml(taxii11.PollResponse, toXml(taxii11.PollResponse, value))).toEqual(value);
  });

  it("the same holds for TAXII 1.0", () => {
    const { value, deviations } = read(
      taxii10.PollResponse,
      message10(
        "Poll_Response",
        `message_id="urn:a" in_response_to=" 7 " feed_name="f"`,
        `<Content_Block><Content>c</Content><Content_Binding>urn:b</Content_Binding></Content_Block><odd/>
         <Inclusive_End_Timestamp>2014-12-19T00:00:00</Inclusive_End_Timestamp><Message>m</Message>`,
      ),
    );
    expect(value).toEqual({
      $type: "taxii10.PollResponse",
      messageId: "urn:a",
      inResponseTo: "7",
      feedName: "f",
      message: "m",
      inclusiveEndTimestamp: "2014-12-19T00:00:00Z",
      contentBlocks: [{ contentBinding: "urn:b", content: { text: "c" } }],
    });
    expect(deviations.length).toBeGreaterThan(4);
  });
});
