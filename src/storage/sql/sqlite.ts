/** A storage in one SQLite file. */

import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { Kysely, SqliteDialect } from "kysely";
import type { Clock } from "../label.js";
import { type Storage, StorageError } from "../storage.js";
import type { Dialect } from "./migrations.js";
import type { Database, Tables } from "./schema.js";
import { SqlStorage } from "./storage.js";

export interface SqliteStorageOptions {
  /** Default: `Date.now`. */
  readonly clock?: Clock;
  /** How long to wait for another process to finish writing, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number;
}

// Only "integer" makes a primary key the place of the row.
const dialect: Dialect = { beginExclusive: "begin immediate", labelType: "integer", clustered: "without rowid" };

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
    dialect,
    retry: { isBusy, patience: options.busyTimeout ?? 5000 },
    clock: options.clock ?? Date.now,
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
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && typeof error.code === "string" && error.code.startsWith("SQLITE_BUSY");
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
