/** The XML verbs: whole documents in, whole documents out. */

import type { Shape, TypeOf } from "../binding/index.js";
import { ParseError } from "../errors.js";
import { DocumentDecoder } from "../xml/decode.js";
import { defaultLimits, type Limits, overLimit } from "../xml/limits.js";
import { XmlReader } from "./xml-reader.js";
import { type WriteOptions, XmlWriter } from "./xml-writer.js";

/** What a caller accepts: one shape, or any of several. */
export type Accept = Shape | readonly Shape[];

/** The type of what was accepted. */
export type Accepted<A> = A extends readonly (infer S)[] ? TypeOf<S> : TypeOf<A>;

export interface ReadOptions {
  /** Limits to be changed; see {@link Limits} for what the others are. */
  readonly limits?: Partial<Limits>;
  /** Character set the transport gave, such as the charset of a Content-Type. Second to a byte order mark. */
  readonly charset?: string;
}

const nowhere = { line: 0, column: 0, path: "" };

// Bytes are decoded and read in pieces: large enough to be few, small enough to stay in the caches.
const pieceLength = 64 * 1024;

/** Feeds a whole document to a reader, within the limit of size. */
export function feed(reader: XmlReader, document: string | Uint8Array, limits: Limits, charset?: string): void {
  if (document.length > limits.maxBytes) throw overLimit("maxBytes", limits, `the document has ${document.length} bytes`, nowhere);
  if (typeof document === "string") reader.write(document.replace(/^\ufeff/, ""));
  else {
    const decoder = new DocumentDecoder((characters) => reader.write(characters), charset);
    for (let at = 0; at < document.length; at += pieceLength) decoder.write(document.subarray(at, at + pieceLength));
    decoder.end();
  }
  reader.close();
}

/**
 * Reads a message, or any value that has an XML form.
 *
 * ```ts
 * const response = fromXml([PollResponse, StatusMessage], bytes); // PollResponse | StatusMessage
 * ```
 *
 * @param accept the shape, or shapes, the root may have; a component takes any root of its namespace
 * @param document bytes in UTF-8, UTF-16, ISO-8859-1, US-ASCII or windows-1252, or characters
 * @throws ParseError with line, column and path: not well-formed, forbidden, over a limit, or not what the schema says
 */
export function fromXml<const A extends Accept>(accept: A, document: string | Uint8Array, options: ReadOptions = {}): Accepted<A> {
  const limits = { ...defaultLimits, ...options.limits };
  const reader = new XmlReader(asList(accept), { limits });
  feed(reader, document, limits, options.charset);
  if (reader.result === undefined) throw new ParseError("TRUNCATED", "the document is empty", nowhere);
  return reader.result as Accepted<A>;
}

/** `accept` as a list. */
export function asList(accept: Accept): readonly Shape[] {
  return "kind" in accept ? [accept] : accept;
}

/**
 * Writes a value as an XML document in the order the schema demands.
 *
 * @throws ValidationError when the result would not be valid by the schema; nothing is written then
 */
export function toXml<T extends object>(shape: Shape<T>, value: T, options: WriteOptions = {}): string {
  return new XmlWriter(shape, options).document(value);
}
