/** The tables, as Kysely sees them. How they come to be is in the migrations. */

import type { Generated, Kysely } from "kysely";
import type { CollectionType } from "../../../generated/taxii11/index.js";

/** A database of ours. */
export type Database = Kysely<Tables>;

/** Every table by its name. */
export interface Tables {
  /** Steps that made the other tables what they are. */
  migrations: { name: string; applied_at: string };
  /** One row: the last label given out, or announced as a horizon. */
  label_allocator: { id: number; last: number };
  collections: CollectionRow;
  /** Every binding and subtype that content came in, once. */
  content_bindings: BindingRow;
  content_blocks: BlockRow;
  /** What is in which collection; by (collection, label), so that a poll reads one run of it. */
  collection_content: CollectionContentRow;
}

export interface CollectionRow {
  id: Generated<number>;
  name: string;
  type: CollectionType;
  description: string;
  /** 0 or 1. */
  available: number;
  volume: number | null;
  /** A list of ContentBindingId in JSON. */
  content_bindings: string;
}

export interface BindingRow {
  id: Generated<number>;
  binding_id: string;
  /** Empty for none: NULLs would not be seen as equal. */
  subtype_id: string;
}

export interface BlockRow {
  label: number;
  binding: number;
  /** Whether the content is markup: 1, or text: 0. */
  markup: number;
  /** The sender's label. */
  sent_label: string | null;
  message: string | null;
  padding: string | null;
  signature: string | null;
  content: string;
}

export interface CollectionContentRow {
  collection: number;
  label: number;
  /** That of the block, so that counting and filtering need no other table. */
  binding: number;
  /** Characters of the block, so that a reader knows how many it can fetch at once. */
  size: number;
}
