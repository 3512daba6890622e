/** Adding many rows again and again. */

import type { Insertable } from "kysely";
import { chunks } from "./chunks.js";
import { runKept } from "./kept-queries.js";
import type { Database, Tables } from "./schema.js";

/**
 * Adds rows, all of which have the same properties in the same order.
 *
 * @param sizeOf characters of a row. Default: not worth counting.
 */
export async function insertRows<T extends keyof Tables>(
  transaction: Database,
  table: T,
  rows: readonly Insertable<Tables[T]>[],
  sizeOf?: (row: Insertable<Tables[T]>) => number,
): Promise<void> {
  for (const some of chunks(rows, sizeOf)) {
    const parameters = some.flatMap((row): unknown[] => Object.values(row));
    await runKept(transaction, `insert ${table} ${some.length}`, parameters, () => transaction.insertInto(table).values(some));
  }
}
