/** The way to an SQLite file. */

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import { StorageError } from "../storage.js";
import type { SqlConnectionOptions } from "./connection.js";
import type { Dialect } from "./dialect.js";
import type { Database, Tables } from "./schema.js";
import { isBusy, meaningOf } from "./sqlite-errors.js";
import { keepingStatements } from "./sqlite-statements.js";

/** SQLite. */
export const sqliteDialect: Dialect = {
  name: "sqlite",
  // A query costs some microseconds. What is read lives so shortly that it never gets old for the garbage collector: old garbage
  // is left lying until the heap has a multiple of what is in use.
  batch: { keys: 100, characters: 64 * 1024 },
  // A transaction that begins by reading and writes later would fail when somebody wrote in between.
  begin: ["begin immediate"],
  beginExclusive: ["begin immediate"],
  lockRemoval: [],
  // Only "integer" makes a primary key the place of the row.
  labelType: "integer",
  bytesType: "blob",
  bytewiseType: "text",
  numbered: (column) => column.primaryKey().autoIncrement(),
  clustered: "without rowid",
};

/** How to connect to the file at `path`; see SqliteStorageOptions. */
export function connectionTo(path: string, busyTimeout: number): Omit<SqlConnectionOptions, "clock" | "onMigrated"> {
  return { open: () => open(path), dialect: sqliteDialect, retry: { isBusy, patience: busyTimeout }, meaningOf };
}

async function open(path: string): Promise<Database> {
  const Driver = await loadDriver();
  if (path !== ":memory:") await mkdir(dirname(path), { recursive: true });
  // The driver's own way of waiting would block the process.
  const database = new Driver(path, { timeout: 0 });
  try {
    // Pages of a new file: blocks of a few kilobytes share them. Write-ahead log: readers and a writer do not wait for each other.
    // FULL: a reply of SUCCESS outlives a loss of power.
    for (const pragma of ["page_size = 8192", "wal_autocheckpoint = 4000", "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"])
      database.pragma(pragma);
  } catch (error) {
    database.close();
    throw error;
  }
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: keepingStatements(database) }) });
}

async function loadDriver() {
  try {
    return (await import("better-sqlite3")).default;
  } catch (cause) {
    throw new StorageError("DRIVER_MISSING", "the SQLite storage needs the package better-sqlite3: npm install better-sqlite3@12", {
      cause,
    });
  }
}
