/** Inbox Messages as bytes, in the version a target asked for. */

import { InboxMessage as InboxMessage10 } from "../../generated/taxii10/index.js";
import { type ContentBlock, InboxMessage } from "../../generated/taxii11/index.js";
import { concatenate } from "../http/pieces.js";
import type { TaxiiVersion } from "../message/ids.js";
import { writeMessageStream } from "../message/stream.js";
import { contentBlockTo10, toVersion10 } from "../message/versions/index.js";

/** Content blocks as they come. */
export type Blocks = AsyncIterable<ContentBlock> | Iterable<ContentBlock>;

/**
 * An Inbox Message in pieces, in constant memory; blocks for TAXII 1.0 are translated one by one.
 *
 * @param blocks undefined for a message that is to have none, such as one that only counts
 * @throws NotInVersion10Error for what TAXII 1.0 has no words for, before the first piece
 */
export function inboxBody(
  version: TaxiiVersion,
  message: InboxMessage,
  blocks: Blocks | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (version === "1.1") return writeMessageStream(InboxMessage, message, blocks ?? []);
  const translated = toVersion10(message, { blocksFollow: blocks !== undefined });
  return writeMessageStream(InboxMessage10, translated, blocks === undefined ? [] : translate(blocks));
}

async function* translate(blocks: Blocks) {
  for await (const block of blocks) yield contentBlockTo10(block);
}

/**
 * A short body as one piece, so that it goes with its length: some inboxes know nothing of chunks. A longer one as it comes.
 *
 * @param longest bytes that are kept to find out
 */
export async function wholeIfShort(
  body: AsyncGenerator<Uint8Array, void, undefined>,
  longest: number,
): Promise<Uint8Array | AsyncGenerator<Uint8Array, void, undefined>> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  while (length <= longest) {
    const next = await body.next();
    if (next.done === true) return concatenate(pieces, length);
    pieces.push(next.value);
    length += next.value.length;
  }
  return resumed(pieces, body);
}

async function* resumed(
  pieces: readonly Uint8Array[],
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): AsyncGenerator<Uint8Array, void, undefined> {
  yield* pieces;
  yield* rest;
}
