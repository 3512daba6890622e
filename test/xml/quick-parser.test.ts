/** The quicker parser against saxes itself: the same tokens and faults at the same places, however the document is cut. */

import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, it } from "vitest";
import { QuickParser } from "../../src/xml/quick-parser.js";

type Parser = SaxesParser<{ xmlns: false; position: false }>;

/** Everything a parser tells of a document that comes in these pieces. */
function told(parser: Parser, pieces: readonly string[], listening: boolean): string[] {
  const lines: string[] = [];
  const note = (what: string, ...values: unknown[]): void => {
    lines.push(
      [what, parser.line, parser.column, parser.columnIndex, parser.position, ...values.map((value) => JSON.stringify(value))].join(" "),
    );
  };
  parser.on("error", (error) => note("error", error.message));
  parser.on("opentag", ({ name, attributes }) => note("open", name, { ...attributes }));
  parser.on("closetag", ({ name }) => note("close", name));
  parser.on("attribute", ({ name, value }) => note("attribute", name, value));
  if (listening) {
    parser.on("text", (text) => note("text", text));
    parser.on("cdata", (text) => note("cdata", text));
  }
  for (const piece of pieces) parser.write(piece);
  note("fed");
  parser.close();
  note("closed");
  return lines;
}

function cut(document: string, places: readonly number[]): string[] {
  const at = [...new Set(places.map((place) => place % (document.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, index) => document.slice(start, at[index] ?? document.length)).filter((piece) => piece !== "");
}

const word = fc.constantFrom(
  "a",
  "abc",
  "ein Wort",
  "x".repeat(300),
  " ",
  "\n",
  "\r\n",
  "\r",
  "\t",
  "]",
  "]]",
  "]]>",
  ">",
  "&amp;",
  "&lt;",
  "&#65;",
  "&#x1F600;",
  "&bad;",
  "&",
  "é",
  "Ω",
  "😀",
  "\u2028",
  "\x85",
  "\x01",
  "\ufffe",
  "\ud800",
  "<",
  '"',
  "'",
  "=",
  "/",
  "<b>",
  "</b>",
  "<b/>",
  "<c d='e'>",
  "</c>",
  "<x:y-z.0 a:b=\"1 > 2\" c='\n\t' é=''/>",
  '<b c="&quot;]]>"/>',
  "<![CDATA[ ]] > <q> ]]>",
  "<!-- <x> -->",
  "<?pi data?>",
  "<b c='d' c='e'/>",
  "<b c=d>",
  "<b c='<'/>",
);
const inner = fc.array(word, { maxLength: 40 }).map((words) => words.join(""));

describe("the quicker parser", () => {
  it.each([true, false])("tells what saxes tells, listening to text: %s", (listening) => {
    fc.assert(
      fc.property(inner, fc.array(fc.nat(2000), { maxLength: 12 }), (text, places) => {
        const pieces = cut(`<?xml version="1.0"?>\n<r>${text}</r>\n`, places);
        expect(told(new QuickParser(), pieces, listening)).toEqual(
          told(new SaxesParser({ xmlns: false, position: false }), pieces, listening),
        );
      }),
      { numRuns: 3000 },
    );
  });

  it("does so at every cut of one document", () => {
    const document = "<r>\n one\r\n]]<a:b c='1&amp;\n2' d=\"x\">two\nthree 😀&#10;</a:b>\n\n<![CDATA[]]]]>four</r>";
    for (let at = 1; at < document.length; at++) {
      const pieces = [document.slice(0, at), document.slice(at)];
      const expected = told(new SaxesParser({ xmlns: false, position: false }), pieces, true);
      expect(told(new QuickParser(), pieces, true)).toEqual(expected);
    }
  });
});
