/** Encodings: by byte order mark, by the transport's charset, by declaration; and bytes that are none. libxml2 judges beside. */

import { XmlDocument, XmlLibError } from "libxml2-wasm";
import { describe, expect, test } from "vitest";
import { StatusMessage } from "../../generated/taxii11/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { ParseError } from "../../src/errors.js";
import { readMessageStream } from "../../src/message/stream.js";

type Name = "UTF-8" | "UTF-16LE" | "UTF-16BE" | "ISO-8859-1" | "US-ASCII" | "windows-1252";

const start = `<Status_Message xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1.1" message_id="1" in_response_to="2" status_type="SUCCESS">`;
const documentWith = (message: string, declaration = ""): string =>
  `${declaration}${start}\n<Message>${message}</Message>\n</Status_Message>`;
const declared = (encoding: string): string => `<?xml version="1.0" encoding="${encoding}"?>\n`;

/** Bytes of one character each, but for those of UTF-16. */
function encode(text: string, name: Name): Uint8Array {
  switch (name) {
    case "UTF-8":
      return new TextEncoder().encode(text);
    case "UTF-16LE":
      return new Uint8Array(Buffer.from(text, "utf16le"));
    case "UTF-16BE":
      return new Uint8Array(Buffer.from(text, "utf16le").swap16());
    case "windows-1252":
      return Uint8Array.from(text, (character) => windows1252.indexOf(character));
    default:
      return Uint8Array.from(text, (character) => character.charCodeAt(0));
  }
}

// Asked for at once, Node 20 gives ISO-8859-1.
const windows1252 = new TextDecoder("windows-1252").decode(
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
  { stream: true },
);

const marks: Readonly<Partial<Record<Name, readonly number[]>>> = {
  "UTF-8": [0xef, 0xbb, 0xbf],
  "UTF-16LE": [0xff, 0xfe],
  "UTF-16BE": [0xfe, 0xff],
};

const marked = (text: string, name: Name): Uint8Array => Uint8Array.from([...(marks[name] ?? []), ...encode(text, name)]);

/** All that an encoding can say and XML can carry. */
const repertoire: Readonly<Record<Name, string>> = {
  "UTF-8": "é \u0080 \u07ff \u0800 € \ud7ff \ue000 \ufffd \u{10000} \u{10ffff} \ufeff",
  "UTF-16LE": "é \u0080 € \ud7ff \ue000 \ufffd \u{10000} \u{10ffff} \ufeff \u0a0d \u3c3c",
  "UTF-16BE": "é \u0080 € \ud7ff \ue000 \ufffd \u{10000} \u{10ffff} \ufeff \u0a0d \u3c3c",
  "ISO-8859-1": "é ÿ \u0080 \u009f \u00a0",
  "US-ASCII": "a~\u007f",
  "windows-1252": "é ÿ € ” Ÿ \u00a0",
};

/** Ways to say what the encoding is. */
interface Way {
  readonly name: Name;
  readonly how: string;
  readonly bytes: Uint8Array;
  readonly charset?: string;
}

const text = (name: Name): string => repertoire[name];

const ways: readonly Way[] = [
  { name: "UTF-8", how: "nothing said", bytes: encode(documentWith(text("UTF-8")), "UTF-8") },
  ...(["UTF-8", "UTF-16LE", "UTF-16BE"] as const).flatMap((name): Way[] => [
    { name, how: "mark", bytes: marked(documentWith(text(name)), name) },
    { name, how: "mark and declaration", bytes: marked(documentWith(text(name), declared(name.slice(0, 6).replace(/-$/, ""))), name) },
    { name, how: "mark against the charset", bytes: marked(documentWith(text(name)), name), charset: "iso-8859-1" },
    { name, how: "mark against the declaration", bytes: marked(documentWith(text(name), declared("iso-8859-1")), name), charset: name },
    { name, how: "charset", bytes: encode(documentWith(text(name)), name), charset: name.toLowerCase() },
  ]),
  ...(["UTF-16LE", "UTF-16BE"] as const).flatMap((name): Way[] => [
    { name, how: "its first bytes", bytes: encode(documentWith(text(name), declared("UTF-16")), name) },
    { name, how: "its first bytes and charset utf-16", bytes: encode(documentWith(text(name)), name), charset: "utf-16" },
  ]),
  {
    name: "UTF-16BE",
    how: "charset utf-16 behind white space",
    bytes: encode(`\n${documentWith(text("UTF-16BE"))}`, "UTF-16BE"),
    charset: "utf-16",
  },
  ...(["ISO-8859-1", "US-ASCII", "windows-1252"] as const).flatMap((name): Way[] => [
    { name, how: "declaration", bytes: encode(documentWith(text(name), declared(name)), name) },
    {
      name,
      how: "declaration in lower case and single quotes",
      bytes: encode(documentWith(text(name), declared(name.toLowerCase()).replaceAll('"', "'")), name),
    },
    { name, how: "charset", bytes: encode(documentWith(text(name)), name), charset: name },
    { name, how: "charset against the declaration", bytes: encode(documentWith(text(name), declared("UTF-8")), name), charset: name },
  ]),
];

async function readInPieces(bytes: Uint8Array, size: number, charset?: string): Promise<string | undefined> {
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) => bytes.subarray(index * size, (index + 1) * size));
  const { message, blocks } = await readMessageStream(StatusMessage, pieces, charset === undefined ? {} : { charset });
  for await (const block of blocks) expect(block).toBeUndefined();
  return message.message;
}

/** What libxml2 reads as the message, or undefined. */
function byLibxml2(bytes: Uint8Array): string | undefined {
  try {
    using document = XmlDocument.fromBuffer(bytes);
    return document.get("//*[local-name() = 'Message']")?.content;
  } catch (error) {
    if (error instanceof XmlLibError) return undefined;
    throw error;
  }
}

describe("encodings", () => {
  test.each(ways)("$name: $how", async ({ name, bytes, charset }) => {
    const message = text(name);
    expect(fromXml(StatusMessage, bytes, charset === undefined ? {} : { charset }).message).toBe(message);
    for (const size of [1, 3, 4096]) expect(await readInPieces(bytes, size, charset)).toBe(message);
    if (charset === undefined) expect(byLibxml2(bytes)).toBe(message);
  });
});

/** Bytes of a message that are none of its encoding, behind a line and `é`. */
const wrong: readonly (readonly [Name, string, readonly number[]])[] = [
  ["UTF-8", "a byte no character begins with", [0xff]],
  ["UTF-8", "a continuation alone", [0x80]],
  ["UTF-8", "an overlong slash", [0xc0, 0xaf]],
  ["UTF-8", "an overlong three-byte form", [0xe0, 0x80, 0x80]],
  ["UTF-8", "half of a surrogate pair", [0xed, 0xa0, 0x80]],
  ["UTF-8", "a character above U+10FFFF", [0xf4, 0x90, 0x80, 0x80]],
  ["UTF-8", "a character that is cut off", [0xe2, 0x82]],
  ["UTF-8", "ISO-8859-1", [0xe9]],
  ["UTF-16LE", "the first half of a pair", [0x00, 0xd8, 0x20, 0x00]],
  ["UTF-16LE", "the second half of a pair", [0x00, 0xdc]],
  ["UTF-16BE", "the first half of a pair", [0xd8, 0x00, 0x00, 0x20]],
  ["UTF-16BE", "the second half of a pair", [0xdc, 0x00]],
  ["US-ASCII", "a byte above 127", [0xe9]],
  ["windows-1252", "a byte without a character", [0x81]],
];

function faultOf(action: () => unknown): ParseError {
  try {
    action();
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("bytes that are none of the encoding", () => {
  test.each(wrong)("%s: %s", async (name, _, fault) => {
    const before = name === "US-ASCII" ? "a\nb" : name === "windows-1252" ? "é\nb" : "é\ufffd\n\ufffd";
    const head = `${declared(name.startsWith("UTF-16") ? "UTF-16" : name)}${start}\n<Message>${before}`;
    const bytes = Uint8Array.from([...marked(head, name), ...fault, ...encode("</Message></Status_Message>", name)]);
    const { code, line, column } = faultOf(() => fromXml(StatusMessage, bytes));
    expect({ code, line, column }).toEqual({ code: "BAD_ENCODING", line: 4, column: 2 });
    for (const size of [1, 3, 4096])
      await expect(readInPieces(bytes, size)).rejects.toMatchObject({ code: "BAD_ENCODING", line: 4, column: 2 });
    // libxml2 takes bytes windows-1252 has no characters for as controls.
    if (name !== "windows-1252") expect(byLibxml2(bytes)).toBeUndefined();
  });

  test.each(["UTF-8", "UTF-16LE", "UTF-16BE"] as const)("%s: the document ends within a character", async (name) => {
    const whole = marked(documentWith("é"), name);
    const bytes = Uint8Array.from([...whole, ...(name === "UTF-8" ? [0xc3] : [0x0a])]);
    expect(faultOf(() => fromXml(StatusMessage, bytes))).toMatchObject({ code: "BAD_ENCODING", line: 3 });
    await expect(readInPieces(bytes, 1)).rejects.toMatchObject({ code: "BAD_ENCODING", line: 3 });
  });

  const nonsense: readonly (readonly [string, Uint8Array, string | undefined])[] = [
    ["UTF-32 with a mark", Uint8Array.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), undefined],
    ["UTF-32BE with a mark", Uint8Array.from([0, 0, 0xfe, 0xff, 0, 0, 0, 0x3c]), undefined],
    ["UTF-16 declared in UTF-8", encode(documentWith("a", declared("UTF-16")), "UTF-8"), undefined],
    ["an unknown declaration", encode(documentWith("a", declared("bogus")), "UTF-8"), undefined],
    ["an unknown charset", encode(documentWith("a"), "UTF-8"), "bogus"],
    ["UTF-7", encode(documentWith("a", declared("UTF-7")), "UTF-8"), undefined],
    ["a name of Object's", encode(documentWith("a", declared("constructor")), "UTF-8"), undefined],
    ["UTF-16 as UTF-8 by charset", encode(documentWith("é"), "UTF-16LE"), "utf-8"],
    ["UTF-8 as UTF-16 by charset", encode(documentWith("aé"), "UTF-8"), "utf-16"],
  ];

  test.each(nonsense)("%s", async (_, bytes, charset) => {
    const options = charset === undefined ? {} : { charset };
    const { code } = faultOf(() => fromXml(StatusMessage, bytes, options));
    expect(["BAD_ENCODING", "XML_MALFORMED", "TRUNCATED"]).toContain(code);
    await expect(readInPieces(bytes, 1, charset)).rejects.toMatchObject({ code });
  });
});
