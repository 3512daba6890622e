/**
 * An index of what is in content, for storages that can keep one: where queries look often, a storage finds the blocks that may
 * match without reading the others. What a query and a record are, storages do not know: they are given somebody who does.
 */

import type { ContentBlock } from "../../generated/taxii11/index.js";

/** A node of a record that is in the index, with what its value is found by. */
export interface IndexEntry {
  /** Names from the root of the record to the node, joined by `/`, that of an attribute with `@` in front; undefined for a long one. */
  readonly path: string | undefined;
  /** The beginning of its value, made comparable; empty for a node without value. Up to 200 UTF-16 units, keepable. */
  readonly text: string;
  /** The number the value says, finite; greater for greater numbers, perhaps equal for different ones. */
  readonly number?: number | undefined;
  /** The instant it says, likewise. */
  readonly instant?: number | undefined;
}

/** What of content is in an index. */
export interface IndexedContent {
  /** The entries of a block, without repetitions; undefined for a block that is to be a candidate always. */
  entriesOf(block: ContentBlock): readonly IndexEntry[] | undefined;
  /** Whether all nodes that a target denotes are in the index, in blocks of these bindings. */
  covers(target: string, bindings: readonly string[]): boolean;
  /** Tells which paths a target denotes. */
  denotes(target: string): (path: string) => boolean;
}

/** Knows what definitions of indexes say. */
export interface ContentIndexer {
  /** What of content is in the index of a definition; undefined for a definition it does not understand. */
  read(definition: string): IndexedContent | undefined;
}

/** What the value of a node has to be like, in the terms of {@link IndexEntry}. */
export type IndexComparison =
  /** One of these texts. */
  | { readonly kind: "equal"; readonly texts: readonly string[] }
  /** A text that begins with this one. */
  | { readonly kind: "prefix"; readonly text: string }
  | IndexRange;

/** A number, or an instant, of at least `from` and at most `to`. */
export interface IndexRange {
  readonly kind: "number" | "instant";
  /** Default: any. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Whether it may also be two nodes, one of which keeps the one bound, and one the other. Default: false. */
  readonly apart?: boolean | undefined;
}

/** What is known of blocks that match: each of them meets this, and others may, too. */
export type NarrowingCondition =
  | { readonly all: readonly NarrowingCondition[] }
  | { readonly any: readonly NarrowingCondition[] }
  /** There is a node that the target denotes, whose value compares. Without comparison: there is a node. */
  | { readonly target: string; readonly value?: IndexComparison | undefined };

/** Where blocks that match can be looked for. */
export interface Narrowing {
  /** Blocks of other content bindings do not match. */
  readonly bindings: readonly string[];
  readonly condition: NarrowingCondition;
}

/** How far an index is. */
export interface IndexState {
  /** What is in the index; undefined while there is none. */
  readonly definition: string | undefined;
  /** Blocks that came before and are not in it yet. Queries look through these one by one. */
  readonly missing: number;
}

/** The index of a storage. Queries find the same with it, without it, and while it is being made. */
export interface ContentIndexStore {
  /**
   * Says who knows the content. A storage that was not told stores content without indexing it, and what was there before then
   * counts as missing as well.
   */
  use(indexer: ContentIndexer): void;

  /**
   * Says what is to be in the index, from the next block on; undefined for nothing. What is there already is missing then, until
   * {@link index} has been through it. The same definition again changes nothing.
   *
   * @returns whether that was a change
   */
  define(definition: string | undefined): Promise<boolean>;

  state(): Promise<IndexState>;

  /**
   * Indexes some of the missing blocks, the newest first, and forgets entries that no definition asks for any more. Any number of
   * processes may do so at the same time, while others store and remove content.
   *
   * @returns how many blocks were indexed, and whether none is missing now
   * @throws StorageError `INCOMPATIBLE_DATABASE` when the definition is not understood
   */
  index(): Promise<{ readonly blocks: number; readonly done: boolean }>;
}
