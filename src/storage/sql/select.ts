/** Reading content by (collection, label), which is the key it lies in the order of. */

import { type RawBuilder, type SelectQueryBuilder, sql } from "kysely";
import type { Label } from "../label.js";
import type { BlockKey, Selection } from "../storage.js";
import { acceptedBindings } from "./bindings.js";
import { collectionKey } from "./collections.js";
import type { BlockRow, Database, Tables } from "./schema.js";
import { summed } from "./totals.js";

/** A selection in the numbers of the database. */
export interface Run {
  readonly collection: number;
  readonly after?: Label | undefined;
  readonly until?: Label | undefined;
  /** A list for `in`. */
  readonly bindings?: RawBuilder<number> | undefined;
  /** Only these labels; at most as many as {@link chunks} gives. */
  readonly labels?: readonly Label[] | undefined;
}

/** @throws StorageError `UNKNOWN_COLLECTION` */
export async function runOf(db: Database, { collection, after, until, accepts }: Selection): Promise<Run> {
  const { id } = await collectionKey(db, collection);
  return { collection: id, after, until, bindings: accepts && (await acceptedBindings(db, accepts)) };
}

/** The keys of a run. */
export function within(
  db: Database,
  { collection, after, until, bindings, labels }: Run,
): SelectQueryBuilder<Tables, "collection_content", object> {
  let query = db.selectFrom("collection_content").where("collection_content.collection", "=", collection);
  if (after !== undefined) query = query.where("collection_content.label", ">", after);
  if (until !== undefined) query = query.where("collection_content.label", "<=", until);
  if (bindings !== undefined) query = query.where("collection_content.binding", "in", bindings);
  if (labels !== undefined) query = query.where("collection_content.label", "in", labels);
  return query;
}

/** The first keys of a run. */
export function keysOf(db: Database, run: Run, limit: number): Promise<BlockKey[]> {
  return within(db, run)
    .select(["collection_content.label", "collection_content.size"])
    .orderBy("collection_content.label")
    .limit(limit)
    .execute();
}

/** The blocks of a run, all of them. */
export function blockRows(db: Database, run: Run): Promise<BlockRow[]> {
  return within(db, run)
    .innerJoin("content_blocks", "content_blocks.label", "collection_content.label")
    .selectAll("content_blocks")
    .orderBy("collection_content.label")
    .execute();
}

/** How many blocks a run has, or `limit` when they are more. */
export async function countOf(db: Database, run: Run, limit: number | undefined): Promise<number> {
  if (run.after === undefined && run.until === undefined) return Math.min(await total(db, run), limit ?? Number.POSITIVE_INFINITY);
  const keys = within(db, run).select("collection_content.label");
  const { count } = await db
    .selectFrom((limit === undefined ? keys : keys.limit(limit)).as("keys"))
    .select(sql<number>`count(*)`.as("count"))
    .executeTakeFirstOrThrow();
  return count;
}

async function total(db: Database, { collection, bindings }: Run): Promise<number> {
  let query = db.selectFrom("collection_totals").select(summed.blocks.as("blocks")).where("collection", "=", collection);
  if (bindings !== undefined) query = query.where("binding", "in", bindings);
  return (await query.executeTakeFirstOrThrow()).blocks;
}
