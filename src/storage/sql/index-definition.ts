/** Which index there is. Whoever changes that locks the allocator of labels first, and so keeps writers of content out. */

import type { Label } from "../label.js";
import { lastLabel, lockAllocator } from "./labels.js";
import type { Database } from "./schema.js";

/** The index of a database. */
export interface IndexDefinition {
  readonly id: number;
  readonly definition: string;
  /** All blocks labelled later than this are in it. */
  readonly since: Label;
  /** The last label that was given out when this was read: whatever is labelled up to here can be seen. */
  readonly last: Label;
}

/** The index there is now; undefined for none. */
export async function currentIndex(db: Database): Promise<IndexDefinition | undefined> {
  return await db
    .selectFrom("label_allocator")
    .innerJoin("content_indexes", "content_indexes.id", "label_allocator.content_index")
    .select(["content_indexes.id", "definition", "since", "last"])
    .where("label_allocator.id", "=", 1)
    .executeTakeFirst();
}

/** Whether an index is still the one there is. */
export async function isCurrent(db: Database, { id }: Pick<IndexDefinition, "id">): Promise<boolean> {
  const row = await db.selectFrom("label_allocator").select("content_index").where("id", "=", 1).executeTakeFirst();
  return row?.content_index === id;
}

/** See ContentIndexStore.define. */
export async function defineIndex(transaction: Database, definition: string | undefined): Promise<boolean> {
  await lockAllocator(transaction);
  const current = await currentIndex(transaction);
  if (current?.definition === definition) return false;
  await transaction.deleteFrom("content_indexes").execute();
  const id = definition === undefined ? null : await insertIndex(transaction, definition);
  await transaction.updateTable("label_allocator").set({ content_index: id }).where("id", "=", 1).execute();
  return true;
}

async function insertIndex(transaction: Database, definition: string): Promise<number> {
  const since = await lastLabel(transaction);
  const { id } = await transaction.insertInto("content_indexes").values({ definition, since }).returning("id").executeTakeFirstOrThrow();
  return id;
}

/** Notes that blocks up to this label may be missing in the index: they were stored by somebody who could not index them. */
export async function missUpTo(transaction: Database, id: number, label: Label): Promise<void> {
  await transaction.updateTable("content_indexes").set({ since: label }).where("id", "=", id).where("since", "<", label).execute();
}

/** Notes that an index has all blocks labelled later than `to`, unless somebody changed meanwhile what it has. */
export async function reachBack(transaction: Database, { id, since }: IndexDefinition, to: Label): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable("content_indexes")
    .set({ since: to })
    .where("id", "=", id)
    .where("since", "=", since)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
