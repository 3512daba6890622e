/** The cursor against saxes: on well-formed markup it finds the same, and on any other it ends. */

import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { ParseError } from "../../src/errors.js";
import { MarkupCursor } from "../../src/xml/cursor.js";

/** What is found in markup, a line for each: names, attributes that declare nothing, characters in one piece. */
class Findings {
  readonly lines: string[] = [];
  #text = "";

  add(what: string, ...values: string[]): void {
    if (this.#text !== "") this.lines.push(`text ${JSON.stringify(this.#text)}`);
    this.#text = "";
    this.lines.push([what, ...values.map((value) => JSON.stringify(value))].join(" "));
  }

  text(text: string): void {
    this.#text += text;
  }
}

function localOf(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** By saxes, within an element of its own, as it takes one root only; undefined when it says that markup is not well-formed. */
function bySaxes(markup: string): string[] | undefined {
  const findings = new Findings();
  const parser = new SaxesParser({ xmlns: false, position: false });
  let depth = 0;
  parser.on("opentagstart", ({ name }) => {
    if (depth++ > 0) findings.add("start", localOf(name));
  });
  parser.on("attribute", ({ name, value }) => {
    if (!/^xmlns(?::|$)/.test(name)) findings.add("attribute", localOf(name), value);
  });
  parser.on("text", (text) => findings.text(text));
  parser.on("cdata", (text) => findings.text(text));
  parser.on("closetag", () => findings.add(--depth > 0 ? "end" : "done"));
  try {
    parser.write(`<wrapper>${markup}</wrapper>`).close();
    return findings.lines;
  } catch {
    return undefined;
  }
}

function byCursor(markup: string): string[] {
  const findings = new Findings();
  const cursor = new MarkupCursor(markup);
  for (;;) {
    const token = cursor.next(true);
    if (token === "text") findings.text(cursor.text);
    else if (token === "start") {
      findings.add("start", cursor.local);
      while (cursor.nextAttribute()) if (!cursor.isDeclaration) findings.add("attribute", cursor.local, cursor.value);
    } else {
      findings.add(token);
      if (token === "done") return findings.lines;
    }
  }
}

/** Starts and ends only, attributes and text passed over. */
function structureByCursor(markup: string): string[] {
  const lines: string[] = [];
  const cursor = new MarkupCursor(markup);
  for (let token = cursor.next(false); token !== "done"; token = cursor.next(false))
    lines.push(token === "start" ? `start ${JSON.stringify(cursor.local)}` : token);
  return lines;
}

function structureOf(lines: readonly string[]): string[] {
  return lines.filter((line) => line.startsWith("start ") || line === "end");
}

const piece = fc.constantFrom(
  "a word",
  " ",
  "\n\t",
  "\r\n",
  "\r",
  "]",
  ">",
  "'",
  '"',
  "=",
  "/",
  "&amp;",
  "&lt;&gt;",
  "&quot;&apos;",
  "&#65;",
  "&#x1F600;",
  "&#xD;&#10;&#9;",
  "&#0000000065;",
  "&amp;lt;",
  "é",
  "“Ω”",
  "😀",
);
const name = fc.constantFrom("a", "b", "p:a", "q:Long_Name-1.x", "xmlnsa", "é", "p:xmlns", "Ωx");
const gap = fc.constantFrom(" ", "\n", "\r\n  ", "\t");
const room = fc.constantFrom("", "", " ", "\n");
const aside = fc.constantFrom("<!-- <a> & ' -->", "<!---->", "<?pi <a> ' & ?>", "<?pi?>");
const literal = fc.constantFrom("<![CDATA[]]>", "<![CDATA[<a>&amp;]]]]>", "<![CDATA[\r\n]] > ]]>");

const attribute = fc
  .tuple(fc.oneof(name, fc.constantFrom("xmlns", "xmlns:p", "xml:lang")), fc.array(piece, { maxLength: 4 }), fc.boolean(), gap, room, room)
  .map(([key, pieces, single, before, left, right]) => {
    const mark = single ? "'" : '"';
    return { key, written: `${before}${key}${left}=${right}${mark}${pieces.join("").replaceAll(mark, "")}${mark}` };
  });

const { content } = fc.letrec<{ content: string; element: string }>((tie) => ({
  content: fc
    .array(
      fc.oneof(
        { maxDepth: 4, depthIdentifier: "markup" },
        piece.map((text) => text),
        literal,
        aside,
        tie("element"),
      ),
      { maxLength: 5, depthIdentifier: "markup" },
    )
    // Brackets and a ">" that happen to stand beside each other would be what text must not contain.
    .map((parts) => parts.reduce((all, part) => (all.endsWith("]]") && part.startsWith(">") ? `${all} ${part}` : all + part), "")),
  element: fc
    .tuple(name, fc.uniqueArray(attribute, { selector: ({ key }) => key, maxLength: 3 }), tie("content"), room, fc.boolean())
    .map(([tag, attributes, inner, end, mayBeEmpty]) => {
      const head = `<${tag}${attributes.map(({ written }) => written).join("")}${end}`;
      return mayBeEmpty && inner === "" ? `${head}/>` : `${head}>${inner}</${tag}${end}>`;
    }),
}));

const junk = fc
  .array(
    fc.oneof(
      piece,
      aside,
      literal,
      fc.constantFrom(
        "<a>",
        "</a>",
        "<b/>",
        "<a b='",
        "<",
        "<!",
        "<?",
        "</",
        "&",
        "&x;",
        "&#0;",
        "<a b>",
        "]]>",
        "--",
        "<p:>",
        "<a/ >",
        "<a b=c>",
      ),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(""));

describe("the cursor", () => {
  it("finds what saxes finds", () => {
    fc.assert(
      fc.property(content, (markup) => {
        const expected = bySaxes(markup);
        expect(expected).toBeDefined();
        expect(byCursor(markup)).toEqual(expected);
        expect(structureByCursor(markup)).toEqual(structureOf(expected ?? []));
      }),
      { numRuns: 5000 },
    );
  });

  it("ends on anything, with a place in an error of ours if it does not get through, and on what saxes takes gets through", () => {
    let wellFormed = 0;
    fc.assert(
      fc.property(junk, (markup) => {
        const expected = bySaxes(markup);
        if (expected === undefined) expect(() => endsWithinReason(markup)).not.toThrow();
        else expect(byCursor(markup)).toEqual(expected);
        if (expected !== undefined) wellFormed++;
      }),
      { numRuns: 5000 },
    );
    // Both are common.
    expect(wellFormed).toBeGreaterThan(500);
    expect(wellFormed).toBeLessThan(4500);
  });

  /** There are no more tokens than characters. */
  function endsWithinReason(markup: string): void {
    const cursor = new MarkupCursor(markup);
    try {
      for (let tokens = 0; tokens <= markup.length; tokens++) {
        const token = cursor.next(true);
        if (token === "done") return;
        if (token === "text") expect(cursor.text.length).toBeLessThanOrEqual(markup.length);
        if (token === "start") while (cursor.nextAttribute()) expect(cursor.value.length).toBeLessThanOrEqual(markup.length);
      }
      expect.fail(`no end: ${JSON.stringify(markup)}`);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      expect(error).toMatchObject({ code: "XML_MALFORMED", line: expect.any(Number), column: expect.any(Number) });
      expect(error.line).toBeLessThanOrEqual(markup.split(/\r\n?|\n/).length);
    }
  }

  it.each([
    ["<a>", "<a> has no end", 1, 4],
    ["<a>\n <b></a>", "expected the end of <b>", 2, 7],
    ["</a>", "an end tag without a start", 1, 3],
    ["<a b>", "expected = and a value", 1, 5],
    ["<a b=c>", "in quotes", 1, 6],
    ["<a b='c>", "has no end", 1, 6],
    ["<a>&nbsp;</a>", 'found "&nbsp;"', 1, 4],
    ["<a>&#0;</a>", 'found "&#0;"', 1, 4],
    ["<a>&#x110000;</a>", 'found "&#x110000;"', 1, 4],
    ["<a>&</a>", 'found "&"', 1, 4],
    ["<!-- ", "a comment has no end", 1, 1],
    ["<![CDATA[ ]]", "a CDATA section has no end", 1, 10],
    ["<?pi ", "a processing instruction has no end", 1, 1],
    ["<!DOCTYPE a>", "expected a comment, a CDATA section or an element", 1, 1],
    ["< a/>", "expected a name", 1, 2],
  ])("says what is wrong with %s", (markup, reason, line, column) => {
    const error = fault(markup);
    expect(error.reason).toContain(reason);
    expect(error).toMatchObject({ code: "XML_MALFORMED", line, column });
  });

  function fault(markup: string): ParseError {
    try {
      byCursor(markup);
    } catch (error) {
      if (error instanceof ParseError) return error;
      throw error;
    }
    throw new Error(`nothing is wrong with ${markup}`);
  }
});
