import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { ContentBlock, InboxMessage } from "../../generated/taxii11/index.js";
import type { Content } from "../../src/binding/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { contentBindingAliases, contentBindings, namespaces } from "../../src/constants.js";
import { type ContentDescription, describeContent } from "../../src/message/content/index.js";
import { create } from "../../src/message/create.js";
import { text } from "../fuzz/leaves.js";
import { foreignElement } from "../fuzz/open-content.js";

const stixNamespace = "http://stix.mitre.org/stix-1";
const stix = (version: string): string => `<stix:STIX_Package xmlns:stix="${stixNamespace}" version="${version}"><a/></stix:STIX_Package>`;
const bundle = (version: string): string =>
  JSON.stringify({ type: "bundle", id: "bundle--1", objects: [{ type: "indicator", spec_version: version }] });
const base64 = (characters: string | Uint8Array): string => Buffer.from(characters).toString("base64");
const wrapped = (packed: string): string => (packed.match(/.{1,76}/g) ?? []).join("\r\n");
const kindOf = (characters: string): ContentDescription["kind"] => describeContent({ text: characters }).kind;
const block = (bindingId: string, content: Content): ContentBlock => create(ContentBlock, { contentBinding: { bindingId }, content });
const agrees = (bindingId: string, content: Content): boolean | undefined => describeContent(block(bindingId, content)).bindingAgrees;

/** Content as a message carries it, in any of the ways a producer writes it. */
function received(inside: string): Content {
  const document = `<Inbox_Message xmlns="${namespaces.taxii11}" message_id="1"><Content_Block><Content_Binding binding_id="urn:a:b"/><Content>${inside}</Content></Content_Block></Inbox_Message>`;
  const [found] = fromXml(InboxMessage, document).contentBlocks;
  if (found === undefined) throw new Error("expected a block");
  return found.content;
}

describe("kinds of content", () => {
  it.each<[ContentDescription["kind"], string]>([
    ["xml", stix("1.1.1")],
    ["xml", "<!-- note --><?target data?>\n<a/>"],
    ["xml", "text <a/>"],
    ["escaped-xml", stix("1.1.1").replaceAll("<", "&lt;")],
    ["escaped-xml", `<![CDATA[<?xml version="1.0" encoding="UTF-8"?>\n<a/>]]>`],
    ["json", '{"a": [1, 2]}'],
    ["json", " [] "],
    ["base64", base64("<a/>")],
    ["base64", wrapped(base64(stix("1.2")))],
    ["encrypted", `<EncryptedData xmlns="${contentBindings.xmlEncryption}"/>`],
    ["encrypted", "-----BEGIN PKCS7-----\nMII=\n-----END PKCS7-----"],
    ["text", "198.51.100.7"],
    ["empty", ""],
    ["empty", "\n  \t"],
  ])("%s is what %j in a message is", (kind, inside) => {
    expect(describeContent(received(inside)).kind).toBe(kind);
  });

  it("[XML-CBK-007] are told, and the content is left as it is", () => {
    const content = Object.freeze({ text: ` ${stix("1.1")} ` });
    expect(describeContent(content)).toMatchObject({ kind: "escaped-xml", stixVersion: "1.1" });
    expect(content.text).toBe(` ${stix("1.1")} `);
  });

  it.each(["<b>one</b> and <b>two</b>", "<not xml", "a < b", "<a>", "<a></b>", "<1/>", "<a/><b/>", "<a>&undeclared;</a>", "<a>1 < 2</a>"])(
    "are no XML for %j",
    (characters) => {
      expect(kindOf(characters)).toBe("text");
    },
  );

  it.each(["[see below]", "{braces}", "{", "[1", '{"a":1} {"b":2}', "true", "12", '"text"'])("are no JSON for %j", (characters) => {
    expect(kindOf(characters)).toBe("text");
  });

  it.each([
    "word",
    "Hello123",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "This Sentence Of Several Words Has No More Than 64 Characters Ok1",
    "example\nexample\nexample",
    `${"A".repeat(75)}a1\n${"Ab1".repeat(30)}`,
    "====",
  ])("are no base64 for %j", (characters) => {
    expect(kindOf(characters)).toBe("text");
  });

  it("are encrypted by the beginning of PEM and S/MIME, in every spelling", () => {
    const header = (type: string): string => `MIME-Version: 1.0\r\nContent-Type: ${type}; smime-type=enveloped-data\r\n\r\nMIIB`;
    for (const type of [contentBindings.smime, ...Object.keys(contentBindingAliases)]) {
      expect(describeContent({ text: header(type) })).toMatchObject({ kind: "encrypted", binding: contentBindings.smime });
      expect(kindOf(header(type.toUpperCase()))).toBe("encrypted");
    }
    expect(kindOf(header("application/pdf"))).toBe("text");
    // Mentioned in the text, not in the header.
    expect(kindOf(`Subject: x\n\n${header(contentBindings.smime)}`)).toBe("text");
    expect(describeContent({ text: "-----BEGIN PGP MESSAGE-----\n\nhQ=\n-----END PGP MESSAGE-----" })).toEqual({ kind: "encrypted" });
    expect(kindOf("-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----")).toBe("text");
  });

  it("tell what base64 stands for", () => {
    expect(describeContent({ text: base64(stix("1.1.1")) })).toMatchObject({
      kind: "base64",
      decoded: "xml",
      stixVersion: "1.1.1",
      root: { name: "STIX_Package" },
    });
    expect(describeContent({ text: wrapped(base64(bundle("2.1"))) })).toMatchObject({
      kind: "base64",
      decoded: "json",
      stixVersion: "2.1",
    });
    const bytes = describeContent({ text: wrapped(base64(Uint8Array.from({ length: 300 }, (_, index) => index * 7))) });
    expect([bytes.kind, bytes.decoded]).toEqual(["base64", undefined]);
  });
});

describe("roots", () => {
  it("are elements with their namespaces, wherever the document is", () => {
    const root = { name: "a", namespace: "urn:x" };
    const document = '<p:a xmlns:p="urn:x">t</p:a>';
    for (const content of [{ xml: `\n<!-- --> ${document}` }, { text: ` ${document}<!-- end --> <?end?>` }, { text: base64(document) }])
      expect(describeContent(content).root).toEqual(root);
    expect(describeContent({ xml: "<fragment/>" }).root).toEqual({ name: "fragment", namespace: "" });
  });

  it("are not there when content begins with text, or has no element", () => {
    expect(describeContent({ xml: "text <a/>" }).root).toBeUndefined();
    expect(describeContent({ xml: "<!-- only -->" })).toEqual({ kind: "xml" });
  });
});

describe("versions of STIX", () => {
  it.each(["1.0", "1.0.1", "1.1", "1.1.1", "1.2"])("%s is in the package", (version) => {
    expect(describeContent({ xml: stix(version) }).stixVersion).toBe(version);
    expect(agrees(`urn:stix.mitre.org:xml:${version}`, { xml: stix(version) })).toBe(true);
  });

  it("come from the schema where the package does not say", () => {
    const location = `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="${stixNamespace} http://stix.mitre.org/XMLSchema/core/1.0.1/stix_core.xsd"`;
    expect(describeContent({ xml: `<STIX_Package xmlns="${stixNamespace}" ${location}/>` }).stixVersion).toBe("1.0.1");
    expect(describeContent({ xml: `<STIX_Package xmlns="${stixNamespace}" ${location} version="1.2"/>` }).stixVersion).toBe("1.2");
    expect(describeContent({ xml: `<STIX_Package xmlns="${stixNamespace}"/>` }).stixVersion).toBeUndefined();
  });

  it("come from OASIS as well", () => {
    const content = { xml: '<STIX_Package xmlns="http://docs.oasis-open.org/cti/ns/stix/core-1" version="1.2.1"/>' };
    expect(describeContent(content)).toMatchObject({ stixVersion: "1.2.1", binding: contentBindings.stix121 });
  });

  it("are no text of the sender's", () => {
    for (const version of ["2.0", "1", "1.1\u001b[2J", `1.${"1".repeat(1000)}`, ""])
      expect(describeContent({ xml: stix(version) }).stixVersion).toBeUndefined();
    expect(describeContent({ xml: '<STIX_Package version="1.1"/>' }).stixVersion).toBeUndefined();
  });

  it("are in JSON, before or behind the objects", () => {
    expect(describeContent({ text: bundle("2.1") })).toMatchObject({ kind: "json", stixVersion: "2.1" });
    expect(describeContent({ text: JSON.stringify({ type: "bundle", spec_version: "2.0", objects: [] }) }).stixVersion).toBe("2.0");
    const objects = Array.from({ length: 3000 }, (_, index) => ({ id: `indicator--${index}`, type: "indicator" }));
    const sorted = JSON.stringify({ id: "bundle--1", objects, spec_version: "2.0", type: "bundle" });
    expect(sorted.length).toBeGreaterThan(100_000);
    expect(describeContent({ text: sorted })).toMatchObject({ kind: "json", stixVersion: "2.0" });
    expect(describeContent({ text: JSON.stringify({ note: 'the "spec_version": "2.1" of it' }) }).stixVersion).toBeUndefined();
  });
});

describe("content bindings", () => {
  it("agree with what is found, or do not", () => {
    expect(agrees(contentBindings.stix111, { xml: stix("1.1.1") })).toBe(true);
    expect(agrees(contentBindings.stix11, { xml: stix("1.1.1") })).toBe(false);
    expect(agrees(contentBindings.stix111, { text: stix("1.1.1") })).toBe(true);
    expect(agrees(contentBindings.stix111, { text: base64(stix("1.1.1")) })).toBe(true);
    for (const characters of ["", "198.51.100.7", bundle("2.1")]) expect(agrees(contentBindings.stix111, { text: characters })).toBe(false);
    expect(agrees(contentBindings.cap12, { xml: `<alert xmlns="${contentBindings.cap12}"/>` })).toBe(true);
    expect(agrees(contentBindings.cap11, { xml: `<alert xmlns="${contentBindings.cap12}"/>` })).toBe(false);
    expect(agrees(contentBindings.xmlEncryption, { xml: `<EncryptedData xmlns="${contentBindings.xmlEncryption}"/>` })).toBe(true);
    expect(agrees(contentBindings.xmlEncryption, { xml: stix("1.2") })).toBe(false);
  });

  it("say nothing where nothing is known of them, or of the content's version", () => {
    expect(agrees("urn:example:own", { xml: stix("1.1.1") })).toBeUndefined();
    expect(agrees("", { xml: stix("1.1.1") })).toBeUndefined();
    expect(agrees(contentBindings.stix111, { xml: `<STIX_Package xmlns="${stixNamespace}"/>` })).toBeUndefined();
    expect(describeContent({ xml: stix("1.1.1") }).bindingAgrees).toBeUndefined();
  });

  it("[CB-ID-002] [CB-NEST-002] are compared by the outermost format, in any spelling of S/MIME", () => {
    const mime = { text: "Content-Type: application/x-pkcs7-mime\n\nMIIB" };
    for (const id of [contentBindings.smime, ...Object.keys(contentBindingAliases)]) {
      expect(agrees(id, mime)).toBe(true);
      expect(agrees(`${id}|${contentBindings.stix111}`, mime)).toBe(true);
    }
    expect(agrees(`${contentBindings.stix111}|${contentBindings.smime}`, mime)).toBe(false);
    expect(agrees(`${contentBindings.stix111}||`, mime)).toBeUndefined();
  });

  it("decide that opaque characters are S/MIME, never that markup is", () => {
    const described = (content: Content): ContentDescription => describeContent(block("application/x-pks7-mime", content));
    expect(described({ text: "MIIBzQ==" })).toMatchObject({ kind: "encrypted", bindingAgrees: true });
    expect(described({ text: wrapped(base64(Uint8Array.from({ length: 300 }, (_, index) => index * 7))) }).kind).toBe("encrypted");
    expect(described({ xml: stix("1.1.1") })).toMatchObject({ kind: "xml", bindingAgrees: false });
    expect(described({ text: "" }).kind).toBe("empty");
  });

  it("are repeated as they stand, from blocks of both versions", () => {
    expect(describeContent(block("application/x-pks7-mime", { text: "" })).claimedBinding).toBe("application/x-pks7-mime");
    const old = create(taxii10.ContentBlock, { contentBinding: contentBindings.stix111, content: { xml: stix("1.1.1") } });
    expect(describeContent(old)).toEqual({
      kind: "xml",
      root: { name: "STIX_Package", namespace: stixNamespace },
      stixVersion: "1.1.1",
      binding: contentBindings.stix111,
      claimedBinding: contentBindings.stix111,
      bindingAgrees: true,
    });
  });

  it("are told for the samples", () => {
    const folder = fileURLToPath(new URL("../../samples/stix/", import.meta.url));
    const found = readdirSync(folder).map((file) => describeContent({ text: readFileSync(`${folder}${file}`, "utf8") }));
    expect(found.map(({ kind }) => kind)).toEqual(found.map(() => "escaped-xml"));
    expect(new Set(found.map(({ binding }) => binding))).toEqual(new Set([contentBindings.stix111, contentBindings.stix12]));
  });
});

describe("any content", () => {
  it("has a kind, and text is never taken for elements", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          text.map(base64),
          fc.json(),
          foreignElement.map(({ xml }) => xml),
        ),
        text,
        (characters, claim) => {
          const { kind } = describeContent(block(claim, { text: characters }));
          expect(kind).not.toBe("xml");
          expect(kind === "empty").toBe(characters.trim() === "");
        },
      ),
    );
  });

  it("that is one element is the same document as element, as text and as base64", () => {
    fc.assert(
      fc.property(foreignElement, ({ xml }) => {
        const { root } = describeContent({ xml });
        expect(root).toBeDefined();
        expect(describeContent({ text: xml })).toMatchObject({ kind: "escaped-xml", root });
        expect(describeContent({ text: base64(xml) })).toMatchObject({ kind: "base64", decoded: "xml", root });
      }),
    );
  });

  it("that is an object or an array of JSON is that, packed or not", () => {
    fc.assert(
      fc.property(fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue())), fc.constantFrom(0, 2), (value, space) => {
        const json = JSON.stringify(value, null, space);
        expect(kindOf(json)).toBe("json");
        expect(describeContent({ text: base64(json) })).toMatchObject({ kind: "base64", decoded: "json" });
      }),
    );
  });
});

describe("large and hostile content", () => {
  const large = 1_000_000;

  it("is judged by its beginning and its end", () => {
    const middles = [" ".repeat(large), "x".repeat(large), "<".repeat(large), "\0".repeat(large), '"'.repeat(large)];
    for (const middle of middles) {
      expect(
        describeContent({ text: `${stix("1.1.1").replace("<a/></stix:STIX_Package>", middle)}</stix:STIX_Package> <!-- end -->` }),
      ).toMatchObject({
        kind: "escaped-xml",
        stixVersion: "1.1.1",
      });
      expect(describeContent({ text: `{"type": "bundle", "spec_version": "2.0", ${middle}}` })).toMatchObject({
        kind: "json",
        stixVersion: "2.0",
      });
      expect(describeContent({ xml: `<a>${middle}</a>` }).root?.name).toBe("a");
    }
  });

  it("is base64 over lines and without, when its end is as well", () => {
    const document = stix("1.2").replace("<a/>", `<a>${"data ".repeat(large / 5)}</a>`);
    for (const packed of [base64(document), wrapped(base64(document)), `\n${wrapped(base64(`${document}  `))}\n`])
      expect(describeContent({ text: packed })).toMatchObject({ kind: "base64", decoded: "xml", stixVersion: "1.2" });
    expect(kindOf(`${base64(document)}!`)).toBe("text");
    expect(kindOf(base64(document).replace(/.{10}$/, "<<<<<<<<<<"))).toBe("text");
  });

  it.each<[string, string]>([
    ["a million angle brackets", "<".repeat(large)],
    ["a million pairs of them", "<>".repeat(large / 2)],
    ["elements without end", "<a>".repeat(large / 3)],
    ["deep elements", `${"<a>".repeat(5000)}${"</a>".repeat(5000)}`],
    ["brackets without end", "[".repeat(large)],
    ["an attribute without end", `<a b="${"x".repeat(large)}`],
    ["a comment without end", `<!--${"-".repeat(large)}>`],
    ["comments at the end", `<a>${"<!---->".repeat(large / 7)}`],
    ["spaces behind the last name", `<a>${"x".repeat(large)}</a${" ".repeat(5000)}>`],
    ["a header without end", `Content-Type: ${"a".repeat(large)}`],
    ["lines without end", "\r\n:".repeat(large / 3)],
    ["spaces", " ".repeat(large)],
    ["a DOCTYPE", "<!DOCTYPE html><html></html>"],
    ["entities", '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>'],
    ["an entity from a file", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'],
    ["XML 1.1", '<?xml version="1.1"?><a/>'],
  ])("%s are text", (_, characters) => {
    expect(describeContent({ text: characters })).toEqual({ kind: "text" });
  });

  it("nested JSON is JSON however deep", () => {
    expect(kindOf(`${"[".repeat(30_000)}${"]".repeat(30_000)}`)).toBe("json");
    expect(kindOf(`${"[".repeat(large)}${"]".repeat(large)}`)).toBe("json");
  });
});
