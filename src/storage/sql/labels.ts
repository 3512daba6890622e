/** The allocator of labels: one row, whose lock puts writers into order. */

import { sql } from "kysely";
import type { Label } from "../label.js";
import { runKept } from "./kept-queries.js";
import type { Database } from "./schema.js";

/** What a writer of content is given. */
export interface Allocation {
  /** The first of its labels. */
  readonly first: Label;
  /** Which index the content has to get into; null for none. It stays until the transaction ends. */
  readonly index: number | null;
}

/**
 * Takes `count` labels. To be called first of all in a transaction: the row stays locked until it
 * ends, so that whoever takes later labels becomes visible later (SVC-RANGE-006).
 */
export async function allocateLabels(transaction: Database, count: number, now: Label): Promise<Allocation> {
  const next = sql<number>`case when last < cast(${now} as bigint) then cast(${now} as bigint) else last + 1 end`;
  const more = count - 1;
  const [row] = await runKept(transaction, "allocate labels", [now, now, more, 1], () =>
    transaction
      .updateTable("label_allocator")
      .set({ last: sql<number>`${next} + cast(${more} as bigint)` })
      .where("id", "=", 1)
      .returning(["last", "content_index"]),
  );
  if (row === undefined) throw new TypeError("the allocator of labels has no row");
  return { first: row.last - more, index: row.content_index };
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
