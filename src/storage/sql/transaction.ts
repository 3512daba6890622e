/** Transactions on one connection. */

import { sql } from "kysely";
import type { Database } from "./schema.js";

/** Does `work` between `begin` and commit, or rolls back. `connection` is one connection, not a pool. */
export async function inTransaction<T>(connection: Database, begin: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    for (const statement of begin) await sql.raw(statement).execute(connection);
    const result = await work();
    await sql.raw("commit").execute(connection);
    return result;
  } catch (error) {
    // It fails when there is no transaction any more, or no connection: then nothing is left to be rolled back.
    await sql
      .raw("rollback")
      .execute(connection)
      .catch(() => undefined);
    throw error;
  }
}
