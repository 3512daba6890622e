/** Lenient reading: characters XML does not have, and what stands before the beginning. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { messages, PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import { LenientText } from "../../src/codec/lenient-text.js";
import { fromXml, ParseError, readMessageStream } from "../../src/index.js";
import { message11, read, response11 } from "./lenient-reading.js";

const status = (message: string): string =>
  message11("Status_Message", `message_id="1" in_response_to="2" status_type="FAILURE"`, `<Message>${message}</Message>`);

describe("characters XML does not have", () => {
  it.each([
    ["a\u0000b", "a\ufffdb"],
    ["\u0001\u0008\u000b\u000c\u000e\u001f", "\ufffd".repeat(6)],
    ["\ufffe\uffff", "\ufffd\ufffd"],
    ["\ud800a\udc00", "\ufffda\ufffd"],
    ["&#0;&#1;&#x1F;&#xFFFE;&#xD800;&#x110000;", "\ufffd".repeat(6)],
    [`&#${"0".repeat(100)}1;&#xffffffffffffffffffffff;`, "\ufffd\ufffd"],
    ["<![CDATA[a\u0001]]>", "a\ufffd"],
    ["<!-- \u0001 -->a", "a"],
  ])("%j", (text, expected) => {
    const { value, deviations } = read(StatusMessage, status(text));
    expect(value.message).toBe(expected);
    expect(deviations).toMatchObject([{ code: "XML_MALFORMED" }]);
    expect(() => fromXml(StatusMessage, status(text))).toThrow(ParseError);
  });

  it("become U+FFFD in attributes and in content", () => {
    const block = `<Content_Block><Content_Binding binding_id="urn:&#2;"/><Content><a b="&#3;">\u0004</a><!--&#5;--></Content></Content_Block>`;
    const { value, deviations } = read(PollResponse, response11(block, `result_id="r&#1;"`));
    expect(value.resultId).toBe("r\ufffd");
    expect(value.contentBlocks[0]?.contentBinding.bindingId).toBe("urn:\ufffd");
    expect(value.contentBlocks[0]?.content).toEqual({ xml: expect.stringContaining(`b="\ufffd">\ufffd</a><!--&#5;-->`) as unknown });
    expect(deviations).toHaveLength(1);
  });

  it("are told once, with the place of the first", () => {
    const { deviations } = read(StatusMessage, `${status("\n a\u0001b\u0002").replace("<Message>", "\n<Message>")}`);
    expect(deviations).toEqual([
      {
        code: "XML_MALFORMED",
        reason: "U+0001 is no character of XML; U+FFFD stands for it, and for others like it",
        line: 3,
        column: 3,
        path: "Status_Message/Message",
      },
    ]);
    expect(read(StatusMessage, status("\n\n &#x1;\u0001")).deviations).toMatchObject([
      { reason: '"&#x1;" refers to no character of XML; U+FFFD stands for it, and for others like it', line: 3, column: 2 },
    ]);
  });

  it("what only looks like a reference stays", () => {
    const text = `<![CDATA[&#1;]]&#1;>]]>&#65;&amp;#1;<!--&#1;--><?p &#1;?><![CDATA[]]]]><![CDATA[>]]>`;
    const { value, deviations } = read(StatusMessage, status(text));
    expect(value.message).toBe("&#1;]]&#1;>A&#1;]]>");
    expect(deviations).toEqual([]);
  });

  it.each(["&#1", "&#;", "&#x;", "&#XFF;", "&1;", "&foo;", "a & b", `&#${"0".repeat(5000)}1;`.replace(";", "")])(
    "%j stays an error",
    (text) => {
      expect(() => read(StatusMessage, status(text))).toThrow(ParseError);
    },
  );

  it("are found however the characters are cut", () => {
    const parts = [
      "<![CDATA[",
      "]]>",
      "]",
      ">",
      "<!--",
      "-->",
      "-",
      "<?",
      "?>",
      "&#1;",
      "&#x1",
      ";",
      "&#",
      "&#65;",
      "&",
      "<",
      "!",
      "[",
      "a",
      "\u0001",
      "\ud83d",
      "\ude00",
      "\n",
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...parts), { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 12 }), (texts, cuts) => {
        const text = texts.join("");
        const [whole, pieces] = [filter([text]), filter(cutAt(text, cuts))];
        expect(pieces).toEqual(whole);
      }),
      { numRuns: 500 },
    );
  });
});

/** What comes out of the filter, and what it tells. */
function filter(pieces: readonly string[]): { text: string; told: unknown[] } {
  let text = "";
  const told: unknown[] = [];
  const sink = {
    write: (characters: string): void => {
      text += characters;
    },
    close: (): void => {
      text += "$";
    },
  };
  const lenient = new LenientText(sink, ({ reason, line, column }) => told.push([reason, line, column, text.length]));
  for (const piece of pieces) lenient.write(piece);
  lenient.close();
  return { text, told };
}

function cutAt(text: string, cuts: readonly number[]): string[] {
  const ends = [...cuts.map((cut) => Math.min(cut, text.length)), text.length].sort((a, b) => a - b);
  return ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));
}

describe("before the beginning", () => {
  const document = status("m");
  const declaration = `<?xml version='1.0' encoding="UTF-8" standalone='yes' ?>`;

  it.each([
    ["a blank line", `\n${declaration}\n`],
    ["blanks", ` \r\n\t${declaration}`],
    ["more blanks than anything looks at", `${" ".repeat(5000)}${declaration}`],
    ["a second byte order mark", `\ufeff\ufeff${declaration}`],
    ["a byte order mark behind blanks", `\n\ufeff${declaration}`],
    ["blanks behind a byte order mark", `\ufeff\n${declaration}`],
  ])("there may be %s", async (_, before) => {
    const inputs = [`${before}${document}`, new TextEncoder().encode(`${before}${document}`)];
    for (const input of inputs) {
      const { value, deviations } = read(messages, input);
      expect(value).toEqual(fromXml(messages, document));
      expect(deviations.length).toBeGreaterThan(0);
      expect(deviations.every(({ code, path }) => code === "XML_MALFORMED" && path === "")).toBe(true);
      expect(() => fromXml(messages, input)).toThrow(ParseError);
    }
    const bytes = new TextEncoder().encode(`${before}${document}`);
    const { message } = await readMessageStream(
      messages,
      Array.from(bytes, (byte) => new Uint8Array([byte])),
      { lenient: true },
    );
    expect(message).toEqual(fromXml(messages, document));
  });

  it("lines and columns stay what they are", () => {
    const { deviations } = read(messages, `\n\n${declaration}\n<x/>`.replace("<x/>", document.replace("<Message>", "<odd/><Message>")));
    expect(deviations.map(({ line, column }) => [line, column])).toEqual([
      [3, 1],
      [4, document.indexOf("<Message>") + 1],
    ]);
  });

  it("white space alone is no deviation", () => {
    expect(read(messages, ` \n${document}`).deviations).toEqual([]);
  });

  it.each([
    ["another version", `\n<?xml version="1.1"?>`],
    ["a broken declaration", `\n<?xml version="1.0" standalone="maybe"?>`],
    ["a declaration that does not end", `\n<?xml version="1.0" ${" ".repeat(2000)}?>`],
    ["text", "a"],
    ["a second declaration", `${declaration}${declaration}`],
    ["a declaration behind a comment", `<!-- c -->${declaration}`],
  ])("%s stays an error", (_, before) => {
    expect(() => read(messages, `${before}${document}`)).toThrow(expect.objectContaining({ code: "XML_MALFORMED" }));
  });
});

describe("what is never tolerated", () => {
  const content = (inside: string): string =>
    response11(`<Content_Block><Content_Binding binding_id="urn:x"/><Content>${inside}</Content></Content_Block>`);

  it.each([
    ["a DOCTYPE", "XML_FORBIDDEN", `<!DOCTYPE a>${status("")}`],
    ["another version of XML", "XML_FORBIDDEN", `<?xml version="1.1"?>${status("")}`],
    ["entities", "XML_FORBIDDEN", `<!DOCTYPE a [<!ENTITY b "c">]>${status("&b;")}`],
    ["an element that does not end", "XML_MALFORMED", content("<a>")],
    ["the end of a section", "XML_MALFORMED", status("]]>")],
    ["text behind the root", "XML_MALFORMED", `${status("")}x`],
    ["an empty document", "XML_MALFORMED", ""],
    ["a document that breaks off", "TRUNCATED", status("").slice(0, -5)],
    ["depth", "LIMIT_EXCEEDED", content(`${"<a>".repeat(300)}${"</a>".repeat(300)}`)],
    ["very many attributes", "LIMIT_EXCEEDED", content(`<a ${Array.from({ length: 300 }, (_, index) => `a${index}="1"`).join(" ")}/>`)],
  ])("%s", (_, code, document) => {
    const fault = (lenient: boolean): unknown => {
      try {
        return fromXml(messages, document, { lenient });
      } catch (error) {
        return error;
      }
    };
    expect(fault(true)).toMatchObject({ code });
    expect(fault(true)).toEqual(fault(false));
  });

  it("limits hold", () => {
    const limits = { maxItems: 2, maxTextLength: 100, maxBytes: 2000 };
    const block = "<Content_Block/>";
    expect(() => read(messages, response11(block.repeat(3)), { limits })).toThrow(/maxItems/);
    expect(() => read(messages, status("a".repeat(101)), { limits })).toThrow(/maxTextLength/);
    expect(() => read(messages, status("a".repeat(2000)), { limits })).toThrow(/maxBytes/);
    expect(() => read(messages, response11(`<Message>m</Message><Message>${"m".repeat(101)}</Message>`), { limits })).toThrow(
      /maxTextLength/,
    );
  });
});

describe("characters of two units", () => {
  const sections = ["😀😀", "<![CDATA[😀]]>", "<![CDATA[]😀]]]>", "<!--😀--😀-->", "<?p 😀?😀?>", "&#x1F600;😀&amp;😀"];

  it.each(sections)("are never cut, wherever the document is: %s", (section) => {
    const document = `<a>${section}${section}</a>`;
    for (let first = 0; first <= document.length; first++) {
      for (const second of [first, first + 1, first + 2, document.length]) {
        const passed: string[] = [];
        const told: ParseError[] = [];
        const text = new LenientText({ write: (piece) => passed.push(piece), close: () => {} }, (error) => told.push(error));
        // A decoder gives whole characters only.
        const cuts = [first, second].map((cut) => (/[\ud800-\udbff]/.test(document[cut - 1] ?? "") ? cut - 1 : cut));
        for (const piece of [document.slice(0, cuts[0]), document.slice(cuts[0], cuts[1]), document.slice(cuts[1])]) text.write(piece);
        text.close();
        expect([passed.join(""), told]).toEqual([document, []]);
      }
    }
  });
});
