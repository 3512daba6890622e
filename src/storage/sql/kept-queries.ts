/** Statements that run again and again: to put one together takes longer than to run it, so that is done once. */

import { type Compilable, CompiledQuery, type DialectAdapter } from "kysely";
import type { Database } from "./schema.js";

/** By database, whichever of its connections is used, and by key. */
const kept = new WeakMap<DialectAdapter, Map<string, string>>();

/**
 * The rows of a statement.
 *
 * @param key tells it from all others; what is built for one key differs in its parameters alone
 * @param parameters in the order they have in the statement
 */
export async function runKept<Row>(
  db: Database,
  key: string,
  parameters: readonly unknown[],
  build: () => Compilable<Row>,
): Promise<readonly Row[]> {
  const { adapter } = db.getExecutor();
  const statements = kept.get(adapter) ?? new Map<string, string>();
  kept.set(adapter, statements);
  let text = statements.get(key);
  if (text === undefined) {
    const { sql, parameters: own } = build().compile();
    if (own.length !== parameters.length || own.some((value, index) => !Object.is(value, parameters[index])))
      throw new TypeError(`the statement ${key} has other parameters, or in another order: ${sql}`);
    text = sql;
    statements.set(key, text);
  }
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...parameters]));
  return rows;
}
