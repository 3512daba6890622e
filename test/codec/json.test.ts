import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import { Criteria, DefaultQuery, DefaultQueryInfo, Test } from "../../generated/default-query/index.js";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { isChecked, isXmlContent } from "../../src/binding/content.js";
import type { Shape } from "../../src/binding/index.js";
import { fromJson, toJson, toJsonObject } from "../../src/codec/json.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { ParseError, ValidationError } from "../../src/errors.js";
import { defaultQueryFormats as formats } from "../../src/message/query-formats.js";
import { valuesOf } from "./json-arbitrary.js";

const {
  ContentBlock,
  DiscoveryRequest,
  DiscoveryResponse,
  InboxMessage,
  PollRequest,
  PollResponse,
  ServiceContactInfo,
  StatusMessage,
  SubscriptionManagementRequest,
} = taxii11;

const both = [...taxii10.messages, ...taxii11.messages];

const pollRequest = {
  message_type: "Poll_Request",
  message_id: "1",
  extended_headers: {},
  collection_name: "c",
  poll_parameters: { content_bindings: [] },
};

function problem(action: () => unknown): { code: string; path: string; reason: string } {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const { code, path, reason } = error;
    return { code, path, reason };
  }
  throw new Error("expected a ParseError");
}

describe("toJson", () => {
  test("writes libtaxii's keys, nulls and types", () => {
    const request = fromXml(
      PollRequest,
      `<Poll_Request xmlns="${PollRequest.namespace}" message_id="1" collection_name="c"><Exclusive_Begin_Timestamp>2014-12-19T00:00:00.5Z</Exclusive_Begin_Timestamp><Poll_Parameters allow_asynch="1"><Content_Binding binding_id="b"><Subtype subtype_id="s"/></Content_Binding></Poll_Parameters></Poll_Request>`,
    );
    expect(toJsonObject(PollRequest, request)).toEqual({
      message_type: "Poll_Request",
      message_id: "1",
      collection_name: "c",
      extended_headers: {},
      exclusive_begin_timestamp_label: "2014-12-19T00:00:00.500000+00:00",
      poll_parameters: {
        allow_asynch: "true",
        content_bindings: [{ binding_id: "b", subtype_ids: ["s"] }],
        query: null,
        delivery_parameters: null,
      },
    });
  });

  test("leaves signatures out", () => {
    const signature = { xml: '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>' };
    expect(toJsonObject(DiscoveryRequest, { $type: "taxii11.DiscoveryRequest", messageId: "1", signature })).toEqual({
      message_type: "Discovery_Request",
      message_id: "1",
      extended_headers: {},
    });
  });

  test("names elements of one type by the element", () => {
    const contact = { protocolBinding: "p", address: "a", messageBindings: ["m"] };
    expect(toJsonObject(ServiceContactInfo, contact)).toEqual({ poll_protocol: "p", poll_address: "a", poll_message_bindings: ["m"] });
    const json = { subscription_protocol: "p", subscription_address: "a", subscription_message_bindings: ["m"] };
    expect(toJsonObject(ServiceContactInfo, contact, { element: "Subscription_Service" })).toEqual(json);
    expect(fromJson(ServiceContactInfo, json, { element: "Subscription_Service" })).toEqual(contact);
  });

  test("refuses what the schema does not allow, and says where", () => {
    const message = {
      $type: "taxii11.PollResponse" as const,
      messageId: "1",
      inResponseTo: "2",
      collectionName: "c",
      more: false,
      resultPartNumber: 0,
      contentBlocks: [{ contentBinding: { bindingId: "b" }, content: { text: "\u0000" } }],
    };
    try {
      toJson(PollResponse, message);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(ValidationError);
      if (error instanceof ValidationError)
        expect(error.issues.map(({ path }) => path)).toEqual(["resultPartNumber", "contentBlocks[0].content"]);
    }
    expect(() => toJson(PollRequest, { $type: "taxii11.PollRequest", messageId: "1", collectionName: "c" })).toThrow(
      "subscriptionId or pollParameters is missing",
    );
    expect(() => toJson(Criteria, { operator: "AND", items: [], wrong: 1 } as { operator: "AND"; items: [] })).toThrow("no such property");
  });

  test("does not follow objects without end", () => {
    const criteria: Criteria = { operator: "AND", items: [] };
    criteria.items.push({ criteria });
    expect(() => toJson(Criteria, criteria)).toThrow(ValidationError);
  });

  test("indents where asked to", () => {
    expect(toJson(Test, { capabilityId: "c", relationship: "r", parameters: [] }, { indent: 2 })).toContain('\n  "relationship": "r"');
  });
});

describe("what toJson writes, fromJson reads", () => {
  const shapes: readonly Shape<object>[] = [...taxii10.messages, ...taxii11.messages, DefaultQuery, DefaultQueryInfo];
  test.each(shapes.map((shape) => [shape.name, shape] as const))("%s", (_, shape) => {
    fc.assert(
      fc.property(valuesOf(shape), (value) => {
        expect(fromJson(shape, toJson(shape, value, { formats }), { formats })).toEqual(value);
      }),
      { numRuns: 60 },
    );
  });

  test("headers that repeat, look like URLs, like XML, or like nothing libtaxii has a form for", () => {
    const headers = [
      { name: "urn:a", content: { text: "http://example.org/" } },
      { name: "urn:a", content: { text: "" } },
      { name: "urn:b", content: { text: "<a/>" } },
      { name: "urn:c", content: { xml: "mixed <a/>" } },
      { name: "__proto__", content: { text: "harmless" } },
    ];
    const message = { $type: "taxii11.DiscoveryRequest" as const, messageId: "1", extendedHeaders: { extendedHeaders: headers } };
    const json = toJson(DiscoveryRequest, message);
    expect(toJsonObject(DiscoveryRequest, message)["extended_headers"]).toEqual(
      JSON.parse(
        '{"urn:a":["http://example.org/",""],"urn:b":{"content":"<a/>","content_is_xml":false},"urn:c":{"content":"mixed <a/>","content_is_xml":true},"__proto__":"harmless"}',
      ),
    );
    expect(fromJson(DiscoveryRequest, json)).toEqual(message);
  });

  test("queries of formats that are not known", () => {
    const xml = '<q xmlns="urn:q"/>';
    const request = fromXml(
      PollRequest,
      `<Poll_Request xmlns="${PollRequest.namespace}" message_id="1" collection_name="c"><Poll_Parameters><Query format_id="urn:q">${xml}</Query></Poll_Parameters></Poll_Request>`,
    );
    const json = toJsonObject(PollRequest, request, { formats });
    expect(json).toMatchObject({ poll_parameters: { query: { format_id: "urn:q", content: xml, content_is_xml: true } } });
    expect(fromJson(PollRequest, json, { formats })).toEqual(request);
  });

  test("a query that is not what its format says", () => {
    const query = { formatId: "urn:taxii.mitre.org:query:default:1.0", content: { xml: "<wrong/>" } };
    const json = toJsonObject(taxii11.Query, query, { formats });
    expect(json).toEqual({ format_id: query.formatId, content: "<wrong/>", content_is_xml: true });
    expect(fromJson(taxii11.Query, json, { formats })).toEqual(query);
  });

  test("a query of a known format, key by key or, without the format, as XML", () => {
    const query = {
      format_id: "urn:taxii.mitre.org:query:default:1.0",
      targeting_expression_id: "t",
      criteria: { operator: "OR", criteria: [], criterion: [criterion("greater_than", { value: 10 })] },
    };
    const typed = fromJson(taxii11.Query, query, { formats });
    expect(isXmlContent(typed.content) && isChecked(typed.content)).toBe(true);
    expect(toJsonObject(taxii11.Query, typed, { formats })).toEqual({
      ...query,
      criteria: { ...query.criteria, criterion: [{ ...criterion("greater_than", { value: 10 }), negate: null }] },
    });
    expect(toJsonObject(taxii11.Query, typed)).toMatchObject({ content_is_xml: true });
    expect(toXml(taxii11.Query, typed)).toContain('<tdq:Parameter name="value">10.0</tdq:Parameter>');
  });
});

const criterion = (relationship: string, parameters: object): object => ({
  target: "**",
  test: { capability_id: "urn:taxii.mitre.org:query:capability:core-1", relationship, parameters },
});

describe("details and parameters", () => {
  const status = (type: string, detail: object): object => ({
    message_type: "Status_Message",
    message_id: "1",
    in_response_to: "2",
    status_type: type,
    status_detail: detail,
  });

  test.each([
    [
      "PENDING",
      { ESTIMATED_WAIT: 300, RESULT_ID: "r", WILL_PUSH: true },
      [
        ["ESTIMATED_WAIT", "300"],
        ["RESULT_ID", "r"],
        ["WILL_PUSH", "true"],
      ],
    ],
    [
      "UNSUPPORTED_CONTENT",
      {
        SUPPORTED_CONTENT: [
          { binding_id: "b", subtype_ids: ["s", "t"] },
          { binding_id: "c", subtype_ids: [] },
        ],
      },
      [
        ["SUPPORTED_CONTENT", "b>s,t"],
        ["SUPPORTED_CONTENT", "c"],
      ],
    ],
    ["RETRY", { ESTIMATED_WAIT: "soon" }, [["ESTIMATED_WAIT", "soon"]]],
    [
      "SUCCESS",
      { "urn:x": ["1", "<a/>"] },
      [
        ["urn:x", "1"],
        ["urn:x", "<a/>"],
      ],
    ],
    ["constructor", { name: "x" }, [["name", "x"]]],
  ])("of %s have the types of libtaxii", (type, detail, texts) => {
    const json = status(type, detail);
    const message = fromJson(StatusMessage, json);
    expect(message.statusDetail?.details.map(({ name, content }) => [name, "text" in content ? content.text : content.xml])).toEqual(texts);
    expect(toJsonObject(StatusMessage, message)).toEqual({ ...json, extended_headers: {} });
  });

  test("keep their number where libtaxii keeps the last", () => {
    const details = [
      { name: "ITEM", content: { text: "a" } },
      { name: "ITEM", content: { text: "b" } },
    ];
    const message = {
      $type: "taxii11.StatusMessage" as const,
      messageId: "1",
      inResponseTo: "2",
      statusType: "NOT_FOUND",
      statusDetail: { details },
    };
    expect(toJsonObject(StatusMessage, message)).toMatchObject({ status_detail: { ITEM: ["a", "b"] } });
  });

  test.each([
    ["core-1", "greater_than", "1e+21", 1e21],
    ["core-1", "greater_than", "10", 10],
    ["core-1", "greater_than", "0.10000000000000000000001", "0.10000000000000000000001"],
    ["core-1", "equals", "true", "true"],
    ["timestamp-1", "greater_than_or_equals", "2014-12-19T00:00:00Z", "2014-12-19T00:00:00+00:00"],
  ])("%s %s %s", (module, relationship, text, value) => {
    const capabilityId = `urn:taxii.mitre.org:query:capability:${module}`;
    expect(toJsonObject(Test, { capabilityId, relationship, parameters: [{ name: "value", value: text }] })["parameters"]).toEqual({
      value,
    });
  });

  test("of modules that are not known are words", () => {
    const json = { capability_id: "urn:x", relationship: "near", parameters: { a: true, b: "7", c: "true story" } };
    expect(toJsonObject(Test, fromJson(Test, json))).toEqual(json);
    expect(fromJson(Test, { ...json, parameters: { n: 7, f: 1.5 } }).parameters).toEqual([
      { name: "n", value: "7" },
      { name: "f", value: "1.5" },
    ]);
  });
});

describe("fromJson", () => {
  test("takes text, bytes and parsed JSON, and knows the type", () => {
    const text = JSON.stringify(pollRequest);
    const message = fromJson(PollRequest, text);
    expectTypeOf(message).toEqualTypeOf<taxii11.PollRequest>();
    expect(fromJson(PollRequest, new TextEncoder().encode(`\ufeff${text}`))).toEqual(message);
    expect(fromJson(PollRequest, pollRequest)).toEqual(message);
  });

  test("fills defaults in, and writing leaves them out again", () => {
    const message = fromJson(PollRequest, pollRequest);
    expect(message.pollParameters).toEqual({ allowAsynch: false, responseType: "FULL", contentBindings: [] });
    expect(toXml(PollRequest, message)).toContain("<taxii_11:Poll_Parameters/>");
  });

  test("reads null as an absent value, and as an empty element where one has to be", () => {
    const json = {
      message_type: "Collection_Information_Response",
      message_id: "1",
      in_response_to: "2",
      collection_informations: [{ collection_name: "c", collection_description: null, available: null }],
    };
    const [collection] = fromJson(taxii11.CollectionInformationResponse, json).collections;
    expect(collection).toMatchObject({ description: "" });
    expect(collection).not.toHaveProperty("available");
  });

  test("takes open content as it is said to be, and guesses as libtaxii does where nothing is said", () => {
    const block = (content: string, flag?: boolean): unknown =>
      fromJson(ContentBlock, { content_binding: { binding_id: "b" }, content, ...(flag === undefined ? {} : { content_is_xml: flag }) })
        .content;
    expect(block("<a/>", true)).toEqual({ xml: "<a/>" });
    expect(block("<a/>", false)).toEqual({ text: "<a/>" });
    expect(block("<a/>")).toEqual({ xml: "<a/>" });
    expect(block("<a/>b")).toEqual({ text: "<a/>b" });
    expect(block("<a")).toEqual({ text: "<a" });
    expect(block('<?xml version="1.0"?><a/>')).toEqual({ xml: "<a/>" });
  });

  test.each([
    ["Poll_Request", { feed_name: "f" }, "taxii10.PollRequest"],
    ["Poll_Request", { collection_name: "c", poll_parameters: { content_bindings: [] } }, "taxii11.PollRequest"],
    ["Status_Message", { in_response_to: "1", status_type: "SUCCESS", status_detail: {} }, "taxii11.StatusMessage"],
    ["Status_Message", { in_response_to: "1", status_type: "SUCCESS", status_detail: "text" }, "taxii10.StatusMessage"],
    ["Discovery_Request", {}, "taxii10.DiscoveryRequest"],
    ["Feed_Information_Request", {}, "taxii10.FeedInformationRequest"],
    ["Collection_Information_Request", {}, "taxii11.CollectionInformationRequest"],
  ])("of both versions takes the first that fits: %s %o", (type, keys, expected) => {
    expect(fromJson(both, { message_type: type, message_id: "1", extended_headers: {}, ...keys }).$type).toBe(expected);
  });

  test("tells of the fault in the version that is nearest", () => {
    expect(problem(() => fromJson(both, { ...pollRequest, collection_name: 7 }))).toMatchObject({
      code: "BAD_VALUE",
      path: "collection_name",
    });
    expect(problem(() => fromJson(both, { message_type: "Poll_Request", message_id: "x", feed_name: "f" }))).toMatchObject({
      code: "BAD_VALUE",
      path: "message_id",
    });
  });

  test.each([
    ["no JSON", "{", "JSON_MALFORMED", ""],
    ["no object", "[]", "BAD_VALUE", ""],
    ["no type", "{}", "MISSING_KEY", "message_type"],
    ["another type", { message_type: "Poll_Response" }, "UNKNOWN_MESSAGE", "message_type"],
    ["a key too many", { ...pollRequest, more: true }, "UNEXPECTED_KEY", "more"],
    ["a key that is inherited elsewhere", JSON.stringify(pollRequest).replace("{", '{"__proto__":{},'), "UNEXPECTED_KEY", "__proto__"],
    ["a missing attribute", { message_type: "Poll_Request", message_id: "1", poll_parameters: {} }, "MISSING_KEY", "collection_name"],
    ["a missing choice", { message_type: "Poll_Request", message_id: "1", collection_name: "c" }, "MISSING_KEY", "subscription_id"],
    ["both of a choice", { ...pollRequest, subscription_id: "s" }, "UNEXPECTED_KEY", "poll_parameters"],
    ["null for what has to be", { ...pollRequest, message_id: null }, "BAD_VALUE", "message_id"],
    ["a number for a string", { ...pollRequest, collection_name: 7 }, "BAD_VALUE", "collection_name"],
    ["an object for a string", { ...pollRequest, collection_name: {} }, "BAD_VALUE", "collection_name"],
    ["a boolean for the word", { ...pollRequest, poll_parameters: { allow_asynch: true } }, "BAD_VALUE", "poll_parameters.allow_asynch"],
    ["a word that is none", { ...pollRequest, poll_parameters: { response_type: "SOME" } }, "BAD_VALUE", "poll_parameters.response_type"],
    [
      "a date that is none",
      { ...pollRequest, exclusive_begin_timestamp_label: "2014-12-19" },
      "BAD_VALUE",
      "exclusive_begin_timestamp_label",
    ],
    [
      "an object for a list",
      { ...pollRequest, poll_parameters: { content_bindings: {} } },
      "BAD_VALUE",
      "poll_parameters.content_bindings",
    ],
    [
      "a key missing deep within",
      { ...pollRequest, poll_parameters: { content_bindings: [{}] } },
      "MISSING_KEY",
      "poll_parameters.content_bindings[0].binding_id",
    ],
    ["a header that is no string", { ...pollRequest, extended_headers: { "urn:x": 1n } }, "BAD_VALUE", 'extended_headers["urn:x"]'],
    ["a header with no value", { ...pollRequest, extended_headers: { x: [] } }, "BAD_VALUE", "extended_headers.x"],
    ["control characters", { ...pollRequest, extended_headers: { x: "\u0007" } }, "BAD_VALUE", "extended_headers.x"],
    [
      "a header whose XML is none",
      { ...pollRequest, extended_headers: { x: { content: "<a>", content_is_xml: true } } },
      "XML_MALFORMED",
      "extended_headers.x",
    ],
    [
      "a DOCTYPE in a header",
      { ...pollRequest, extended_headers: { x: { content: "<!DOCTYPE a><a/>", content_is_xml: true } } },
      "XML_MALFORMED",
      "extended_headers.x",
    ],
  ])("refuses %s", (_, json: string | object, code, path) => {
    expect(problem(() => fromJson(PollRequest, json))).toMatchObject({ code, path });
  });

  test.each([
    [
      "a block whose XML is none",
      { content_binding: { binding_id: "b" }, content: "<a>", content_is_xml: true },
      "XML_MALFORMED",
      "content_blocks[1].content",
    ],
    ["a block without content", { content_binding: { binding_id: "b" } }, "MISSING_KEY", "content_blocks[1].content"],
    ["content that is no string", { content_binding: { binding_id: "b" }, content: 1 }, "BAD_VALUE", "content_blocks[1].content"],
    [
      "a flag that is none",
      { content_binding: { binding_id: "b" }, content: "", content_is_xml: "true" },
      "BAD_VALUE",
      "content_blocks[1].content",
    ],
    [
      "a date without a zone",
      { content_binding: { binding_id: "b" }, content: "", timestamp_label: "2014-12-19T00:00:00" },
      "BAD_VALUE",
      "content_blocks[1].timestamp_label",
    ],
    [
      "two subtypes",
      { content_binding: { binding_id: "b", subtype_ids: ["s", "t"] }, content: "" },
      "BAD_VALUE",
      "content_blocks[1].content_binding.subtype_ids",
    ],
    ["a string for a binding", { content_binding: "b", content: "" }, "BAD_VALUE", "content_blocks[1].content_binding"],
  ])("refuses %s", (_, block, code, path) => {
    const fine = { content_binding: { binding_id: "b", subtype_ids: [] }, content: "", content_is_xml: false };
    expect(
      problem(() => fromJson(InboxMessage, { message_type: "Inbox_Message", message_id: "1", content_blocks: [fine, block] })),
    ).toMatchObject({ code, path });
  });

  test.each([
    [
      "a relationship without its parts",
      { targeting_expression_id: "t", criteria: { operator: "AND", criterion: [{ target: "t" }] } },
      "MISSING_KEY",
      "query.criteria.criterion[0].test",
    ],
    [
      "no criteria at all",
      { targeting_expression_id: "t", criteria: { operator: "AND", criterion: [] } },
      "MISSING_KEY",
      "query.criteria.criteria",
    ],
    ["nothing", {}, "MISSING_KEY", "query.targeting_expression_id"],
    ["a key of no query", { targeting_expression_id: "t", criteria: null, x: 1 }, "UNEXPECTED_KEY", "query.x"],
    [
      "a parameter of another type",
      { targeting_expression_id: "t", criteria: { operator: "AND", criterion: [criterion("greater_than", { value: true })] } },
      "BAD_VALUE",
      "query.criteria.criterion[0].test.parameters.value",
    ],
  ])("refuses a query with %s", (_, query, code, path) => {
    const format_id = "urn:taxii.mitre.org:query:default:1.0";
    const json = {
      message_type: "Subscription_Management_Request",
      message_id: "1",
      collection_name: "c",
      action: "SUBSCRIBE",
      subscription_parameters: { query: { format_id, ...query } },
    };
    expect(problem(() => fromJson(SubscriptionManagementRequest, json, { formats }))).toMatchObject({
      code,
      path: `subscription_parameters.${path}`,
    });
  });

  test("refuses the keys of a query whose format is not known", () => {
    expect(problem(() => fromJson(taxii11.Query, { format_id: "urn:x", criteria: {} }))).toMatchObject({
      code: "UNEXPECTED_KEY",
      path: "criteria",
    });
    expect(fromJson(taxii11.Query, { format_id: "urn:x" })).toEqual({ formatId: "urn:x", content: { text: "" } });
  });

  test("says what was found and what was expected", () => {
    expect(problem(() => fromJson(PollRequest, { ...pollRequest, collection_name: 7 })).reason).toBe("found 7; expected a URI");
    expect(problem(() => fromJson(PollRequest, { ...pollRequest, colection_name: "c" })).reason).toContain(
      "there is no such key here; expected message_id, collection_name,",
    );
    expect(() => fromJson(PollRequest, { ...pollRequest, poll_parameters: { content_bindings: [{}] } })).toThrow(
      "the key is missing; expected a URI (at poll_parameters.content_bindings[0].binding_id)",
    );
  });

  test("says where a text stops being JSON", () => {
    try {
      fromJson(PollRequest, '{\n  "a": 1,\n}');
      expect.unreachable();
    } catch (error) {
      expect(error).toMatchObject({ code: "JSON_MALFORMED", line: 3, column: 1 });
    }
  });

  test("keeps to its limits", () => {
    const nested = (depth: number): object =>
      depth === 0 ? { operator: "AND", criterion: [criterion("exists", {})] } : { operator: "AND", criteria: [nested(depth - 1)] };
    expect(fromJson(Criteria, nested(200))).toBeDefined();
    expect(problem(() => fromJson(Criteria, nested(300)))).toMatchObject({ code: "LIMIT_EXCEEDED" });
    const deep = `${'{"operator":"AND","criteria":['.repeat(200_000)}${"]}".repeat(200_000)}`;
    expect(problem(() => fromJson(Criteria, deep))).toMatchObject({ code: "LIMIT_EXCEEDED" });
    const many = { ...pollRequest, extended_headers: { a: "1", b: "2", c: "3" } };
    expect(problem(() => fromJson(PollRequest, many, { limits: { maxItems: 2 } }))).toMatchObject({
      code: "LIMIT_EXCEEDED",
      path: "extended_headers",
    });
    expect(problem(() => fromJson(PollRequest, many, { limits: { maxContentLength: 0 } }))).toMatchObject({
      code: "LIMIT_EXCEEDED",
      path: "extended_headers.a",
    });
    expect(problem(() => fromJson(PollRequest, many, { limits: { maxTextLength: 0 } }))).toMatchObject({
      code: "LIMIT_EXCEEDED",
      path: "message_id",
    });
  });

  test("takes only UTF-8", () => {
    expect(problem(() => fromJson(PollRequest, new Uint8Array([0x22, 0xff, 0x22])))).toMatchObject({ code: "BAD_ENCODING" });
    expect(problem(() => fromJson(PollRequest, "{}", { limits: { maxBytes: 1 } }))).toMatchObject({ code: "LIMIT_EXCEEDED" });
  });

  test("never gives anything a prototype of the sender's", () => {
    const message = fromJson(
      DiscoveryRequest,
      '{"message_type":"Discovery_Request","message_id":"1","extended_headers":{"__proto__":"x","constructor":"y"}}',
    );
    expect(message.extendedHeaders?.extendedHeaders).toEqual([
      { name: "__proto__", content: { text: "x" } },
      { name: "constructor", content: { text: "y" } },
    ]);
    expect(Object.getPrototypeOf(message)).toBe(Object.prototype);
  });

  test("reads what libtaxii cannot read back", () => {
    const json = {
      message_type: "Subscription_Management_Request",
      message_id: "1",
      feed_name: "f",
      action: "STATUS",
      subscription_id: null,
      delivery_parameters: null,
      extended_headers: {},
    };
    expect(fromJson(taxii10.SubscriptionManagementRequest, json)).toEqual({
      $type: "taxii10.SubscriptionManagementRequest",
      messageId: "1",
      feedName: "f",
      action: "STATUS",
    });
  });

  test("gives an answer to anything", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(...both), (noise, shape) => {
        const json =
          typeof noise === "object" && noise !== null && !Array.isArray(noise) ? { ...noise, message_type: shape.element } : noise;
        try {
          fromJson(both, JSON.stringify(json), { formats });
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
        }
      }),
    );
  });

  test("finds a wrong value wherever it is", () => {
    const json = {
      message_type: "Discovery_Response",
      message_id: "1",
      in_response_to: "2",
      service_instances: [
        { service_type: "INBOX", services_version: "v", protocol_binding: "p", service_address: "a", message_bindings: [] },
      ],
    };
    expect(problem(() => fromJson(DiscoveryResponse, json))).toEqual({
      code: "BAD_VALUE",
      path: "service_instances[0].message_bindings",
      reason: "found an empty list; expected at least one value",
    });
  });
});
