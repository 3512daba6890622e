/** The tables, as Kysely sees them. How they come to be is in the migrations. */

import type { Generated, Kysely } from "kysely";
import type { CollectionType } from "../../../generated/taxii11/index.js";
import type { IndexTables } from "./schema-index.js";
import type { RecordTables } from "./schema-records.js";

/** A database of ours. */
export type Database = Kysely<Tables>;

/** Every table by its name. */
export interface Tables extends RecordTables, IndexTables {
  /** Steps that made the other tables what they are. */
  migrations: { name: string; applied_at: string };
  label_allocator: LabelAllocatorRow;
  /** One row: see Directory.revision. */
  revision: { id: number; value: number };
  collections: CollectionRow;
  /** What each collection has of each binding; rows of nothing are left. */
  collection_totals: CollectionTotalsRow;
  /** Every binding and subtype that content came in, once. */
  content_bindings: BindingRow;
  content_blocks: BlockRow;
  /** What is in which collection; by (collection, label), so that a poll reads one run of it. */
  collection_content: CollectionContentRow;
  /** Blocks that are in no collection any more, to be removed. */
  unused_blocks: { label: number };
  receipts: ReceiptRow;
}

/** One row. */
export interface LabelAllocatorRow {
  id: number;
  /** The last label given out, or announced as a horizon. */
  last: number;
  /** Which index is kept; null for none. */
  content_index: Generated<number | null>;
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
  /** A Retention in JSON. */
  retention: string | null;
  /** The label of its newest block, there or not. */
  newest: Generated<number | null>;
  /** Up to this label its content has digests. */
  digested: Generated<number>;
}

export interface CollectionTotalsRow {
  collection: number;
  binding: number;
  blocks: number;
  /** Characters. */
  size: number;
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
  /** SHA-256 of binding, subtype and content; null while nobody asked for it. */
  digest: string | null;
}

export interface ReceiptRow {
  id: Generated<number>;
  received: number;
  message_id: string;
  account: string | null;
  service: string;
  subscription_id: string | null;
  result_id: string | null;
  block_count: number;
  /** A list of labels in JSON. */
  labels: string;
  raw: Uint8Array | null;
}
