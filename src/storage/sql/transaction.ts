/** Transactions on one connection. */

import { CompiledQuery } from "kysely";
import type { Database } from "./schema.js";

/** Does `work` between `begin` and commit, or rolls back. `connection` is one connection, not a pool. */
export async function inTransaction<T>(connection: Database, begin: readonly string[], work: () => Promise<T>): Promise<T> {
  try {
    for (const statement of begin) await connection.executeQuery(CompiledQuery.raw(statement));
    const result = await work();
    await connection.executeQuery(CompiledQuery.raw("commit"));
    return result;
  } catch (error) {
    // It fails when there is no transaction any more, or no connection: then nothing is left to be rolled back.
    await connection.executeQuery(CompiledQuery.raw("rollback")).catch(() => undefined);
    throw error;
  }
}
