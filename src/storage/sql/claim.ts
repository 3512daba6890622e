/** Leases in tables. */

import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Claim, Lease } from "../lease.js";
import type { Dialect } from "./dialect.js";

/** The tables whose rows are tasks of workers. */
type TaskTable = "subscriptions" | "results";

/** What a task begins with. */
export const newTask = {
  attempts: 0,
  not_before: 0,
  parked: 0,
  error: null,
  worker: null,
  lease_until: null,
  turn: 0,
} as const;

/** Condition: the task is due, and in nobody's lease. */
export function isFree(table: TaskTable, { now }: Pick<Claim, "now">): RawBuilder<SqlBool> {
  const column = (name: string): RawBuilder<number> => sql.ref<number>(`${table}.${name}`);
  const lease = column("lease_until");
  return sql<SqlBool>`(${column("not_before")} <= ${now} and (${lease} is null or ${lease} <= ${now}))`;
}

/**
 * For the end of a query of tasks: rows others are claiming at this moment are passed over. SQLite lets one write at a time, and
 * needs no such thing.
 */
export function passingOver(table: TaskTable, dialect: Dialect): RawBuilder<unknown> {
  return dialect.name === "postgres" ? sql`for update of ${sql.table(table)} skip locked` : sql``;
}

/** Columns that say whose task it is now. Its turn is behind that of all the others. */
export function leased(table: TaskTable, { worker, until }: Lease) {
  return { worker, lease_until: until, turn: sql<number>`(select coalesce(max(turn), 0) + 1 from ${sql.table(table)})` };
}

/** Columns that say what becomes of the lease; none when it stays as it is. */
export function leaseChange({ release, until }: { readonly release?: boolean | undefined; readonly until?: number | undefined } = {}) {
  if (release === true) return { worker: null, lease_until: null };
  return until === undefined ? {} : { lease_until: until };
}
