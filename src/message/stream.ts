/** Messages in pieces: the head first, then each content block as it comes. */

import type { Shape } from "../binding/index.js";
import { type Accept, type Accepted, asList, type ReadOptions } from "../codec/xml.js";
import { type ByteSource, writeXmlStream, XmlStreamReader } from "../codec/xml-stream.js";
import type { WriteOptions } from "../codec/xml-writer.js";
import { ParseError } from "../errors.js";

/** The content blocks a message carries; `never` for messages that carry none. */
export type BlockOf<T> = T extends { contentBlocks: readonly (infer B)[] } ? B : never;

/** A message that is still arriving. */
export interface MessageStream<T> {
  /**
   * The message. What comes before the content blocks is there from the start, its `contentBlocks` stay empty, and what
   * comes behind them (the signature; in a lenient reading whatever else comes late) is there once `blocks` has ended.
   */
  readonly message: T;
  /** The shape of the message. */
  readonly shape: Shape;
  /**
   * The content blocks, each as soon as it is whole; to be iterated once. Stopping early cancels the source. A document
   * that breaks gives the blocks that were whole and then a ParseError: `TRUNCATED`, or what was wrong.
   */
  readonly blocks: AsyncGenerator<BlockOf<T>, void, undefined>;
}

const list = "contentBlocks";

/**
 * Reads a message from a stream of bytes in constant memory, however many content blocks it has. Messages without content
 * blocks are read whole. A lenient reading, as {@link fromXml} describes it, tells of what it tolerates as it goes.
 *
 * @throws ParseError when the document breaks before its first content block is whole
 */
export async function readMessageStream<const A extends Accept>(
  accept: A,
  source: ByteSource,
  options: ReadOptions = {},
): Promise<MessageStream<Accepted<A>>> {
  const reader = new XmlStreamReader(asList(accept), source, list, options);
  await reader.head();
  const { shape, value } = reader;
  if (shape === undefined) throw new ParseError("TRUNCATED", "the document is empty", { line: 0, column: 0, path: "" });
  return { message: value as Accepted<A>, shape, blocks: reader.items() as AsyncGenerator<BlockOf<Accepted<A>>, void, undefined> };
}

/**
 * Writes a message whose content blocks come one by one, in constant memory. `contentBlocks` of `message` is not looked at.
 *
 * @param blocks content blocks, from memory, a database or another message stream
 * @throws ValidationError before the first byte when the message is wrong, later when a block is
 */
export function writeMessageStream<T extends { contentBlocks: readonly object[] }>(
  shape: Shape<T>,
  message: T,
  blocks: AsyncIterable<BlockOf<T>> | Iterable<BlockOf<T>>,
  options: WriteOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  return writeXmlStream(shape, message, list, blocks, options);
}
