/** A storage in one SQLite file. */

import type { Clock } from "../label.js";
import type { Storage } from "../storage.js";
import { writingTo } from "./add.js";
import { connectionTo } from "./sqlite-open.js";
import { SqliteThread } from "./sqlite-thread.js";
import { SqlStorage } from "./storage.js";

export interface SqliteStorageOptions {
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined;
  /** How long to wait for another process to finish writing, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number | undefined;
  /**
   * Whether content is written by a thread of its own, so that requests are read while others wait for the disk. It ends with the
   * storage, and does not keep the process. Default: true for a file, unless this module runs uncompiled.
   */
  readonly thread?: boolean | undefined;
  /** Is told of each migration that opening the database took. */
  readonly onMigrated?: ((name: string) => void) | undefined;
}

/**
 * Keeps everything in one SQLite file, which is made when it is not there, with the folder it is in. Several processes on one
 * machine can share it. What was stored is on disk when a method returns.
 *
 * @param path the file; `:memory:` for a database that goes with the process
 *
 * Needs the package `better-sqlite3`; without it, the first use fails with StorageError `DRIVER_MISSING`.
 */
export function sqliteStorage(path: string, options: SqliteStorageOptions = {}): Storage {
  const { clock = Date.now, busyTimeout = 5000, onMigrated, thread = import.meta.url.endsWith(".js") } = options;
  // A database in memory belongs to the one connection that made it.
  const threaded = thread && path !== ":memory:";
  return new SqlStorage(
    { ...connectionTo(path, busyTimeout), clock, onMigrated },
    threaded ? (connection) => new SqliteThread({ path, busyTimeout }, writingTo(connection)) : writingTo,
  );
}
