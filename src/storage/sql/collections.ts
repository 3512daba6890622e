/** Collections as rows. */

import { sql } from "kysely";
import type { Label } from "../label.js";
import { byName, completeCollection } from "../record.js";
import { compareCodePoints } from "../records/text.js";
import { type Collection, type CollectionInit, unknownCollection } from "../storage.js";
import { chunks } from "./chunks.js";
import { runKept } from "./kept-queries.js";
import { touch } from "./revision.js";
import type { Database } from "./schema.js";
import { summed } from "./totals.js";

/** A collection as far as content refers to it. */
export interface CollectionKey {
  readonly id: number;
  readonly name: string;
  readonly newest: Label | null;
  readonly digested: Label;
}

export async function putCollection(transaction: Database, init: CollectionInit): Promise<void> {
  const { name, type, description, available, contentBindings, volume, retention } = completeCollection(init);
  const row = {
    type,
    description,
    available: available ? 1 : 0,
    volume: volume ?? null,
    content_bindings: JSON.stringify(contentBindings),
    retention: retention === undefined ? null : JSON.stringify(retention),
  };
  await transaction
    .insertInto("collections")
    .values({ name, ...row })
    .onConflict((conflict) => conflict.column("name").doUpdateSet(row))
    .execute();
  await touch(transaction);
}

/** All collections. */
export async function readCollections(db: Database): Promise<Collection[]> {
  const rows = await collectionRows(db).execute();
  return rows.map(toCollection).sort(byName);
}

/** The collection of a name, or undefined. */
export async function readCollection(db: Database, name: string): Promise<Collection | undefined> {
  const [row] = await runKept(db, "collection", [name], () => collectionRows(db).where("name", "=", name));
  return row && toCollection(row);
}

function collectionRows(db: Database) {
  return db
    .selectFrom("collections")
    .leftJoin("collection_totals", "collection_totals.collection", "collections.id")
    .select(["name", "type", "description", "available", "volume", "content_bindings", "retention", "newest"])
    .select([summed.blocks.as("blocks"), summed.size.as("size")])
    .groupBy("collections.id");
}

type CollectionRow = Awaited<ReturnType<ReturnType<typeof collectionRows>["execute"]>>[number];

function toCollection({ available, volume, content_bindings, retention, newest, blocks, ...row }: CollectionRow): Collection {
  return {
    available: available === 1,
    contentBindings: JSON.parse(content_bindings) as Collection["contentBindings"],
    volume: volume ?? undefined,
    retention: retention === null ? undefined : (JSON.parse(retention) as Collection["retention"]),
    blockCount: blocks,
    newest: newest ?? undefined,
    ...row,
  };
}

/** Collections by name, those that exist. */
export async function collectionKeys(db: Database, names: Iterable<string>): Promise<Map<string, CollectionKey>> {
  const keys = new Map<string, CollectionKey>();
  for (const some of chunks(new Set(names))) {
    const rows = await runKept(db, `collection keys ${some.length}`, some, () =>
      db.selectFrom("collections").select(["id", "name", "newest", "digested"]).where("name", "in", some),
    );
    for (const row of rows) keys.set(row.name, row);
  }
  return keys;
}

/** @throws StorageError `UNKNOWN_COLLECTION` */
export async function collectionKey(db: Database, name: string): Promise<CollectionKey> {
  const key = (await collectionKeys(db, [name])).get(name);
  if (key === undefined) throw unknownCollection(name);
  return key;
}

/** Names of the bindings a collection has content in. */
export async function readBindings(db: Database, name: string): Promise<string[]> {
  const { id } = await collectionKey(db, name);
  const rows = await db
    .selectFrom("collection_totals")
    .innerJoin("content_bindings", "content_bindings.id", "collection_totals.binding")
    .select(sql<string>`distinct binding_id`.as("name"))
    .where("collection", "=", id)
    .where("blocks", ">", 0)
    .execute();
  return rows.map(({ name: binding }) => binding).sort(compareCodePoints);
}
