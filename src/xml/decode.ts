/**
 * Bytes to characters, strictly: a byte that does not belong is an error, never a replacement character, unless the caller
 * knows how to go on.
 */

import { ParseError } from "../errors.js";
import { detectEncoding, detectionLength, type Encoding } from "./encoding.js";
import { latin1, unassigned1252, windows1252 } from "./single-byte.js";

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

const utf8Label = /^\s*utf-?8\s*$/i;
const utf8Declaration = /^<\?xml version="1\.[0-9]"(?: encoding="(?:utf|UTF)-8")?(?: standalone="(?:yes|no)")? ?\?>/;

/**
 * The characters of a document that is UTF-8 at first sight; undefined for what has to be looked at more closely: a byte order
 * mark, another way to declare an encoding, bytes that do not belong.
 */
export function plainUtf8(bytes: Uint8Array, charset: string | undefined): string | undefined {
  const given = charset !== undefined && charset !== "";
  // The second byte of UTF-16 would be 0.
  if (bytes[0] !== 0x3c || bytes[1] === 0 || (given && !utf8Label.test(charset))) return undefined;
  const text = attempt(decoders["utf-8"], bytes);
  return text === undefined || given || bytes[1] !== 0x3f || utf8Declaration.test(text) ? text : undefined;
}

// None of them is used for streaming, so that they keep nothing.
const decoders = {
  "utf-8": new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }),
  "utf-16le": new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }),
  "utf-16be": new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true }),
};

/** Takes characters as they become known. */
export type CharacterSink = (characters: string) => void;

/** Hands on the characters that are whole with `chunk`; at the `end`, what is left. */
export type ChunkDecoder = (chunk: Uint8Array, end: boolean, sink: CharacterSink) => void;

/** How to go on where a document is not in the encoding it has. */
export interface ByteRepair {
  /** Takes a label that cannot be followed. */
  doubt(error: ParseError): void;
  /** Takes the first bytes that do not belong, and answers with what decodes the document from there. */
  decoderFor(encoding: Encoding, error: ParseError): ChunkDecoder;
}

/**
 * Decodes a document that arrives in pieces. What comes before a byte that does not belong is handed on before the error is
 * thrown, so that nothing that was whole is lost.
 */
export class DocumentDecoder {
  readonly #sink: CharacterSink;
  readonly #charset: string | undefined;
  readonly #repair: ByteRepair | undefined;
  #head: Uint8Array = new Uint8Array(0);
  #decode: ChunkDecoder | undefined;

  constructor(sink: CharacterSink, charset?: string, repair?: ByteRepair) {
    this.#sink = sink;
    this.#charset = charset;
    this.#repair = repair;
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
    const repair = this.#repair;
    // A declaration behind blank lines is none, but says the encoding.
    const blank = repair === undefined ? 0 : Math.max(head.findIndex(isNotBlank), 0);
    let doubted = false;
    const doubt = (error: ParseError): void => {
      if (repair === undefined) throw error;
      doubted = true;
      repair.doubt(error);
    };
    const { encoding, skip } = detectEncoding(head.subarray(blank), this.#charset, doubt);
    this.#head = new Uint8Array(0);
    this.#decode = chunkDecoder(encoding, (error, rest, atEnd) => {
      // Whoever names an encoding nobody knows may mean it: the bytes are UTF-8, or no guess.
      if (repair === undefined || doubted) throw error;
      this.#decode = repair.decoderFor(encoding, error);
      this.#decode(rest, atEnd, this.#sink);
    });
    this.#decode(blank > 0 ? head : head.subarray(skip), end, this.#sink);
  }
}

const isNotBlank = (byte: number): boolean => byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09;

/** Takes the first byte that does not belong, and what is there of those behind it: throws, or has something else decode them. */
type OnWrong = (error: ParseError, rest: Uint8Array, end: boolean) => void;

function chunkDecoder(encoding: Encoding, wrong: OnWrong): ChunkDecoder {
  switch (encoding) {
    case "iso-8859-1":
      return (chunk, _, sink) => sink(latin1(chunk));
    case "us-ascii":
      return singleByte(latin1, (byte) => byte > 0x7f, "US-ASCII", wrong);
    case "windows-1252":
      return singleByte(windows1252, (byte) => unassigned1252.has(byte), "windows-1252", wrong);
    default:
      return unicode(encoding, wrong);
  }
}

function unicode(encoding: "utf-8" | "utf-16le" | "utf-16be", wrong: OnWrong): ChunkDecoder {
  const decoder = decoders[encoding];
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
    if (text !== undefined) return;
    const error = new ParseError("BAD_ENCODING", `the bytes are not ${encoding.toUpperCase()}`, { ...place, path: "" });
    wrong(error, bytes.subarray(encoding === "utf-8" ? new TextEncoder().encode(valid).length : 2 * valid.length), end);
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
export function incompleteLength(bytes: Uint8Array, encoding: "utf-8" | "utf-16le" | "utf-16be"): number {
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

/** A place in a text, both from 1. */
export interface TextPlace {
  readonly line: number;
  readonly column: number;
}

/** Where a text starts. */
export const start: TextPlace = { line: 1, column: 1 };

/** The place behind `text` that begins at a place. */
export function advance(text: string, { line, column }: TextPlace): TextPlace {
  let lines = 0;
  let last = -1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines++;
    last = at;
  }
  return lines === 0 ? { line, column: column + text.length } : { line: line + lines, column: text.length - last };
}

function singleByte(
  decodeChunk: (chunk: Uint8Array) => string,
  isWrong: (byte: number) => boolean,
  name: string,
  wrong: OnWrong,
): ChunkDecoder {
  let place = start;
  return (chunk, end, sink) => {
    const first = chunk.findIndex(isWrong);
    const text = decodeChunk(first < 0 ? chunk : chunk.subarray(0, first));
    place = advance(text, place);
    sink(text);
    if (first < 0) return;
    const error = new ParseError("BAD_ENCODING", `byte 0x${chunk[first]?.toString(16)} is not ${name}`, { ...place, path: "" });
    wrong(error, chunk.subarray(first), end);
  };
}

/** The bytes of both. */
export function concatenate(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
