/** The XML verbs: whole documents in, whole documents out. */

import type { Shape, TypeOf } from "../binding/index.js";
import { ParseError } from "../errors.js";
import { DocumentDecoder, plainUtf8 } from "../xml/decode.js";
import { defaultLimits, type Limits, overLimit } from "../xml/limits.js";
import { type Deviation, Deviations } from "./lenient.js";
import type { ReadSettings } from "./read-context.js";
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
  /**
   * Whether what real servers get wrong is tolerated; see {@link fromXml}. Default: false, a document is what the schema says or
   * an error.
   */
  readonly lenient?: boolean | undefined;
  /**
   * Told of what a lenient reading tolerates: of the first 100 deviations of a document, and then of how many more there were.
   * What it throws ends the reading and reaches the caller. It is told piece by piece, of a value before it is handed out.
   */
  readonly onDeviation?: ((deviation: Deviation) => void) | undefined;
}

const nowhere = { line: 0, column: 0, path: "" };

// Bytes are decoded and read in pieces: large enough to be few, small enough to stay in the caches.
const pieceLength = 64 * 1024;

/** The settings of a reader for these options. */
export function settingsFor({ lenient = false, onDeviation }: ReadOptions, limits: Limits): ReadSettings {
  return lenient ? { limits, lenient: new Deviations(onDeviation) } : { limits };
}

/** The characters of most documents; undefined for one that is long, or has another encoding, or may have. */
function shortUtf8(document: Uint8Array, charset: string | undefined): string | undefined {
  return document.length <= pieceLength ? plainUtf8(document, charset) : undefined;
}

/** Feeds a whole document to a reader, within the limit of size. */
export function feed(reader: XmlReader, document: string | Uint8Array, limits: Limits, charset?: string): void {
  if (document.length > limits.maxBytes) throw overLimit("maxBytes", limits, `the document has ${document.length} bytes`, nowhere);
  const characters = typeof document === "string" ? document.replace(/^\ufeff/, "") : shortUtf8(document, charset);
  if (characters !== undefined) reader.write(characters);
  else if (typeof document !== "string") {
    const decoder = new DocumentDecoder((piece) => reader.write(piece), charset, reader.repair);
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
 * With `lenient`, what deviates from the schema is read for what it means, and reported:
 *
 * - Children may come in any order, in another namespace or none; of one that is repeated the first counts. Attributes may have
 *   a prefix. What is unknown, text between elements, and what says that it is nil, is left out.
 * - What is missing and required has a stand-in, so that the result is what its type says: message identifiers are `0`, a
 *   status without type is `FAILURE`, other texts are empty, also those of timestamps, content is the empty text, lists are
 *   empty. Where anything would be invented (a service of no known type, an action, the result a fulfilment asks for) the
 *   innermost element that its parent can do without is left out; if there is none, that is an error.
 * - Booleans may be words in any case, words of closed lists may have another case, whole numbers a fraction of zeros.
 *   Timestamps may lack the zone (they are UTC), the seconds or separators, have a space, small letters, an offset in another
 *   form or more digits (which are cut off). Identifiers are kept as sent. What means nothing is left out.
 * - Bytes that are not UTF-8 are windows-1252, an encoding that cannot be is UTF-8, characters XML does not have are U+FFFD,
 *   and there may be white space before the XML declaration.
 *
 * Everything else is an error as ever: what is not well-formed or broken off, a DOCTYPE, limits, another message. Content is
 * the sender's, to the byte.
 *
 * @param accept the shape, or shapes, the root may have; a component takes any root of its namespace
 * @param document bytes in UTF-8, UTF-16, ISO-8859-1, US-ASCII or windows-1252, or characters
 * @throws ParseError with line, column and path: not well-formed, forbidden, over a limit, or not what the schema says
 */
export function fromXml<const A extends Accept>(accept: A, document: string | Uint8Array, options: ReadOptions = {}): Accepted<A> {
  const limits = { ...defaultLimits, ...options.limits };
  const reader = new XmlReader(asList(accept), settingsFor(options, limits));
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
