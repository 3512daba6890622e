/** Lenient reading: bytes that are not in the encoding of their document. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { StatusMessage } from "../../generated/taxii11/index.js";
import { tolerantDecoder } from "../../src/codec/lenient-bytes.js";
import { fromXml, ParseError } from "../../src/index.js";
import type { Encoding } from "../../src/xml/encoding.js";
import { message11, read } from "./lenient-reading.js";

const status = (message: string): string =>
  message11("Status_Message", `message_id="1" in_response_to="2" status_type="FAILURE"`, `<Message>${message}</Message>`);

/** A document whose message has these bytes. */
function bytesOf(message: readonly number[], before = ""): Uint8Array {
  const [head = "", tail = ""] = `${before}${status("|")}`.split("|");
  return Uint8Array.from([...Buffer.from(head), ...message, ...Buffer.from(tail)]);
}

const latin = (text: string): number[] => [...Buffer.from(text, "latin1")];

describe("bytes that are not UTF-8", () => {
  it.each([
    ["windows-1252", [0x93, ...latin("caf\xe9 "), 0x94, 0x80], "“café ”€"],
    ["beside UTF-8", [...Buffer.from("é€😀"), 0xe9, ...Buffer.from("é")], "é€😀éé"],
    ["unassigned", [0x81, 0x8d, 0x8f, 0x90, 0x9d], "\ufffd".repeat(5)],
    ["overlong", [0xc0, 0xaf], "À¯"],
    ["a half of a pair", [0xed, 0xa0, 0x80], "í\u00a0€"],
    ["beyond Unicode", [0xf4, 0x90, 0x80, 0x80], "ô\ufffd€€"],
    ["cut short", [0xe2, 0x82, 0x41], "â‚A"],
  ])("%s", (_, message, expected) => {
    const document = bytesOf(message);
    const { value, deviations } = read(StatusMessage, document);
    expect(value.message).toBe(expected);
    expect(deviations).toMatchObject([
      {
        code: "BAD_ENCODING",
        reason: "the bytes are not UTF-8; what is not is read as windows-1252",
        line: 1,
        path: "Status_Message/Message",
      },
    ]);
    expect(() => fromXml(StatusMessage, document)).toThrow(expect.objectContaining({ code: "BAD_ENCODING" }));
  });

  it("have a place, and are told once", () => {
    const message = [...latin("\n\nab\xe9 \xe9"), ...Array.from({ length: 200_000 }, () => 0xe9)];
    const { value, deviations } = read(StatusMessage, bytesOf(message));
    expect(value.message).toHaveLength(message.length);
    expect(deviations).toEqual([
      {
        code: "BAD_ENCODING",
        reason: "the bytes are not UTF-8; what is not is read as windows-1252",
        line: 3,
        column: 3,
        path: "Status_Message/Message",
      },
    ]);
  });

  it("mean the same however they are cut", () => {
    const bytes = fc.array(
      fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x98, 0x80, 0xed, 0x81, 0x41)),
      { maxLength: 40 },
    );
    const encodings: readonly Encoding[] = ["utf-8", "us-ascii", "utf-16le", "utf-16be", "windows-1252"];
    fc.assert(
      fc.property(fc.constantFrom(...encodings), bytes, fc.array(fc.nat(40), { maxLength: 6 }), (encoding, list, cuts) => {
        const whole = Uint8Array.from(list);
        const ends = [...cuts.map((cut) => Math.min(cut, whole.length)), whole.length].sort((a, b) => a - b);
        expect(
          decode(
            encoding,
            ends.map((end, index) => whole.subarray(ends[index - 1] ?? 0, end)),
          ),
        ).toBe(decode(encoding, [whole]));
      }),
      { numRuns: 500 },
    );
  });

  it("leave UTF-8 what it is, and give a character for every other byte", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string({ unit: "binary" }), fc.uint8Array({ maxLength: 4 })), { maxLength: 8 }), (parts) => {
        const bytes = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : Buffer.from(part))));
        const text = decode("utf-8", [bytes]);
        expect(text.isWellFormed()).toBe(true);
        if (parts.every((part) => typeof part === "string")) expect(text).toBe(Buffer.from(parts.join("")).toString());
        expect(text.length).toBeLessThanOrEqual(bytes.length);
      }),
    );
  });
});

function decode(encoding: Encoding, chunks: readonly Uint8Array[]): string {
  let text = "";
  const decoder = tolerantDecoder(encoding);
  const sink = (characters: string): void => {
    text += characters;
  };
  for (const chunk of chunks) decoder(chunk, false, sink);
  decoder(new Uint8Array(0), true, sink);
  return text;
}

describe("labels that are not true", () => {
  it.each([
    ["us-ascii", Buffer.from("é"), "é"],
    ["us-ascii", [0xe9, 0x93], "é“"],
    ["windows-1252", [0x93, 0x81], "“\ufffd"],
  ])("bytes that are not %s", (charset, message, expected) => {
    const document = bytesOf([...message]);
    const { value, deviations } = read(StatusMessage, document, { charset });
    expect(value.message).toBe(expected);
    expect(deviations).toMatchObject([{ code: "BAD_ENCODING", path: "Status_Message/Message" }]);
    expect(() => fromXml(StatusMessage, document, { charset })).toThrow(ParseError);
  });

  it("a lone half in UTF-16 is replaced", () => {
    const bytes = Buffer.from(`\ufeff${status("a\ud800b")}`, "utf16le");
    const { value, deviations } = read(StatusMessage, bytes);
    expect(value.message).toBe("a\ufffdb");
    expect(deviations).toMatchObject([{ code: "BAD_ENCODING", path: "Status_Message/Message" }]);
  });

  it.each(["utf-16", "UTF-16LE", "x-unknown", "unicode"])("a declared encoding %s that cannot be is UTF-8", (encoding) => {
    const document = Buffer.from(`<?xml version="1.0" encoding="${encoding}"?>${status("é")}`);
    const { value, deviations } = read(StatusMessage, document);
    expect(value.message).toBe("é");
    expect(deviations).toMatchObject([{ code: "BAD_ENCODING" }]);
  });

  it("an unknown character set of the transport gives way to the declaration", () => {
    const document = Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>${status("\xe9")}`, "latin1");
    const { value, deviations } = read(StatusMessage, document, { charset: "binary" });
    expect(value.message).toBe("é");
    expect(deviations).toMatchObject([{ code: "BAD_ENCODING", reason: expect.stringContaining('"binary"') as unknown, line: 0, path: "" }]);
  });

  it("the character set of the transport still comes before the declaration", () => {
    const document = Buffer.from(`<?xml version="1.0" encoding="utf-16"?>${status("\xe9")}`, "latin1");
    expect(read(StatusMessage, document, { charset: "iso-8859-1" })).toMatchObject({ value: { message: "é" }, deviations: [] });
  });

  it("a byte order mark comes before all", () => {
    const document = Buffer.from(`\ufeff<?xml version="1.0" encoding="utf-16"?>${status("é")}`);
    expect(read(StatusMessage, document, { charset: "windows-1252" })).toMatchObject({ value: { message: "é" }, deviations: [] });
  });

  it("the declaration behind blank lines says the encoding", () => {
    const document = Buffer.from(`\n\n<?xml version="1.0" encoding="ISO-8859-1"?>${status("\xe9")}`, "latin1");
    const { value, deviations } = read(StatusMessage, document);
    expect(value.message).toBe("é");
    expect(deviations).toMatchObject([{ code: "XML_MALFORMED", line: 3, column: 1 }]);
  });

  it.each([
    ["an unknown encoding that is not UTF-8", Buffer.from(`<?xml version="1.0" encoding="Shift_JIS"?>${status("\x83\x65")}`, "latin1")],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0])],
  ])("%s stays an error", (_, document) => {
    expect(() => read(StatusMessage, document)).toThrow(expect.objectContaining({ code: "BAD_ENCODING" }));
  });

  it("a document that ends within a character is broken off", () => {
    const document = bytesOf([...Buffer.from("é")]);
    const cut = document.subarray(0, Buffer.from(document).indexOf(0xc3) + 1);
    expect(() => read(StatusMessage, cut)).toThrow(expect.objectContaining({ code: "TRUNCATED" }));
  });
});
