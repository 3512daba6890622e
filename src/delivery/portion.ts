/** What goes into one message: a run of labels, small enough (SVC-SUBF-008, SVC-MULTI-006). */

import { asSent, blocksOfRange, type ContentRange } from "../server/results/blocks.js";
import { type CutOptions, cut, measure } from "../server/results/cut.js";
import type { Label, Storage, StoredBlock } from "../storage/index.js";
import type { Blocks } from "./inbox-body.js";

/** The content of one message. */
export interface Portion {
  /** It has everything up to here. */
  readonly until: Label;
  /** Whether nothing of the range is left behind it. */
  readonly last: boolean;
  /** Records. */
  readonly count: number;
  /** The content, as often as it is needed. */
  readonly blocks: () => Blocks;
}

/** The first portion of a range, as much as a message may have. */
export async function firstPortion(storage: Storage, range: ContentRange, options: CutOptions): Promise<Portion> {
  const { until, last, blocks: count, content } = await cut(storage, range, options);
  return { until, last, count, blocks: contentOf(storage, { ...range, until }, content, options) };
}

/** A range that is one portion, however much it has: because it was one before, or because records are only counted. */
export async function wholePortion(storage: Storage, range: ContentRange, options: CutOptions): Promise<Portion> {
  const { blocks: count, content } = await measure(storage, range, options);
  return { until: range.until, last: true, count, blocks: contentOf(storage, range, content, options) };
}

/** @param read what has been read already, of that which matches */
function contentOf(
  storage: Storage,
  range: ContentRange,
  read: readonly StoredBlock[] | undefined,
  { predicate, match }: CutOptions,
): () => Blocks {
  return () => (read === undefined ? blocksOfRange(storage, range, predicate, match) : asSent(read, range.collection));
}
