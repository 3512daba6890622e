/**
 * Documents made to hurt: each is judged whole, read strictly and read as a stream, and ends with a verdict. They are as large
 * as they can be for a quick test, and large enough that anything worse than proportional would run into the time-out.
 */

import { describe, expect, it } from "vitest";
import { messages } from "../../generated/taxii11/index.js";
import { fromXml, ParseError, readMessageStream, validateXml } from "../../src/index.js";

const ns = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";
const message = (inside: string, attributes = ""): string =>
  `<t:Poll_Response xmlns:t="${ns}" message_id="1" in_response_to="2" collection_name="c"${attributes}>${inside}</t:Poll_Response>`;
const content = (inside: string): string =>
  message(`<t:Content_Block><t:Content_Binding binding_id="urn:x"/><t:Content>${inside}</t:Content></t:Content_Block>`);
const million = 1_000_000;

/** What it is, the document, and the code of its first fault; undefined where it is well. */
const documents: readonly (readonly [string, string, string | undefined])[] = [
  ["100,000 levels", content(`${"<a>".repeat(100_000)}${"</a>".repeat(100_000)}`), "LIMIT_EXCEEDED"],
  ["100,000 levels with a namespace each", content("<a xmlns='urn:a'>".repeat(100_000)), "LIMIT_EXCEEDED"],
  ["40,000 attributes", content(`<a ${Array.from({ length: 40_000 }, (_, index) => `b${index}=""`).join(" ")}/>`), "LIMIT_EXCEEDED"],
  [
    "20,000 namespace declarations",
    content(`<a ${Array.from({ length: 20_000 }, (_, index) => `xmlns:p${index}="urn:${index}"`).join(" ")}/>`),
    "LIMIT_EXCEEDED",
  ],
  [
    "100,000 prefixes, each for one element",
    content(Array.from({ length: 100_000 }, (_, index) => `<p${index}:a xmlns:p${index}="urn:x"/>`).join("")),
    undefined,
  ],
  [
    "100,000 elements at the top that need a prefix from outside",
    content("<t:x/>".repeat(100_000)).replace(`xmlns:t="${ns}"`, `xmlns:t="${ns}" xmlns:u="urn:u"`),
    undefined,
  ],
  ["an attribute of 5 MB", content(`<a b="${"x".repeat(5 * million)}"/>`), undefined],
  ["an attribute of 11 MB where values are read", message("", ` result_id="${"x".repeat(11 * million)}"`), "LIMIT_EXCEEDED"],
  ["a name of 1 MB", content(`<${"a".repeat(million)}/>`), undefined],
  ["a comment of 10 MB", content(`<!--${" x".repeat(5 * million)}-->`), undefined],
  ["a million comments", content("<!---->".repeat(million)), undefined],
  ["a CDATA section of 10 MB", content(`<![CDATA[${"]]".repeat(5 * million)}]]>`), undefined],
  ["a million character references", content("&#65;".repeat(million)), undefined],
  ["a million entities that are none", content("&x;".repeat(million)), "XML_MALFORMED"],
  [
    "entities that multiply",
    `<!DOCTYPE x [<!ENTITY a "${"x".repeat(1000)}"><!ENTITY b "${"&a;".repeat(1000)}">]>${content("&b;")}`,
    "XML_FORBIDDEN",
  ],
  ["an entity of a file", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>${content("&a;")}`, "XML_FORBIDDEN"],
  ["an attribute that does not end", `${content("").slice(0, 300)}<a b="${"x".repeat(10 * million)}`, "XML_MALFORMED"],
  ["a tag that does not end", `<t:Poll_Response ${"a='b' ".repeat(10)}${" ".repeat(10 * million)}`, "TRUNCATED"],
  ["a comment that does not end", `${message("").slice(0, 180)}<!-- ${"-".repeat(10)} ${"x".repeat(10 * million)}`, "XML_MALFORMED"],
  ["a processing instruction that does not end", `<?x ${"?".repeat(10 * million)}`, "TRUNCATED"],
  ["white space", " ".repeat(10 * million), "XML_MALFORMED"],
  ["zeros", "\0".repeat(10 * million), "XML_MALFORMED"],
  ["a URI of many dots and colons", message("", ` result_id="${"a:.%".repeat(million)}"`), "BAD_VALUE"],
  ["a URI of 4 MB", message("", ` result_id="//${"a:b@".repeat(million)}"`), "BAD_VALUE"],
  [
    "a timestamp of 5 MB",
    message(`<t:Inclusive_End_Timestamp>2014-01-01T00:00:00.${"0".repeat(5 * million)}Z</t:Inclusive_End_Timestamp>`),
    "BAD_VALUE",
  ],
  ["200,000 elements that cannot come here", message("<t:Nonsense/>".repeat(200_000)), "UNEXPECTED_ELEMENT"],
];

function codeOf(read: () => unknown): string | undefined {
  try {
    read();
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.code;
    throw error;
  }
}

function* pieces(bytes: Uint8Array, length: number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

describe("a hostile document", () => {
  it.each(documents)("%s", { timeout: 30_000 }, async (_, text, code) => {
    const bytes = new TextEncoder().encode(text);
    const whole = codeOf(() => fromXml(messages, bytes));
    // What is both cut off and odd may be told either way; that it is refused is what counts.
    const acceptable = code === "TRUNCATED" || code === "XML_MALFORMED" ? ["TRUNCATED", "XML_MALFORMED", "LIMIT_EXCEEDED"] : [code];
    expect(acceptable).toContain(whole);
    const verdict = validateXml(bytes, { schemaOnly: true });
    if (code !== undefined) expect(verdict.ok).toBe(false);
    let streamed: string | undefined;
    try {
      const { blocks } = await readMessageStream(messages, pieces(bytes, 4096));
      for await (const block of blocks) expect(block.content).toBeDefined();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      streamed = error.code;
    }
    expect(acceptable).toContain(streamed);
  });

  it("says the same when it comes byte by byte", async () => {
    const text = content("<a xmlns:p='urn:p' p:b='&lt;é😀'><!-- c --><![CDATA[d]]></a>");
    const { blocks } = await readMessageStream(messages, pieces(new TextEncoder().encode(text), 1));
    const got: unknown[] = [];
    for await (const block of blocks) got.push(block);
    expect(got).toEqual(Reflect.get(fromXml(messages, text), "contentBlocks"));
  });
});
