/** Reading and writing XML: structure, errors with their places, content byte for byte, what was absent stays absent. */

import { describe, expect, it } from "vitest";
import { DefaultQuery } from "../../generated/default-query/index.js";
import { FeedInformationResponse } from "../../generated/taxii10/index.js";
import { ContentBlock, DiscoveryRequest, messages, PollRequest, PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import { xmlContent } from "../../src/codec/fragment.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { create, ParseError, ValidationError } from "../../src/index.js";

const ns = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";
const response = (inside: string, attributes = ""): string =>
  `<t:Poll_Response xmlns:t="${ns}" message_id="1" in_response_to="2" collection_name="c"${attributes}>${inside}</t:Poll_Response>`;
const block = (content: string): string => `<t:Content_Block><t:Content_Binding binding_id="urn:x"/>${content}</t:Content_Block>`;

function fault(run: () => unknown): ParseError {
  try {
    run();
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("reading", () => {
  it("gives the type of what was accepted", () => {
    const message = fromXml(messages, response(""));
    expect(message).toEqual({
      $type: "taxii11.PollResponse",
      messageId: "1",
      inResponseTo: "2",
      collectionName: "c",
      more: false,
      resultPartNumber: 1,
      contentBlocks: [],
    });
    expect(fromXml([PollResponse, StatusMessage], response("")).$type).toBe("taxii11.PollResponse");
  });

  it.each([
    ["UNKNOWN_MESSAGE", `<Poll_Response xmlns="urn:x"/>`, "the root is Poll_Response of urn:x; expected", 1, 1],
    ["UNKNOWN_MESSAGE", `<t:TAXII_Message xmlns:t="${ns}" message_id="1"/>`, "the root is TAXII_Message", 1, 1],
    ["MISSING_ATTRIBUTE", `<t:Poll_Response xmlns:t="${ns}"/>`, "<Poll_Response> lacks the attribute message_id; expected a URI", 1, 1],
    ["UNEXPECTED_ATTRIBUTE", response("", ' odd="1"'), "<Poll_Response> cannot have the attribute odd", 1, 1],
    ["UNEXPECTED_ATTRIBUTE", response("", ' xml:lang="en"'), "<Poll_Response> cannot have the attribute lang", 1, 1],
    ["BAD_VALUE", response("", ' more="TRUE"'), 'the attribute more of <Poll_Response> is "TRUE"; expected true, false, 1 or 0', 1, 1],
    ["UNEXPECTED_ELEMENT", response("\n <t:Nonsense/>"), "<Nonsense> cannot come here; expected <Extended_Headers>", 2, 2],
    [
      "UNEXPECTED_ELEMENT",
      response("<t:Message>m</t:Message>\n<t:Subscription_ID>s</t:Subscription_ID>"),
      "<Subscription_ID> cannot come here; expected <Content_Block>, <Signature>",
      2,
      1,
    ],
    [
      "MISSING_ELEMENT",
      response(`<t:Content_Block>\n</t:Content_Block>`),
      "<Content_Block> ends too early; expected <Content_Binding>",
      2,
      1,
    ],
    ["UNEXPECTED_TEXT", response("\n text"), "text cannot come within <Poll_Response>; expected elements only", 2, 6],
    [
      "UNEXPECTED_TEXT",
      response(block("<t:Content/>").replace("/>", '><t:Subtype subtype_id="urn:s"> </t:Subtype></t:Content_Binding>')),
      "text cannot come within <Subtype>; expected nothing",
      1,
      0,
    ],
    ["UNEXPECTED_ELEMENT", response("<t:Message>a<b/></t:Message>"), "<b> cannot come here; expected text only", 1, 0],
    [
      "BAD_VALUE",
      response("\n\n<t:Inclusive_End_Timestamp>noon</t:Inclusive_End_Timestamp>"),
      '<Inclusive_End_Timestamp> is "noon"; expected a timestamp label',
      3,
      1,
    ],
    [
      "BAD_TYPE",
      response("", ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="t:Other"'),
      'xsi:type "t:Other"; expected TAXIIPollResponseType',
      1,
      1,
    ],
    ["LIMIT_EXCEEDED", response("", ` result_part_number="${"9".repeat(30)}"`), "numbers go up to 9007199254740991", 1, 1],
  ] as const)("%s: %s", (code, document, reason, line, column) => {
    const error = fault(() => fromXml(messages, document));
    expect([error.code, error.line]).toEqual([code, line]);
    expect(error.reason).toContain(reason);
    if (column > 0) expect(error.column).toBe(column);
  });

  it("tells the path of what is wrong", () => {
    const error = fault(() =>
      fromXml(messages, response(block("<t:Content/>") + block("<t:Content/><t:Timestamp_Label>x</t:Timestamp_Label>"))),
    );
    expect(error.path).toBe("Poll_Response/Content_Block[2]/Timestamp_Label");
  });

  it.each([
    "plain",
    'a <b xmlns="">c</b> d',
    "<!-- only a comment -->",
    "<?only an-instruction?>",
    " <x xmlns=\"urn:x\" y='1'  ><![CDATA[<&]]></x >tail",
    '<a xmlns=""/><b xmlns=""/>',
  ])("keeps content as it stands: %s", (inside) => {
    const { contentBlocks } = fromXml(PollResponse, response(block(`<t:Content>${inside}</t:Content>`)));
    expect(contentBlocks[0]?.content).toEqual(/[<]/.test(inside) ? { xml: inside } : { text: inside });
  });

  it("resolves references and CDATA in text, and leaves escaped XML as text", () => {
    const { contentBlocks } = fromXml(PollResponse, response(block("<t:Content>&lt;a/&gt;<![CDATA[<b/>]]>&#65;</t:Content>")));
    expect(contentBlocks[0]?.content).toEqual({ text: "<a/><b/>A" });
  });

  it("takes a component from any element of its namespace", () => {
    expect(fromXml(ContentBlock, `<X xmlns="${ns}"><Content_Binding binding_id="urn:x"/><Content/></X>`)).toEqual({
      contentBinding: { bindingId: "urn:x" },
      content: { text: "" },
    });
  });

  it("names the limit on the number of items", () => {
    const error = fault(() => fromXml(PollResponse, response(block("<t:Content/>").repeat(3)), { limits: { maxItems: 2 } }));
    expect(error.message).toContain("maxItems is 2");
  });
});

describe("writing", () => {
  it("leaves out what was absent and writes what was there", () => {
    const written = (document: string): string => toXml(PollResponse, fromXml(PollResponse, document), { declaration: false });
    expect(written(response(""))).toBe(
      `<taxii_11:Poll_Response xmlns:taxii_11="${ns}" message_id="1" in_response_to="2" collection_name="c"/>`,
    );
    expect(written(response("", ' more="0"'))).toContain(' more="false"');
  });

  it("writes defaults of what was built", () =>
    expect(toXml(PollRequest, create(PollRequest, { collectionName: "c", pollParameters: {} }))).toContain(
      '<taxii_11:Poll_Parameters allow_asynch="false"><taxii_11:Response_Type>FULL',
    ));

  it("indents on request, and leaves content alone", () => {
    const message = fromXml(PollResponse, response(block("<t:Content> <a xmlns=''/> </t:Content>")));
    expect(toXml(PollResponse, message, { pretty: true, declaration: false }).split("\n").slice(1)).toEqual([
      "  <taxii_11:Content_Block>",
      '    <taxii_11:Content_Binding binding_id="urn:x"/>',
      "    <taxii_11:Content> <a xmlns=''/> </taxii_11:Content>",
      "  </taxii_11:Content_Block>",
      "</taxii_11:Poll_Response>",
      "",
    ]);
  });

  const fine = create(PollResponse, {
    inResponseTo: "1",
    collectionName: "c",
    contentBlocks: [{ contentBinding: { bindingId: "urn:x" }, content: { text: "t" } }],
  });
  const withContent = (content: { text: string } | { xml: string }): PollResponse => ({
    ...fine,
    contentBlocks: [{ contentBinding: { bindingId: "urn:x" }, content }],
  });

  it.each<[string, PollResponse, RegExp]>([
    ["a control character", { ...fine, message: "\u0000" }, /message: expected text without control characters/],
    ["a lone surrogate", { ...fine, message: "\ud800" }, /message: expected text/],
    ["a lone surrogate in content", withContent({ text: "\udc00" }), /contentBlocks\[0\]\.content: expected \{ text \} or \{ xml \}/],
    ["a value out of range", { ...fine, resultPartNumber: 0 }, /resultPartNumber: expected a whole number from 1, found 0/],
    ["a bad timestamp", { ...fine, inclusiveEndTimestamp: "2014-01-01" }, /inclusiveEndTimestamp: expected a timestamp label/],
    ["mis-nested content", withContent({ xml: "<a></b>" }), /content: the markup cannot be embedded/],
    ["content that closes what it did not open", withContent({ xml: "</taxii_11:Content><x/>" }), /cannot be embedded/],
    ["content that leaves the wrapper and comes back", withContent({ xml: "</fragment><fragment>" }), /cannot be embedded/],
    ["content with a prefix from nowhere", withContent({ xml: "<p:a/>" }), /prefix p/],
    ["content with a declaration", withContent({ xml: '<?xml version="1.0"?><a/>' }), /cannot be embedded/],
    ["content with a DOCTYPE", withContent({ xml: "<!DOCTYPE a><a/>" }), /cannot be embedded/],
    [
      "a signature that is none",
      { ...fine, signature: { xml: "<a/>" } },
      /expected one element Signature of http:\/\/www.w3.org\/2000\/09\/xmldsig#/,
    ],
    ["a property that does not exist", Object.assign({ oops: 1 }, fine), /oops: taxii11.PollResponse has no such property/],
  ])("refuses %s", (_, message, reason) => {
    expect(() => toXml(PollResponse, message)).toThrow(ValidationError);
    expect(() => toXml(PollResponse, message)).toThrow(reason);
  });

  it("refuses what the content model refuses", () => {
    const request = create(PollRequest, { collectionName: "c", pollParameters: {} });
    expect(() => toXml(PollRequest, { ...request, subscriptionId: "s" })).toThrow(/Poll_Parameters cannot come here/);
    expect(() => toXml(PollRequest, { ...request, pollParameters: undefined })).toThrow(/Subscription_ID or Poll_Parameters is missing/);
    const feed = {
      feedName: "f",
      description: "d",
      contentBindings: ["urn:x"],
      pushMethods: [],
      pollingServices: [],
      subscriptionServices: [],
    };
    expect(() => toXml(FeedInformationResponse, create(FeedInformationResponse, { inResponseTo: "1", feeds: [feed] }))).toThrow(
      /feeds\[0\].*Push_Method or Polling_Service is missing/,
    );
  });

  it("takes a document of one's own as content", () => {
    expect(xmlContent('\ufeff<?xml version="1.0" encoding="utf-8"?>\n<a><b/></a>\n')).toEqual({ xml: "<a><b/></a>\n" });
    expect(() => xmlContent("<a>")).toThrow(ParseError);
  });

  it("keeps the order of criteria and criterion", () => {
    const criterion = '<Criterion><Target>**</Target><Test capability_id="urn:x" relationship="exists"/></Criterion>';
    const query = `<Default_Query xmlns="http://taxii.mitre.org/query/taxii_default_query-1" targeting_expression_id="urn:x"><Criteria operator="OR">${criterion}<Criteria operator="AND">${criterion}</Criteria>${criterion}</Criteria></Default_Query>`;
    const value = fromXml(DefaultQuery, query);
    expect(value.criteria.items.map((item) => Object.keys(item)[0])).toEqual(["criterion", "criteria", "criterion"]);
    expect(fromXml(DefaultQuery, toXml(DefaultQuery, value))).toEqual(value);
  });

  it("writes attributes and text so that they come back", () => {
    const messageId = "urn:x";
    const message = create(StatusMessage, { messageId, inResponseTo: "1", statusType: "FAILURE", message: '\t a<b>&"\r\n]]>' });
    expect(fromXml(StatusMessage, toXml(StatusMessage, message))).toEqual(message);
    expect(fromXml(DiscoveryRequest, toXml(DiscoveryRequest, create(DiscoveryRequest, {}))).messageId).toMatch(/^\d+$/);
  });
});
