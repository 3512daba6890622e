/** Adding many rows again and again: to put the statement together takes longer than to run it. */

import { CompiledQuery, type Insertable } from "kysely";
import { chunks } from "./chunks.js";
import type { Database, Tables } from "./schema.js";

/** Statements that add rows, of one kind of database. */
export class Inserts {
  /** By table and number of rows. */
  readonly #statements = new Map<string, string>();

  /**
   * Adds rows, all of which have the same properties in the same order.
   *
   * @param sizeOf characters of a row. Default: not worth counting.
   */
  async add<T extends keyof Tables>(
    transaction: Database,
    table: T,
    rows: readonly Insertable<Tables[T]>[],
    sizeOf?: (row: Insertable<Tables[T]>) => number,
  ): Promise<void> {
    for (const some of chunks(rows, sizeOf)) {
      const parameters = some.flatMap((row): unknown[] => Object.values(row));
      await transaction.executeQuery(CompiledQuery.raw(this.#statement(transaction, table, some), parameters));
    }
  }

  #statement<T extends keyof Tables>(transaction: Database, table: T, rows: Insertable<Tables[T]>[]): string {
    const key = `${table} ${rows.length}`;
    const known = this.#statements.get(key);
    if (known !== undefined) return known;
    const { sql } = transaction.insertInto(table).values(rows).compile();
    this.#statements.set(key, sql);
    return sql;
  }
}
