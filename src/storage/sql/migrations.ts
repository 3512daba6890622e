/** How the tables come to be, step by step; forward only. */

import { StorageError } from "../storage.js";
import type { Dialect } from "./dialect.js";
import { contentSteps } from "./migration-content.js";
import { indexSteps } from "./migration-index.js";
import { recordSteps } from "./migration-records.js";
import type { Database } from "./schema.js";
import type { Step } from "./step.js";
import { inTransaction } from "./transaction.js";

const allSteps: readonly Step[] = [...contentSteps, ...recordSteps, ...indexSteps];

/**
 * Brings a database up to date. Several processes may do so at the same time.
 *
 * @param steps for tests: the steps of another version
 * @returns names of the steps that were taken
 * @throws StorageError `INCOMPATIBLE_DATABASE` when it has steps this version does not know, or tables of somebody else
 */
export async function migrate(db: Database, dialect: Dialect, steps: readonly Step[] = allSteps): Promise<readonly string[]> {
  return await db
    .connection()
    .execute((connection) => inTransaction(connection, dialect.beginExclusive, () => bringUpToDate(connection, dialect, steps)));
}

async function bringUpToDate(db: Database, dialect: Dialect, steps: readonly Step[]): Promise<readonly string[]> {
  await db.schema
    .createTable("migrations")
    .ifNotExists()
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("applied_at", "text", (column) => column.notNull())
    .execute();
  const rows = await db.selectFrom("migrations").select("name").orderBy("name").execute();
  const applied = new Set(rows.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new StorageError(
      "INCOMPATIBLE_DATABASE",
      `the database is of a later version, or not of this program: it knows the migration ${JSON.stringify(unknown.name)}`,
    );
  }
  const missing = steps.filter(({ name }) => !applied.has(name));
  for (const step of missing) {
    await step.up(db, dialect);
    await db.insertInto("migrations").values({ name: step.name, applied_at: new Date().toISOString() }).execute();
  }
  return missing.map(({ name }) => name);
}
