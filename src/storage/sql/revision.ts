/** The revision of what operators change; see Directory.revision. */

import { sql } from "kysely";
import type { Database } from "./schema.js";

/** Raises the revision; to be called in the transaction that makes the change. */
export async function touch(transaction: Database): Promise<void> {
  await transaction.updateTable("revision").set({ value: sql<number>`value + 1` }).where("id", "=", 1).execute();
}

export async function currentRevision(db: Database): Promise<number> {
  const { value } = await db.selectFrom("revision").select("value").where("id", "=", 1).executeTakeFirstOrThrow();
  return value;
}
