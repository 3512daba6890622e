/** Bytes to characters, strictly: a byte that does not belong is an error, never a replacement character. */

import { type Location, ParseError } from "../errors.js";

/** Encodings a document may have. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "iso-8859-1" | "us-ascii" | "windows-1252";

const labels: Readonly<Record<string, Encoding | "utf-16">> = {
  "utf-8": "utf-8",
  utf8: "utf-8",
  "utf-16": "utf-16",
  utf16: "utf-16",
  "utf-16le": "utf-16le",
  "utf-16be": "utf-16be",
  "iso-8859-1": "iso-8859-1",
  "iso_8859-1": "iso-8859-1",
  "iso8859-1": "iso-8859-1",
  latin1: "iso-8859-1",
  "latin-1": "iso-8859-1",
  l1: "iso-8859-1",
  "us-ascii": "us-ascii",
  ascii: "us-ascii",
  "windows-1252": "windows-1252",
  cp1252: "windows-1252",
};

const nowhere: Location = { line: 0, column: 0, path: "" };

interface Detected {
  readonly encoding: Encoding;
  /** Bytes of the byte order mark. */
  readonly skip: number;
}

/** How many bytes {@link detectEncoding} wants to see of a longer document. */
export const detectionLength = 1024;

/**
 * The encoding of a document: its byte order mark, then `charset` (from the transport), then its XML declaration, then UTF-8.
 *
 * @param head the first bytes, {@link detectionLength} of them where there are as many
 * @throws ParseError `BAD_ENCODING` for encodings not listed in {@link Encoding}, and for a declaration that cannot be true
 */
export function detectEncoding(head: Uint8Array, charset?: string): Detected {
  const [a, b, c, d] = head;
  if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: "utf-8", skip: 3 };
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff)) {
    throw new ParseError("BAD_ENCODING", "UTF-32 is not supported; expected UTF-8 or UTF-16", nowhere);
  }
  if (a === 0xff && b === 0xfe) return { encoding: "utf-16le", skip: 2 };
  if (a === 0xfe && b === 0xff) return { encoding: "utf-16be", skip: 2 };
  const wide = a === 0x3c && b === 0 && d === 0 ? "utf-16le" : a === 0 && b === 0x3c && c === 0 ? "utf-16be" : undefined;
  if (charset !== undefined && charset !== "") return { encoding: named(charset, wide, "the given character set"), skip: 0 };
  if (wide !== undefined) return { encoding: wide, skip: 0 };
  const declared = declaredEncoding(head);
  if (declared === undefined) return { encoding: "utf-8", skip: 0 };
  const encoding = named(declared, undefined, "the XML declaration's encoding");
  if (encoding.startsWith("utf-16")) {
    throw new ParseError("BAD_ENCODING", `the XML declaration says ${declared} but the bytes are not UTF-16`, {
      line: 1,
      column: 1,
      path: "",
    });
  }
  return { encoding, skip: 0 };
}

function named(label: string, wide: Encoding | undefined, where: string): Encoding {
  const known = labels[label.trim().toLowerCase()];
  if (known === undefined) {
    const list = "UTF-8, UTF-16, ISO-8859-1, US-ASCII or windows-1252";
    throw new ParseError("BAD_ENCODING", `${where} is ${JSON.stringify(label)}; expected ${list}`, nowhere);
  }
  // RFC 2781: UTF-16 without a mark and without a label of its order is big-endian.
  return known === "utf-16" ? (wide ?? "utf-16be") : known;
}

function declaredEncoding(head: Uint8Array): string | undefined {
  const text = latin1(head.subarray(0, detectionLength));
  const match =
    /^<\?xml[\t\n\r ]+version[\t\n\r ]*=[\t\n\r ]*(?:"[^"]*"|'[^']*')[\t\n\r ]+encoding[\t\n\r ]*=[\t\n\r ]*(?:"([^"]*)"|'([^']*)')/.exec(
      text,
    );
  return match?.[1] ?? match?.[2];
}

/** The characters of a whole document, without byte order mark. */
export function decode(bytes: Uint8Array, charset?: string): string {
  const { encoding, skip } = detectEncoding(bytes.subarray(0, detectionLength), charset);
  return chunkDecoder(encoding)(bytes.subarray(skip), true);
}

/** Decodes a document that arrives in pieces. */
export class DocumentDecoder {
  readonly #charset: string | undefined;
  #head: Uint8Array | undefined = new Uint8Array(0);
  #decode: ChunkDecoder | undefined;

  constructor(charset?: string) {
    this.#charset = charset;
  }

  /** Characters that are complete with `chunk`. */
  decode(chunk: Uint8Array): string {
    if (this.#decode !== undefined) return this.#decode(chunk, false);
    const head = concatenate(this.#head ?? new Uint8Array(0), chunk);
    this.#head = head;
    return head.length < detectionLength ? "" : this.#start(false);
  }

  /** The last characters; fails when the bytes end within one. */
  end(): string {
    if (this.#decode !== undefined) return this.#decode(new Uint8Array(0), true);
    return this.#start(true);
  }

  #start(end: boolean): string {
    const head = this.#head ?? new Uint8Array(0);
    const { encoding, skip } = detectEncoding(head, this.#charset);
    this.#decode = chunkDecoder(encoding);
    this.#head = undefined;
    return this.#decode(head.subarray(skip), end);
  }
}

type ChunkDecoder = (chunk: Uint8Array, end: boolean) => string;

function chunkDecoder(encoding: Encoding): ChunkDecoder {
  switch (encoding) {
    case "iso-8859-1":
      return latin1;
    case "us-ascii":
      return singleByte(latin1, (byte) => byte > 0x7f, "US-ASCII");
    case "windows-1252": {
      const decoder = new TextDecoder("windows-1252");
      const unassigned = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
      return singleByte(
        (chunk) => decoder.decode(chunk),
        (byte) => unassigned.has(byte),
        "windows-1252",
      );
    }
    default:
      return unicode(encoding);
  }
}

function unicode(encoding: "utf-8" | "utf-16le" | "utf-16be"): ChunkDecoder {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let rest = new Uint8Array(0);
  let line = 1;
  let column = 1;
  return (chunk, end) => {
    // Characters cut apart are put together here: TextDecoder's own streaming is several times slower, and gives strings
    // that take two bytes a character whatever is in them.
    const bytes = rest.length === 0 ? chunk : concatenate(rest, chunk);
    const cut = end ? bytes.length : bytes.length - incompleteLength(bytes, encoding);
    rest = bytes.slice(cut);
    const whole = bytes.subarray(0, cut);
    try {
      const text = decoder.decode(whole);
      ({ line, column } = advance(text, line, column));
      return text;
    } catch (cause) {
      const at = advance(validPrefix(whole, encoding), line, column);
      throw new ParseError("BAD_ENCODING", `the bytes are not ${encoding.toUpperCase()}`, { ...at, path: "" }, { cause });
    }
  };
}

/** How many bytes at the end belong to a character that is not whole. */
function incompleteLength(bytes: Uint8Array, encoding: "utf-8" | "utf-16le" | "utf-16be"): number {
  const { length } = bytes;
  if (encoding !== "utf-8") {
    const odd = length % 2;
    const high = bytes[length - odd - (encoding === "utf-16le" ? 1 : 2)];
    return odd + (high !== undefined && high >= 0xd8 && high <= 0xdb ? 2 : 0);
  }
  for (let back = 1; back <= 3; back++) {
    const byte = bytes[length - back];
    if (byte === undefined || byte < 0x80) return 0;
    const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 0;
    if (needed > 0) return needed > back ? back : 0;
  }
  return 0;
}

/** The beginning of `bytes` that can be decoded; for the place in an error only, so a U+FFFD of the sender's own may end it early. */
function validPrefix(bytes: Uint8Array, encoding: string): string {
  const lossy = new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes);
  const fault = lossy.indexOf("\ufffd");
  return fault < 0 ? lossy : lossy.slice(0, fault);
}

function advance(text: string, line: number, column: number): { line: number; column: number } {
  let lines = 0;
  let last = -1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines++;
    last = at;
  }
  return lines === 0 ? { line, column: column + text.length } : { line: line + lines, column: text.length - last };
}

function singleByte(decodeChunk: (chunk: Uint8Array) => string, isWrong: (byte: number) => boolean, name: string): ChunkDecoder {
  let line = 1;
  let column = 1;
  return (chunk) => {
    const wrong = chunk.findIndex(isWrong);
    const text = decodeChunk(wrong < 0 ? chunk : chunk.subarray(0, wrong));
    ({ line, column } = advance(text, line, column));
    if (wrong < 0) return text;
    throw new ParseError("BAD_ENCODING", `byte 0x${chunk[wrong]?.toString(16)} is not ${name}`, { line, column, path: "" });
  };
}

// TextDecoder("iso-8859-1") is windows-1252 by the WHATWG's table, which moves 0x80 to 0x9f.
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
