/** The allocator of labels: one row, whose lock puts writers into order. */

import { sql } from "kysely";
import type { Label } from "../label.js";
import type { Database } from "./schema.js";

/**
 * Takes `count` labels and says which is the first. To be called first of all in a transaction: the row stays locked until it
 * ends, so that whoever takes later labels becomes visible later (SVC-RANGE-006).
 */
export async function allocateLabels(transaction: Database, count: number, now: Label): Promise<Label> {
  const next = sql<number>`case when last < cast(${now} as bigint) then cast(${now} as bigint) else last + 1 end`;
  const { last } = await transaction
    .updateTable("label_allocator")
    .set({ last: sql<number>`${next} + cast(${count - 1} as bigint)` })
    .where("id", "=", 1)
    .returning("last")
    .executeTakeFirstOrThrow();
  return last - count + 1;
}

/** Keeps writers of content out until the transaction ends. */
export async function lockAllocator(transaction: Database): Promise<void> {
  await transaction.updateTable("label_allocator").set({ last: sql<number>`last` }).where("id", "=", 1).execute();
}

/** The last label given out, or announced. */
export async function lastLabel(db: Database): Promise<Label> {
  const { last } = await db.selectFrom("label_allocator").select("last").where("id", "=", 1).executeTakeFirstOrThrow();
  return last;
}

/** Lets labels to come begin behind `label`. */
export async function reachLabel(transaction: Database, label: Label): Promise<void> {
  await transaction.updateTable("label_allocator").set({ last: label }).where("id", "=", 1).where("last", "<", label).execute();
}
