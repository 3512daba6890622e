/** Open content: headers, content of blocks, signatures. What a sender put in is what a receiver gets. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import * as taxii11 from "../../generated/taxii11/index.js";
import { isXmlContent } from "../../src/binding/content.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { contentBindings, namespaces } from "../../src/constants.js";
import { create } from "../../src/message/create.js";
import { findings } from "./findings.js";
import { allExamples } from "./full-messages.js";
import { message10, message11, refusal, tree } from "./xml.js";

const headers = (content: string): string =>
  message11("Discovery_Request", 'message_id="1"', `<Extended_Headers>${content}</Extended_Headers>`);

describe("extended headers", () => {
  it("[XML-EXT-001] are at least one, or not there", () => {
    expect(refusal(taxii11.DiscoveryRequest, headers(""))).toBe("MISSING_ELEMENT");
    const empty = create(taxii11.DiscoveryRequest, { extendedHeaders: { extendedHeaders: [] } });
    expect(() => toXml(taxii11.DiscoveryRequest, empty)).toThrow(/Extended_Header is missing/);
    expect(findings(taxii11.DiscoveryRequest, empty)).toEqual(["error schema extendedHeaders.extendedHeaders"]);
    expect(toXml(taxii11.DiscoveryRequest, create(taxii11.DiscoveryRequest, {}))).not.toContain("Extended_Headers");
  });

  it.each(allExamples)("[XML-EXT-002] can be left out of %s", (_, { shape, value }) => {
    const without = { ...value, extendedHeaders: undefined };
    expect(findings(shape, without)).toEqual([]);
    const xml = toXml(shape, without);
    expect(xml).not.toContain("Extended_Header");
    expect(refusal(shape, xml)).toBeUndefined();
  });

  it("[XML-EXT-003] have a name", () => {
    expect(refusal(taxii11.DiscoveryRequest, headers("<Extended_Header>x</Extended_Header>"))).toBe("MISSING_ATTRIBUTE");
    expect(refusal(taxii11.DiscoveryRequest, headers('<Extended_Header name="urn:example:h">x</Extended_Header>'))).toBeUndefined();
  });

  it.each(["text", "a<x/>b<y/>", "<x/><x/>", "<!-- note -->", "<?pi x?>", "", "<![CDATA[<x>]]>", " \n "])(
    "[XML-EXT-004] have text, elements or both: %j",
    (inner) => {
      const message = fromXml(taxii11.DiscoveryRequest, headers(`<Extended_Header name="urn:example:h">${inner}</Extended_Header>`));
      const again = fromXml(taxii11.DiscoveryRequest, toXml(taxii11.DiscoveryRequest, message));
      expect(again).toEqual(message);
      const written = tree(`<r>${inner}</r>`);
      const [header] = again.extendedHeaders?.extendedHeaders ?? [];
      const content = header?.content ?? { text: "nothing" };
      const read = isXmlContent(content) ? tree(`<r>${content.xml}</r>`) : { text: content.text, children: [] };
      expect(read.text).toBe(written.text);
      expect(read.children.map(({ local }) => local)).toEqual(written.children.map(({ local }) => local));
    },
  );

  it("[XML-EXT-007] are a list: names may repeat", () => {
    const repeated = '<Extended_Header name="urn:example:h">1</Extended_Header><Extended_Header name="urn:example:h">2</Extended_Header>';
    const message = fromXml(taxii11.DiscoveryRequest, headers(repeated));
    const expected = [
      { name: "urn:example:h", content: { text: "1" } },
      { name: "urn:example:h", content: { text: "2" } },
    ];
    expect(message.extendedHeaders?.extendedHeaders).toEqual(expected);
    expect(fromXml(taxii11.DiscoveryRequest, toXml(taxii11.DiscoveryRequest, message))).toEqual(message);
  });
});

const inbox = (content: string, rest = "", root = ""): string =>
  message11(
    "Inbox_Message",
    `message_id="1"${root}`,
    `<Content_Block><Content_Binding binding_id="urn:example:f"/><Content>${content}</Content>${rest}</Content_Block>`,
  );
const contentOf = (xml: string): unknown => fromXml(taxii11.InboxMessage, xml).contentBlocks[0]?.content;

describe("the content of a block", () => {
  it.each([
    "<a/>",
    "<a/><b/>",
    "before <a>within</a> after",
    "<!-- first --><a/><!-- last -->",
    "<?pi data?><a/>",
    "<a><![CDATA[<not-a-tag>]]></a>",
    "<a b='&quot;'>&#x1F642;&amp;</a>",
    "\n  <a>\n    <b/>\n  </a>\n",
    '<p:a xmlns:p="urn:p" p:b="1"><p:c/></p:a>',
  ])("[XML-CBK-003] is kept as it was: %j", (content) => {
    const xml = inbox(content, "", "")
      .replace(`xmlns="${namespaces.taxii11}"`, `xmlns:t="${namespaces.taxii11}"`)
      .replace(/<(\/?)(Inbox_Message|Content_Block|Content_Binding|Content)(?=[\s/>])/g, "<$1t:$2");
    expect(contentOf(xml)).toEqual({ xml: content });
    const message = fromXml(taxii11.InboxMessage, xml);
    expect(toXml(taxii11.InboxMessage, message)).toContain(`<taxii_11:Content>${content}</taxii_11:Content>`);
  });

  it("[XML-CBK-003] takes the namespaces along that it needs", () => {
    const xml = inbox('<p:a q:b="1"><p:c xmlns:p="urn:other"/></p:a>', "", ' xmlns:p="urn:p" xmlns:q="urn:q" xmlns:unused="urn:u"');
    const content = fromXml(taxii11.InboxMessage, xml).contentBlocks[0]?.content ?? { text: "" };
    const [a] = tree(`<r>${isXmlContent(content) ? content.xml : ""}</r>`).children;
    expect([a?.namespace, a?.attributes.find(({ local }) => local === "b")?.namespace, a?.children[0]?.namespace]).toEqual([
      "urn:p",
      "urn:q",
      "urn:other",
    ]);
  });

  it("[XML-CBK-003] of text is kept to the last character", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        fc.pre(!/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(text));
        const message = create(taxii11.InboxMessage, {
          contentBlocks: [{ contentBinding: { bindingId: "urn:example:f" }, content: { text } }],
        });
        expect(fromXml(taxii11.InboxMessage, toXml(taxii11.InboxMessage, message))).toEqual(message);
      }),
    );
  });

  it("[XML-CBK-004] may be empty", () => {
    expect([contentOf(inbox("")), contentOf(inbox("").replace("<Content></Content>", "<Content/>"))]).toEqual([{ text: "" }, { text: "" }]);
    const message = create(taxii10.InboxMessage, { contentBlocks: [{ contentBinding: "urn:example:f", content: { text: "" } }] });
    expect(fromXml(taxii10.InboxMessage, toXml(taxii10.InboxMessage, message))).toEqual(message);
  });

  it.each(["&lt;a&gt;&lt;/a&gt;", "<![CDATA[<a></a>]]>", "&#60;a>&#60;/a>"])(
    "[XML-CBK-007] is text when its markup is escaped: %s",
    (content) => {
      const message = fromXml(taxii11.InboxMessage, inbox(content));
      expect(message.contentBlocks[0]?.content).toEqual({ text: "<a></a>" });
      expect(fromXml(taxii11.InboxMessage, toXml(taxii11.InboxMessage, message))).toEqual(message);
    },
  );

  it("[CB-ID-003] keeps the line breaks of S/MIME", () => {
    const text =
      "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\r\nContent-Transfer-Encoding: base64\r\n\r\nMIIBYQYJKoZIhvcNAQcD\r\noIIBUjCCAU4CAQAx\r\n\t \r\n";
    const message = create(taxii11.InboxMessage, {
      contentBlocks: [{ contentBinding: { bindingId: contentBindings.smime }, content: { text } }],
    });
    expect(findings(taxii11.InboxMessage, message)).toEqual([]);
    expect(fromXml(taxii11.InboxMessage, toXml(taxii11.InboxMessage, message)).contentBlocks[0]?.content).toEqual({ text });
  });

  it("[XML-GEN-018] may hold anything, wrong TAXII and wrong signatures included", () => {
    for (const content of [
      "<Status_Message/>",
      '<Poll_Request message_id="1"><Extra/></Poll_Request>',
      `<Signature xmlns="${namespaces.xmldsig}"><Wrong/></Signature>`,
    ]) {
      const message = fromXml(taxii11.InboxMessage, inbox(content));
      expect(findings(taxii11.InboxMessage, message)).toEqual([]);
      expect(fromXml(taxii11.InboxMessage, toXml(taxii11.InboxMessage, message))).toEqual(message);
    }
    expect(refusal(taxii11.InboxMessage, inbox("<a>"))).toBe("XML_MALFORMED");
    expect(refusal(taxii11.InboxMessage, inbox("<p:a/>"))).toBe("XML_MALFORMED");
  });
});

describe("signatures", () => {
  const signature = `<ds:Signature xmlns:ds="${namespaces.xmldsig}"><ds:SignedInfo>\n <!-- kept --></ds:SignedInfo><ds:SignatureValue>AA==</ds:SignatureValue></ds:Signature>`;

  it("[SIG-MSG-004] of blocks and messages come back as they were", () => {
    const block = `<Content_Block><Content_Binding binding_id="urn:example:f"/><Content/>${signature}</Content_Block>`;
    const message = fromXml(taxii11.InboxMessage, message11("Inbox_Message", 'message_id="1"', block + signature));
    expect([message.signature, message.contentBlocks[0]?.signature]).toEqual([{ xml: signature }, { xml: signature }]);
    const xml = toXml(taxii11.InboxMessage, message);
    expect(xml.split(signature)).toHaveLength(3);
    expect(fromXml(taxii11.InboxMessage, xml)).toEqual(message);
    const status = fromXml(
      taxii10.StatusMessage,
      message10("Status_Message", 'message_id="2" in_response_to="1" status_type="SUCCESS"', signature),
    );
    expect(toXml(taxii10.StatusMessage, status)).toContain(signature);
  });

  it("[SIG-MSG-001] [SIG-MSG-002] stand last", () => {
    expect(refusal(taxii11.InboxMessage, inbox("", `${signature}<Padding/>`))).toBe("UNEXPECTED_ELEMENT");
    expect(
      refusal(
        taxii11.StatusMessage,
        message11("Status_Message", 'message_id="2" in_response_to="1" status_type="SUCCESS"', `${signature}<Message/>`),
      ),
    ).toBe("UNEXPECTED_ELEMENT");
  });
});
