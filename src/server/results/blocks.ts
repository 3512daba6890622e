/** The content of ranges and of parts, as it is sent. */

import type { ContentBindingId, ContentBlock } from "../../../generated/taxii11/index.js";
import { coversBinding, type MatchOptions } from "../../message/content-binding.js";
import {
  type Collection,
  type ContentStore,
  formatLabel,
  type Label,
  type ResultPart,
  type ResultSet,
  type Selection,
  type StoredBlock,
} from "../../storage/index.js";
import type { QueryPredicate } from "../query.js";

/** A run of labels in a collection, and what is wanted of it. */
export interface ContentRange {
  readonly collection: Pick<Collection, "name" | "type">;
  /** Labels greater than this; undefined for from the first. */
  readonly after: Label | undefined;
  /** Labels up to and including this. */
  readonly until: Label;
  /** The formats that are wanted; empty for any (CB-MATCH-001). */
  readonly contentBindings: readonly ContentBindingId[];
}

/** The whole range of a result set. */
export function rangeOfResult({ collection, after, until, contentBindings, stated }: ResultSet): ContentRange {
  return { collection: { name: collection, type: stated === undefined ? "DATA_SET" : "DATA_FEED" }, after, until, contentBindings };
}

/**
 * What a storage is asked for to get the content of a range.
 *
 * @param predicate what its blocks will be asked; the storage may leave out those that do not match
 */
export function selectionOf(
  { collection, after, until, contentBindings }: ContentRange,
  match: MatchOptions = {},
  predicate?: QueryPredicate,
): Selection {
  const accepts = contentBindings.length === 0 ? undefined : (block: BlockFormat) => coversBinding(contentBindings, block, match);
  return { collection: collection.name, after, until, accepts, narrowing: predicate?.narrowing };
}

type BlockFormat = Parameters<NonNullable<Selection["accepts"]>>[0];

/**
 * The content blocks of a range, by label, as they are sent.
 *
 * @param predicate only blocks that match; default: all
 */
export function blocksOfRange(
  storage: Pick<ContentStore, "content">,
  range: ContentRange,
  predicate?: QueryPredicate,
  match?: MatchOptions,
): AsyncGenerator<ContentBlock, void, undefined> {
  return asSent(storage.content(selectionOf(range, match, predicate)), range.collection, predicate);
}

/**
 * The content blocks of a part, by label, as they are sent.
 *
 * @param predicate that of the result set's query; without it the query has no say
 */
export function blocksOfPart(
  storage: Pick<ContentStore, "content">,
  result: ResultSet,
  { after, until }: Pick<ResultPart, "after" | "until">,
  predicate?: QueryPredicate,
  match?: MatchOptions,
): AsyncGenerator<ContentBlock, void, undefined> {
  return blocksOfRange(storage, { ...rangeOfResult(result), after, until }, predicate, match);
}

/** Blocks as they are sent: with the label they have in the feed, unless that would break their signature (SIG-MSG-005). */
export async function* asSent(
  stored: AsyncIterable<StoredBlock> | Iterable<StoredBlock>,
  { type }: Pick<Collection, "type">,
  predicate?: QueryPredicate,
): AsyncGenerator<ContentBlock, void, undefined> {
  for await (const { block, label } of stored) {
    if (predicate !== undefined && !(await predicate(block))) continue;
    if (block.signature !== undefined) yield block;
    else yield { ...block, timestampLabel: type === "DATA_FEED" ? formatLabel(label) : undefined };
  }
}
