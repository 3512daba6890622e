/** Locks that keep what was looked at as it is until the transaction ends. SQLite lets one write at a time, and needs none. */

import { sql } from "kysely";
import { unknownCollection } from "../storage.js";
import type { Dialect } from "./dialect.js";
import type { Database } from "./schema.js";

/**
 * The id of a collection, which stays until the transaction ends.
 *
 * @throws StorageError `UNKNOWN_COLLECTION`
 */
export async function keptCollection(transaction: Database, dialect: Dialect, name: string): Promise<number> {
  const query = transaction.selectFrom("collections").select("id").where("name", "=", name);
  const row = await (dialect.name === "postgres" ? query.forKeyShare() : query).executeTakeFirst();
  if (row === undefined) throw unknownCollection(name);
  return row.id;
}

/** Whether there is an account, which stays until the transaction ends. */
export async function keptAccount(transaction: Database, dialect: Dialect, name: string): Promise<boolean> {
  const query = transaction.selectFrom("accounts").select("name").where("name", "=", name);
  const row = await (dialect.name === "postgres" ? query.forKeyShare() : query).executeTakeFirst();
  return row !== undefined;
}

/** Lets nobody else count or add result sets of an owner until the transaction ends. */
export async function lockOwner(transaction: Database, dialect: Dialect, owner: string): Promise<void> {
  if (dialect.name === "postgres")
    await sql`select pg_advisory_xact_lock(hashtextextended(${`taxii results ${owner}`}, 0))`.execute(transaction);
}
