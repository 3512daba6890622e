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
  const key = label.trim().toLowerCase();
  const known = Object.hasOwn(labels, key) ? labels[key] : undefined;
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

/** The characters of a whole document, without byte order mark. @throws ParseError `BAD_ENCODING` */
export function decode(bytes: Uint8Array, charset?: string): string {
  let text = "";
  const decoder = new DocumentDecoder((characters) => {
    text += characters;
  }, charset);
  decoder.write(bytes);
  decoder.end();
  return text;
}

/** Takes characters as they become known. */
export type CharacterSink = (characters: string) => void;

/**
 * Decodes a document that arrives in pieces. What comes before a byte that does not belong is handed on before the error is
 * thrown, so that nothing that was whole is lost.
 */
export class DocumentDecoder {
  readonly #sink: CharacterSink;
  readonly #charset: string | undefined;
  #head: Uint8Array = new Uint8Array(0);
  #decode: ChunkDecoder | undefined;

  constructor(sink: CharacterSink, charset?: string) {
    this.#sink = sink;
    this.#charset = charset;
  }

  /** Hands on the characters that are whole with `chunk`. @throws ParseError `BAD_ENCODING` */
  write(chunk: Uint8Array): void {
    if (this.#decode !== undefined) {
      this.#decode(chunk, false, this.#sink);
      return;
    }
    this.#head = this.#head.length === 0 ? chunk : concatenate(this.#head, chunk);
    if (this.#head.length >= detectionLength) this.#start(false);
  }

  /** Hands on the last characters. @throws ParseError `BAD_ENCODING`, also when the bytes end within a character */
  end(): void {
    if (this.#decode === undefined) this.#start(true);
    else this.#decode(new Uint8Array(0), true, this.#sink);
  }

  #start(end: boolean): void {
    const head = this.#head;
    const { encoding, skip } = detectEncoding(head, this.#charset);
    this.#head = new Uint8Array(0);
    this.#decode = chunkDecoder(encoding);
    this.#decode(head.subarray(skip), end, this.#sink);
  }
}

type ChunkDecoder = (chunk: Uint8Array, end: boolean, sink: CharacterSink) => void;

function chunkDecoder(encoding: Encoding): ChunkDecoder {
  switch (encoding) {
    case "iso-8859-1":
      return (chunk, _, sink) => sink(latin1(chunk));
    case "us-ascii":
      return singleByte(latin1, (byte) => byte > 0x7f, "US-ASCII");
    case "windows-1252":
      return singleByte(windows1252, (byte) => unassigned1252.has(byte), "windows-1252");
    default:
      return unicode(encoding);
  }
}

function unicode(encoding: "utf-8" | "utf-16le" | "utf-16be"): ChunkDecoder {
  const decoder = new TextDecoder(encoding, { fatal: true, ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array(0);
  let place = start;
  return (chunk, end, sink) => {
    // Characters cut apart are put together here: TextDecoder's own streaming is several times slower, and gives strings
    // that take two bytes a character whatever is in them.
    const bytes = rest.length === 0 ? chunk : concatenate(rest, chunk);
    const cut = end ? bytes.length : bytes.length - incompleteLength(bytes, encoding);
    rest = bytes.slice(cut);
    const text = attempt(decoder, bytes.subarray(0, cut));
    const valid = text ?? validPrefix(decoder, bytes, encoding);
    place = advance(valid, place);
    sink(valid);
    if (text === undefined) throw new ParseError("BAD_ENCODING", `the bytes are not ${encoding.toUpperCase()}`, { ...place, path: "" });
  };
}

function attempt(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** The longest beginning of `bytes` that can be decoded, found by halving. */
function validPrefix(decoder: TextDecoder, bytes: Uint8Array, encoding: "utf-8" | "utf-16le" | "utf-16be"): string {
  let [least, most] = [0, bytes.length];
  let prefix = "";
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    const tried = bytes.subarray(0, middle);
    const text = attempt(decoder, tried.subarray(0, middle - incompleteLength(tried, encoding)));
    if (text === undefined) most = middle - 1;
    else [least, prefix] = [middle, text];
  }
  return prefix;
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

interface TextPlace {
  readonly line: number;
  readonly column: number;
}

const start: TextPlace = { line: 1, column: 1 };

function advance(text: string, { line, column }: TextPlace): TextPlace {
  let lines = 0;
  let last = -1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines++;
    last = at;
  }
  return lines === 0 ? { line, column: column + text.length } : { line: line + lines, column: text.length - last };
}

function singleByte(decodeChunk: (chunk: Uint8Array) => string, isWrong: (byte: number) => boolean, name: string): ChunkDecoder {
  let place = start;
  return (chunk, _, sink) => {
    const wrong = chunk.findIndex(isWrong);
    const text = decodeChunk(wrong < 0 ? chunk : chunk.subarray(0, wrong));
    place = advance(text, place);
    sink(text);
    if (wrong >= 0) throw new ParseError("BAD_ENCODING", `byte 0x${chunk[wrong]?.toString(16)} is not ${name}`, { ...place, path: "" });
  };
}

// TextDecoder("iso-8859-1") is windows-1252 by the WHATWG's table, which moves 0x80 to 0x9f.
function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

const unassigned1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
const high1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

// TextDecoder("windows-1252") of Node 20 gives ISO-8859-1 for a document in one piece.
function windows1252(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[\x80-\x9f]/g, (character) => high1252[character.charCodeAt(0) - 0x80] ?? character);
}

function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
