/** Whole verdicts. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { validateXml } from "../../src/index.js";

const ns = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";
const response = (inside: string, attributes = ""): string =>
  `<t:Poll_Response xmlns:t="${ns}" message_id="1" in_response_to="2" collection_name="c"${attributes}>${inside}</t:Poll_Response>`;

describe("validateXml", () => {
  it("is content with a good message", () => {
    const head = "<t:Inclusive_End_Timestamp>2014-01-01T00:00:00Z</t:Inclusive_End_Timestamp><t:Record_Count>0</t:Record_Count>";
    const verdict = { ok: true, wellFormed: true, schemaValid: true, version: "1.1", messageType: "Poll_Response", issues: [] };
    expect(validateXml(response(head))).toEqual(verdict);
  });

  it("finds every structural problem in one pass, each with its place", () => {
    const { issues, schemaValid, wellFormed } = validateXml(
      response(
        [
          "",
          "<t:Oops><t:Deeper/></t:Oops>",
          "<t:Content_Block><t:Content>a</t:Content><t:Timestamp_Label>never</t:Timestamp_Label></t:Content_Block>",
          "stray",
          "<t:Message>late</t:Message>",
          "<t:Content_Block><t:Content_Binding/><t:Content/><t:Padding/><t:Padding/></t:Content_Block>",
        ].join("\n"),
        ' more="perhaps" odd="1"',
      ),
    );
    expect([schemaValid, wellFormed]).toEqual([false, true]);
    expect(issues.map(({ code, line, path }) => `${line} ${code} ${path}`)).toEqual([
      "1 BAD_VALUE Poll_Response",
      "1 UNEXPECTED_ATTRIBUTE Poll_Response",
      "2 UNEXPECTED_ELEMENT Poll_Response/Oops",
      "3 UNEXPECTED_ELEMENT Poll_Response/Content_Block[1]/Content",
      "3 BAD_VALUE Poll_Response/Content_Block[1]/Timestamp_Label",
      expect.stringMatching(/^\d UNEXPECTED_TEXT Poll_Response$/),
      "5 UNEXPECTED_ELEMENT Poll_Response/Message",
      "6 MISSING_ATTRIBUTE Poll_Response/Content_Block[2]/Content_Binding",
      "6 UNEXPECTED_ELEMENT Poll_Response/Content_Block[2]/Padding",
    ]);
  });

  it("tells the schema's verdict from the rules', with the place of the element a rule is about", () => {
    const block = '\n<t:Content_Block><t:Content_Binding binding_id="W||A"/><t:Content/></t:Content_Block>';
    const verdict = validateXml(response(block, ' more="true"'));
    expect(verdict).toMatchObject({ ok: false, schemaValid: true });
    expect(verdict.issues.filter(({ severity }) => severity === "error").map(({ rule, line }) => [rule, line])).toEqual([
      ["taxii11/more-needs-result-id", 1],
      [expect.stringContaining("nesting"), 2],
    ]);
    expect(validateXml(response(block, ' more="true"'), { schemaOnly: true })).toMatchObject({ ok: true, issues: [] });
  });

  it("looks into open content where the schema is lax, and refuses only what the schema knows", () => {
    const content = (inside: string): string =>
      response(`<t:Content_Block><t:Content_Binding binding_id="urn:x"/><t:Content>${inside}</t:Content></t:Content_Block>`);
    expect(validateXml(content('<x:a xmlns:x="urn:x" q="1"><x:b/></x:a>')).schemaValid).toBe(true);
    expect(validateXml(content("<t:Status_Message/>")).schemaValid).toBe(false);
    expect(
      validateXml(content('<x:a xmlns:x="urn:x"><t:Discovery_Request message_id="1"/><t:Poll_Request/></x:a>')).issues.map(
        ({ path }) => path,
      ),
    ).toContain("Poll_Response/Content_Block[1]/Content/a/Poll_Request");
  });

  it("checks the structure of signatures", () => {
    const signature = (inside: string): string =>
      response(`<s:Signature xmlns:s="http://www.w3.org/2000/09/xmldsig#">${inside}</s:Signature>`);
    expect(validateXml(signature("")).issues[0]).toMatchObject({ code: "MISSING_ELEMENT", path: "Poll_Response/Signature" });
    const reference = '<s:Reference URI=""><s:DigestMethod Algorithm="urn:d"/><s:DigestValue>QUJD</s:DigestValue></s:Reference>';
    const info = (method: string): string =>
      `<s:SignedInfo>${method}<s:SignatureMethod Algorithm="urn:s"/>${reference}</s:SignedInfo><s:SignatureValue>QUJD</s:SignatureValue>`;
    expect(validateXml(signature(info('<s:CanonicalizationMethod Algorithm="urn:c"/>'))).schemaValid).toBe(true);
    expect(
      validateXml(signature(info('<s:CanonicalizationMethod Algorithm="urn:c"><e:I xmlns:e="urn:e"/></s:CanonicalizationMethod>')))
        .schemaValid,
    ).toBe(false);
    expect(validateXml(signature(info('<s:CanonicalizationMethod Algorithm="urn:c"/>').replace("QUJD", "Q*JD"))).schemaValid).toBe(false);
  });

  it("goes on behind what is forbidden", () => {
    expect(validateXml(`<!DOCTYPE x>${response("")}`)).toMatchObject({ ok: false, wellFormed: true, schemaValid: true });
    expect(validateXml(`<!DOCTYPE x>${response("")}`).issues[0]?.code).toBe("XML_FORBIDDEN");
  });

  it.each([
    ["", false],
    ["<a", false],
    ["{}", false],
    [`<t:Poll_Response xmlns:t="${ns}">`, false],
    ["<a/>", true],
  ])("never throws: %j", (text, wellFormed) => expect(validateXml(text)).toMatchObject({ ok: false, wellFormed, schemaValid: false }));

  it("never throws for any bytes", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 200 }),
          fc.string().map((text) => new TextEncoder().encode(text)),
        ),
        (bytes) => {
          expect(validateXml(bytes).ok).toBe(false);
        },
      ),
    );
  });
});
