import { describe, expect, test } from "vitest";
import { z } from "zod";
import { Criteria, DefaultQuery } from "../../generated/default-query/index.js";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { Signature } from "../../generated/xmldsig/index.js";
import { attr, elem, nonNegativeInteger, seq, shape, string } from "../../src/binding/index.js";
import { markDefaulted } from "../../src/codec/defaulted.js";
import { isoFormat, spacedFormat } from "../../src/codec/iso-format.js";
import { toText } from "../../src/codec/text.js";
import { pythonFloat, pythonString } from "../../src/codec/text-python.js";
import { defaultQueryFormats as formats } from "../../src/message/query-formats.js";

const block = (content: taxii11.ContentBlock["content"]): taxii11.ContentBlock => ({
  contentBinding: { bindingId: "b", subtype: { subtypeId: "s" } },
  content,
});

describe("toText", () => {
  test("shows a message as libtaxii does", () => {
    const response: taxii11.PollResponse = {
      $type: "taxii11.PollResponse",
      messageId: "1",
      inResponseTo: "2",
      collectionName: "c",
      more: true,
      resultId: "r",
      resultPartNumber: 1,
      inclusiveEndTimestamp: "2014-12-19T00:00:00.5Z",
      recordCount: { value: 2, partialCount: false },
      contentBlocks: [{ ...block({ text: "😀" }), timestampLabel: "2014-12-19T00:00:00Z" }, block({ xml: "<ä/>" })],
    };
    expect(toText(taxii11.PollResponse, response)).toBe(
      [
        "Message Type: Poll_Response",
        "Message ID: 1; In Response To: 2",
        "  Collection Name: c",
        "  More: True",
        "  Result ID: r",
        "  Result Part Num: 1",
        "  === Record Count ===",
        "    Record Count: 2",
        "  Incl. End TS Label: 2014-12-19T00:00:00.500000+00:00",
        "  === Content Block ===",
        "    Content Binding: b>s",
        "    Content length: 1",
        "    (Content not printed for brevity)",
        "    Timestamp Label: 2014-12-19 00:00:00+00:00",
        "    Message: None",
        "    Padding: None",
        "  === Content Block ===",
        "    Content Binding: b>s",
        "    Content length: 5",
        "    (Content not printed for brevity)",
        "    Message: None",
        "    Padding: None",
        "",
      ].join("\n"),
    );
  });

  test("repeats lines for lists, and has words for empty ones", () => {
    const service: taxii11.ServiceInstance = {
      serviceType: "INBOX",
      serviceVersion: "v",
      protocolBinding: "p",
      address: "a",
      messageBindings: ["m", "n"],
      supportedQueries: [],
      contentBindings: [],
    };
    expect(toText(taxii11.ServiceInstance, service)).toContain(
      "  Message Binding: m\n  Message Binding: n\n  Inbox Service AC: []\n  Available: None\n",
    );
    expect(toText(taxii11.ServiceInstance, { ...service, serviceType: "POLL" })).not.toContain("Inbox Service AC");
    const request: taxii10.PollRequest = { $type: "taxii10.PollRequest", messageId: "1", feedName: "f", contentBindings: [] };
    expect(toText(taxii10.PollRequest, request)).toContain("  Content Binding: Any Content\n");
    expect(toText(taxii10.PollRequest, { ...request, contentBindings: ["b"] })).not.toContain("Any Content");
  });

  test("shows what was filled in as absent, but for what libtaxii knows the default of", () => {
    const collection: taxii11.CollectionRecord = {
      collectionName: "c",
      collectionType: "DATA_FEED",
      description: "",
      contentBindings: [],
      pushMethods: [],
      pollingServices: [],
      subscriptionServices: [],
      receivingInboxServices: [],
    };
    markDefaulted(collection, "collectionType");
    expect(toText(taxii11.CollectionRecord, collection)).toContain("  Collection Type: DATA_FEED\n");
    const subscription: taxii11.SubscriptionRecord = { status: "ACTIVE", subscriptionId: "s", pollInstances: [] };
    expect(toText(taxii11.SubscriptionRecord, subscription)).toContain("  Status: ACTIVE\n");
    markDefaulted(subscription, "status");
    expect(toText(taxii11.SubscriptionRecord, subscription)).toContain("  Status: None\n");
  });

  test("shows details with the types of libtaxii, and lists in Python's notation", () => {
    const detail = (name: string, text: string): taxii11.StatusDetailDetail => ({ name, content: { text } });
    const status = (statusType: string, ...details: taxii11.StatusDetailDetail[]): string =>
      toText(taxii11.StatusMessage, {
        $type: "taxii11.StatusMessage",
        messageId: "1",
        inResponseTo: "2",
        statusType,
        statusDetail: { details },
      });
    expect(status("PENDING", detail("ESTIMATED_WAIT", "1"), detail("ESTIMATED_WAIT", "2"), detail("WILL_PUSH", "true"))).toContain(
      "Status Detail: ESTIMATED_WAIT = [1, 2]\nStatus Detail: WILL_PUSH = True\n",
    );
    expect(status("x", detail("a", "it's"), detail("a", "2"))).toContain(`Status Detail: a = ["it's", '2']\n`);
    expect(status("UNSUPPORTED_TARGETING_EXPRESSION", detail("ALLOWED_SCOPE", "**"))).toContain("Status Detail: ALLOWED_SCOPE = ['**']\n");
    expect(status("UNSUPPORTED_CONTENT", detail("SUPPORTED_CONTENT", "b>s"))).toContain("Status Detail: SUPPORTED_CONTENT = b>s\n");
  });

  test("shows queries of known formats, and of others the format", () => {
    const xml = `<q:Default_Query xmlns:q="${DefaultQuery.namespace}" targeting_expression_id="t"><q:Criteria operator="AND"/></q:Default_Query>`;
    const query = { formatId: "urn:taxii.mitre.org:query:default:1.0", content: { xml } };
    const format = "=== Query ===\n  Query Format: urn:taxii.mitre.org:query:default:1.0\n";
    expect(toText(taxii11.Query, query, { formats })).toBe(`${format}  Targeting Expression ID: t\n=== Criteria ===\n  Operator: AND\n`);
    expect(toText(taxii11.Query, query)).toBe(format);
    expect(toText(taxii11.Query, { ...query, content: { xml: "<other/>" } }, { formats })).toBe(format);
  });

  test("names elements of one type by the element", () => {
    const contact = { protocolBinding: "p", address: "a", messageBindings: ["m"] };
    expect(toText(taxii11.ServiceContactInfo, contact)).toBe(
      "=== Polling Service Instance ===\n  Poll Protocol: p\n  Poll Address: a\n  Message Binding: m\n",
    );
    expect(toText(taxii11.ServiceContactInfo, contact, { element: "Poll_Instance" })).toBe(
      "=== Poll Instance ===\n  Protocol Binding: p\n  Address: a\n  Message Binding: m\n",
    );
  });

  test("has lines for types that nobody laid out", () => {
    interface Part {
      size: number;
    }
    const Part = shape<Part, Part>({
      name: "acme.Part",
      namespace: "urn:acme",
      type: "PartType",
      element: "Part",
      role: "component",
      fields: () => [attr("size", "part_size", nonNegativeInteger, { required: true })],
      schema: () => z.object({ size: z.number() }),
    });
    interface Order {
      $type: "acme.Order";
      orderId?: string;
      part: Part;
    }
    const Order = shape<Order, Order>({
      name: "acme.Order",
      namespace: "urn:acme",
      type: "OrderType",
      element: "New_Order",
      role: "message",
      fields: () => [attr("orderId", "order_id", string), elem("part", "Part", () => Part)],
      model: () => seq("Part"),
      schema: () => z.object({ $type: z.literal("acme.Order"), orderId: z.string(), part: Part.schema }),
    });
    expect(toText(Order, { $type: "acme.Order", part: { size: 3 } })).toBe(
      "Message Type: New_Order\n  order id: None\n  === Part ===\n    part size: 3\n",
    );
    expect(
      toText(Signature, {
        signedInfo: {
          canonicalizationMethod: { algorithm: "c", content: { text: "" } },
          signatureMethod: { algorithm: "s", content: { text: "" } },
          references: [],
        },
        signatureValue: { value: "AA==" },
        objects: [],
      }),
    ).toContain("=== Signature ===\n");
  });

  test("ends where objects do not", () => {
    const criteria: Criteria = { operator: "AND", items: [] };
    criteria.items.push({ criteria });
    expect(toText(Criteria, criteria).startsWith("=== Criteria ===\n  Operator: AND\n  === Criteria ===\n")).toBe(true);
  });
});

describe("Python's notation", () => {
  test.each([
    ["2014-12-19T00:00:00Z", "2014-12-19T00:00:00+00:00"],
    ["2014-12-19T00:00:00-00:00", "2014-12-19T00:00:00+00:00"],
    ["2014-12-19T00:00:00.1+05:30", "2014-12-19T00:00:00.100000+05:30"],
    ["2014-12-19T00:00:00.000Z", "2014-12-19T00:00:00+00:00"],
    ["2014-12-19T00:00:00", "2014-12-19T00:00:00"],
    ["2014-12-19T24:00:00Z", "2014-12-19T24:00:00Z"],
    ["-0044-03-15T00:00:00Z", "-0044-03-15T00:00:00Z"],
    ["12014-12-19T00:00:00Z", "12014-12-19T00:00:00Z"],
    ["2014-12-19T00:00:00.1234567Z", "2014-12-19T00:00:00.1234567Z"],
    ["yesterday", "yesterday"],
  ])("of the date %s is %s", (text, expected) => {
    expect(isoFormat(text)).toBe(expected);
    expect(spacedFormat(text)).toBe(expected === text && text !== "2014-12-19T00:00:00" ? text : expected.replace("T", " "));
  });

  test.each([
    [10, "10.0"],
    [-0.25, "-0.25"],
    [-0, "-0.0"],
    [1e16, "1e+16"],
    [9999999999999998, "9999999999999998.0"],
    [0.0001, "0.0001"],
    [0.00001, "1e-05"],
    [1.5e300, "1.5e+300"],
  ])("of the number %d is %s", (value, expected) => {
    expect(pythonFloat(value)).toBe(expected);
  });

  test.each([
    ["a", "'a'"],
    ["it's", `"it's"`],
    [`'"`, `'\\'"'`],
    ["a\\b\n\t\r", "'a\\\\b\\n\\t\\r'"],
    ["\u0000\u00a0\u200b\u{e0001}ü😀 ", "'\\x00\\xa0\\u200b\\U000e0001ü😀 '"],
  ])("of the string %j is %s", (text, expected) => {
    expect(pythonString(text)).toBe(expected);
  });
});
