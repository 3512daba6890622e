/** A storage in one SQLite file. */

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import type { Clock } from "../label.js";
import { type Storage, StorageError } from "../storage.js";
import type { Dialect } from "./dialect.js";
import type { Database, Tables } from "./schema.js";
import { isBusy, meaningOf } from "./sqlite-errors.js";
import { keepingStatements } from "./sqlite-statements.js";
import { SqlStorage } from "./storage.js";

export interface SqliteStorageOptions {
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined;
  /** How long to wait for another process to finish writing, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number | undefined;
  /** Is told of each migration that opening the database took. */
  readonly onMigrated?: ((name: string) => void) | undefined;
}

/** SQLite. */
export const sqliteDialect: Dialect = {
  name: "sqlite",
  // A transaction that begins by reading and writes later would fail when somebody wrote in between.
  begin: ["begin immediate"],
  beginExclusive: ["begin immediate"],
  lockRemoval: [],
  // Only "integer" makes a primary key the place of the row.
  labelType: "integer",
  bytesType: "blob",
  numbered: (column) => column.primaryKey().autoIncrement(),
  clustered: "without rowid",
};

/**
 * Keeps everything in one SQLite file, which is made when it is not there, with the folder it is in. Several processes on one
 * machine can share it. What was stored is on disk when a method returns.
 *
 * @param path the file; `:memory:` for a database that goes with the process
 *
 * Needs the package `better-sqlite3`; without it, the first use fails with StorageError `DRIVER_MISSING`.
 */
export function sqliteStorage(path: string, options: SqliteStorageOptions = {}): Storage {
  return new SqlStorage({
    open: () => open(path),
    dialect: sqliteDialect,
    retry: { isBusy, patience: options.busyTimeout ?? 5000 },
    meaningOf,
    clock: options.clock ?? Date.now,
    onMigrated: options.onMigrated,
  });
}

async function open(path: string): Promise<Database> {
  const Driver = await loadDriver();
  if (path !== ":memory:") await mkdir(dirname(path), { recursive: true });
  // The driver's own way of waiting would block the process.
  const database = new Driver(path, { timeout: 0 });
  try {
    // Write-ahead log: readers and a writer do not wait for each other. FULL: a reply of SUCCESS outlives a loss of power.
    for (const pragma of ["journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"]) database.pragma(pragma);
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
