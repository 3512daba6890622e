/** The tables of the index, as Kysely sees them. */

import type { Generated } from "kysely";

export interface IndexTables {
  /** What is in the index; one row, or none. */
  content_indexes: ContentIndexRow;
  /** Every path that entries have, once. They stay. */
  index_paths: { id: Generated<number>; path: string };
  index_texts: IndexTextRow;
  index_numbers: IndexNumberRow;
}

export interface ContentIndexRow {
  /** Never used again for another definition. */
  id: Generated<number>;
  definition: string;
  /** All blocks labelled later than this have their entries. */
  since: number;
}

/** A node, and the beginning of its value. */
export interface IndexTextRow {
  path: number;
  value: string;
  label: number;
}

/** A node whose value says a number, or an instant. */
export interface IndexNumberRow {
  path: number;
  /** See {@link indexKinds}. */
  kind: number;
  value: number;
  label: number;
}

/** Kinds of numbers. Where a block has several of a kind at one path, it has another entry, of value 0, that says so. */
export const indexKinds = { number: 0, instant: 1, severalNumbers: 2, severalInstants: 3 } as const;

/** Numbers of paths that are none of a certain node. */
export const specialPaths = {
  /** Entries of paths that came when there were too many already. */
  other: 0,
  /** Blocks that are candidates always. */
  always: -1,
} as const;
