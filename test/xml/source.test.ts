/** The tokenizer: names, scopes, limits, places, captures. Fed whole and in pieces, it says the same. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ParseError } from "../../src/errors.js";
import { defaultLimits, type Limits } from "../../src/xml/limits.js";
import { SaxesSource } from "../../src/xml/saxes-source.js";
import type { Capture } from "../../src/xml/source.js";

interface Run {
  readonly events: string[];
  readonly error: ParseError | undefined;
}

/** Runs `pieces` through the source; elements named `keep` are captured from within, `whole` with their tags. */
function run(pieces: readonly string[], limits: Partial<Limits> = {}): Run {
  const events: string[] = [];
  const wanted: Record<string, Capture> = { keep: { outer: false, events: false }, whole: { outer: true, events: false } };
  let text = "";
  const flush = (): void => {
    if (text !== "") events.push(`text ${text}`);
    text = "";
  };
  const source = new SaxesSource(
    {
      start(tag) {
        flush();
        const { line, column } = source.place();
        events.push(
          `<{${tag.namespace}}${tag.local} ${tag.attributes.map(({ namespace, local, value }) => `{${namespace}}${local}=${value}`).join(" ")} @${line}:${column}`,
        );
        return wanted[tag.local];
      },
      text(characters) {
        text += characters;
      },
      captured(markup, characters) {
        text = "";
        events.push(`captured ${markup} ${characters}`);
      },
      end() {
        flush();
        events.push(">");
      },
    },
    { limits: { ...defaultLimits, ...limits } },
  );
  try {
    for (const piece of pieces) source.write(piece);
    source.close();
    return { events, error: undefined };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { events, error };
  }
}

const document =
  '<?xml version="1.0"?>\r\n<!-- c --><a xmlns="urn:a" xmlns:p="urn:p"\n  p:x="1&amp;2" y="3">t<![CDATA[<&]]>u\n<keep>v<b q="p:z"/><!-- d -->w</keep><p:whole/><keep>plain &lt; <![CDATA[c]]></keep>😀</a>\n';

describe("events", () => {
  it("have names resolved and places", () => {
    expect(run([document])).toEqual({
      error: undefined,
      events: [
        "<{urn:a}a {urn:p}x=1&2 {}y=3 @2:11",
        "text t<&u\n",
        "<{urn:a}keep  @4:1",
        'captured true v<b xmlns="urn:a" xmlns:p="urn:p" q="p:z"/><!-- d -->w',
        ">",
        "<{urn:p}whole  @4:38",
        'captured true <p:whole xmlns="urn:a" xmlns:p="urn:p"/>',
        ">",
        "<{urn:a}keep  @4:48",
        "captured false plain < c",
        ">",
        "text 😀",
        ">",
      ],
    });
  });

  it("are the same however the document is cut", () => {
    const whole = run([document]);
    fc.assert(
      fc.property(fc.array(fc.nat(document.length), { maxLength: 12 }), (cuts) => {
        const sorted = [0, ...cuts.sort((a, b) => a - b), document.length];
        expect(run(sorted.slice(1).map((end, index) => document.slice(sorted[index], end)))).toEqual(whole);
      }),
    );
    expect(run([...document])).toEqual(whole);
  });
});

describe("what is refused", () => {
  it.each([
    ["<a><b></a>", "XML_MALFORMED"],
    ["<a", "TRUNCATED"],
    ["<a><b>text", "TRUNCATED"],
    ["", "XML_MALFORMED"],
    ["text", "XML_MALFORMED"],
    ["<a/><b/>", "XML_MALFORMED"],
    ["<a x='1' x='2'/>", "XML_MALFORMED"],
    ["<a xmlns:p='urn:x' xmlns:q='urn:x' p:b='' q:b=''/>", "XML_MALFORMED"],
    ["<p:a/>", "XML_MALFORMED"],
    ["<a:b:c xmlns:a='urn:a'/>", "XML_MALFORMED"],
    ["<a xmlns:p=''/>", "XML_MALFORMED"],
    ["<a xmlns:xml='urn:x'/>", "XML_MALFORMED"],
    ["<a xmlns:xmlns='urn:x'/>", "XML_MALFORMED"],
    ["<a>&unknown;</a>", "XML_MALFORMED"],
    ["<a>\u0001</a>", "XML_MALFORMED"],
    ["<a>]]></a>", "XML_MALFORMED"],
    ["<a><?p:i x?></a>", "XML_MALFORMED"],
    ["<!DOCTYPE a><a/>", "XML_FORBIDDEN"],
    ['<?xml version="1.1"?><a/>', "XML_FORBIDDEN"],
  ])("%j is %s", (text, code) => expect(run([text]).error?.code).toBe(code));

  it("is not confused by comments that speak of a DOCTYPE", () =>
    expect(run(["<!-- <!DOCTYPE a> --><?pi <!DOCTYPE?><a/>"]).error).toBeUndefined());

  it.each([
    ["maxDepth", "<a><b><c/></b></a>", { maxDepth: 2 }],
    ["maxAttributes", "<a b='' c='' d=''/>", { maxAttributes: 2 }],
    ["maxTextLength", `<a b='${"x".repeat(20)}'/>`, { maxTextLength: 10 }],
    ["maxContentLength", `<keep>${"x".repeat(20)}</keep>`, { maxContentLength: 10 }],
  ])("%s is a limit that is named", (name, text, limits) => {
    const { error } = run([text], limits);
    expect([error?.code, error?.message]).toEqual(["LIMIT_EXCEEDED", expect.stringContaining(name)]);
  });
});

describe("the cost of depth", () => {
  it("is the same at any depth", () => {
    const depth = 100_000;
    const { events, error } = run([`${"<p:a xmlns:p='urn:p'>".repeat(depth)}${"</p:a>".repeat(depth)}`], { maxDepth: depth });
    expect([error, events.length]).toEqual([undefined, 2 * depth]);
  });
});

describe("the cost of what stands before the root", () => {
  // Far beyond any time limit were each instruction to look at all those before it.
  it.each(["<?a?>", "<?a b?>\n", "<!--a-->"])("is the same for each %j", (piece) => {
    const prolog = piece.repeat(200_000);
    expect(run([prolog, "<a/>"]).error).toBeUndefined();
    expect(run([prolog, "<!DOCTYPE a>", prolog, "<a/>"]).error?.code).toBe("XML_FORBIDDEN");
  });

  it("is cut off when there is no root behind an instruction", () => {
    expect(run(["<?a?>"]).error?.code).toBe("TRUNCATED");
  });
});

describe("an ampersand that begins no reference", () => {
  it.each(["<a>x & y</a>", "<a>x &</a>", "<a b='x & y'/>", "<a>&#</a>", "<a>&amp</a>", `<a>&${"x".repeat(200)}</a>`])(
    "is a fault where it stands, not a document that breaks off: %s",
    (document) => {
      expect(run([document]).error?.code).toBe("XML_MALFORMED");
      expect(run([...document]).error?.code).toBe("XML_MALFORMED");
    },
  );

  it("is noticed before the rest of the document is read", () => {
    expect(run(["<a>x & y", "z".repeat(1000)]).error).toMatchObject({ code: "XML_MALFORMED", message: expect.stringContaining('"& y"') });
  });

  it("is awaited when it may yet begin one", () => {
    expect(run([..."<a>&amp;&#x41;&lt;</a>"]).error).toBeUndefined();
    expect(run(["<a>&am"]).error?.code).toBe("TRUNCATED");
  });
});
