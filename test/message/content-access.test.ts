import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentBlock } from "../../generated/taxii11/index.js";
import { checkedXml } from "../../src/binding/content.js";
import type { Content } from "../../src/binding/index.js";
import { ParseError } from "../../src/errors.js";
import { ContentError, contentBytes, contentJson, contentXml } from "../../src/message/content/index.js";
import { create } from "../../src/message/create.js";
import { foreignElement } from "../fuzz/open-content.js";

const base64 = (characters: string | Uint8Array): string => Buffer.from(characters).toString("base64");

function refusal(call: () => unknown): ContentError {
  try {
    call();
  } catch (error) {
    if (error instanceof ContentError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("contentXml", () => {
  const xml = '<n:a xmlns:n="urn:n">t &amp; u</n:a>';

  it("gives elements as they stand, of content and of blocks", () => {
    expect(contentXml({ xml })).toBe(xml);
    expect(contentXml({ xml: `\n${xml} <b/>` })).toBe(`\n${xml} <b/>`);
    expect(contentXml(checkedXml(xml))).toBe(xml);
    expect(contentXml(create(ContentBlock, { contentBinding: { bindingId: "urn:a:b" }, content: { xml } }))).toBe(xml);
  });

  it("[XML-CBK-007] unescapes only when asked to", () => {
    const content = { text: ` \n<?xml version="1.0"?>\n${xml}\n` };
    const error = refusal(() => contentXml(content));
    expect(error.message).toBe("the content is XML escaped as text; expected XML, which the option unescape gives");
    expect([error.code, error.kind, error.option, error.name]).toEqual(["NOT_XML", "escaped-xml", "unescape", "ContentError"]);
    expect(refusal(() => contentXml(content, { unescape: false, decodeBase64: true })).option).toBe("unescape");
    expect(contentXml(content, { unescape: true })).toBe(`<?xml version="1.0"?>\n${xml}`);
  });

  it("decodes base64 only when asked to, in the encoding the document tells", () => {
    const content = { text: base64(` ${xml}`) };
    const error = refusal(() => contentXml(content, { unescape: true }));
    expect(error.message).toBe("the content is XML in base64; expected XML, which the option decodeBase64 gives");
    expect([error.kind, error.option]).toEqual(["base64", "decodeBase64"]);
    expect(contentXml(content, { decodeBase64: true })).toBe(xml);
    const latin = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>', "latin1");
    expect(contentXml({ text: base64(latin) }, { decodeBase64: true })).toContain("<a>é</a>");
    const wrong = base64(Buffer.from('<?xml version="1.0" encoding="UTF-8"?><a>é</a>', "latin1"));
    expect(refusal(() => contentXml({ text: wrong }, { decodeBase64: true })).message).toMatch(
      /^the content cannot be decoded: the bytes are not UTF-8/,
    );
  });

  it.each<[string, Content]>([
    ["the content is JSON; expected XML", { text: '{"a":1}' }],
    ["the content is JSON in base64; expected XML", { text: base64('{"a":1}') }],
    ["the content is text; expected XML", { text: "198.51.100.7" }],
    ["the content is text; expected XML", { text: "<!DOCTYPE html><html></html>" }],
    ["the content is empty; expected XML", { text: "" }],
    ["the content is encrypted; expected XML", { text: "-----BEGIN PKCS7-----" }],
  ])("says that %s", (message, content) => {
    const error = refusal(() => contentXml(content, { unescape: true, decodeBase64: true }));
    expect([error.message, error.option]).toEqual([message, undefined]);
  });

  it("[SEC-XML-001] gives nothing that is wrong behind its beginning", () => {
    const long = "x".repeat(100_000);
    const wrong = refusal(() => contentXml({ text: `<a>${long}&b;</a>` }, { unescape: true }));
    expect(wrong.message).toMatch(/^the content begins like XML and is not: .*line 1/);
    expect(wrong.cause).toBeInstanceOf(ParseError);
    const deep = `<a>${"<b>".repeat(1000)}${long}${"</b>".repeat(1000)}</a>`;
    expect(refusal(() => contentXml({ text: deep }, { unescape: true })).cause).toMatchObject({ code: "LIMIT_EXCEEDED" });
    expect(refusal(() => contentXml({ xml: "<a>" })).message).toMatch(/^the content is not well-formed: .*line 1/);
    expect(
      refusal(() =>
        contentXml({ text: `${base64(`<a>${long}</a>`).slice(0, -5000)}!${base64(`${long}</a>`).slice(-5000)}` }, { decodeBase64: true }),
      ).code,
    ).toBe("NOT_XML");
  });

  it("gives any document back, escaped or packed", () => {
    fc.assert(
      fc.property(foreignElement, (content) => {
        expect(contentXml(content)).toBe(content.xml);
        expect(contentXml({ text: content.xml }, { unescape: true })).toBe(content.xml);
        expect(contentXml({ text: base64(content.xml) }, { decodeBase64: true })).toBe(content.xml);
        expect(() => contentXml({ text: content.xml })).toThrow(ContentError);
        expect(() => contentXml({ text: base64(content.xml) })).toThrow(ContentError);
      }),
    );
  });
});

describe("contentJson", () => {
  const values = fc.oneof(fc.array(fc.jsonValue()), fc.dictionary(fc.string(), fc.jsonValue()));

  it("gives the value, from base64 only when asked to", () => {
    fc.assert(
      fc.property(values, (value) => {
        const json = JSON.stringify(value);
        const same: unknown = JSON.parse(json);
        expect(contentJson({ text: `\ufeff ${json}\n` })).toEqual(same);
        expect(contentJson({ text: base64(json) }, { decodeBase64: true })).toEqual(same);
        expect(refusal(() => contentJson({ text: base64(json) }))).toMatchObject({ code: "NOT_JSON", option: "decodeBase64" });
      }),
    );
  });

  it.each<[string, Content]>([
    ["the content is XML; expected JSON", { xml: "<a/>" }],
    ["the content is XML escaped as text; expected JSON", { text: "<a/>" }],
    ["the content is text; expected JSON", { text: "{a}" }],
    ["the content is empty; expected JSON", { text: " " }],
  ])("says that %s", (message, content) => {
    expect(refusal(() => contentJson(content, { decodeBase64: true })).message).toBe(message);
  });

  it("says what is no JSON behind its beginning, and repeats none of it", () => {
    const secret = "password";
    const error = refusal(() => contentJson({ text: `{"a": ${secret}${" ".repeat(100_000)}}` }));
    expect([error.code, error.kind, error.message]).toEqual(["NOT_JSON", "json", "the content begins like JSON and is not"]);
    expect(JSON.stringify(error)).not.toContain(secret);
  });
});

describe("contentBytes", () => {
  it("are the characters in UTF-8", () => {
    expect(contentBytes({ text: "é" })).toEqual(Uint8Array.of(0xc3, 0xa9));
    expect(contentBytes({ xml: "<a/>" })).toEqual(new TextEncoder().encode("<a/>"));
    expect(contentBytes({ text: "" })).toHaveLength(0);
    expect(contentBytes({ text: "AAEC" })).toEqual(new TextEncoder().encode("AAEC"));
  });

  it("are what base64 stands for, when asked for", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom("", " ", "\r\n"), (bytes, space) => {
        const packed = base64(bytes).replace(/.{4}/g, (four) => `${four}${space}`);
        expect(contentBytes({ text: packed }, { decodeBase64: true })).toEqual(new Uint8Array(bytes));
      }),
    );
  });

  it.each<[string, Content]>([
    ["the content is XML; expected base64", { xml: "<a/>" }],
    ["the content is text; expected base64", { text: "a!b" }],
    ["the content is JSON; expected base64", { text: "{}" }],
  ])("are refused when %s", (message, content) => {
    expect(refusal(() => contentBytes(content, { decodeBase64: true }))).toMatchObject({ code: "NOT_BASE64", message });
  });
});
