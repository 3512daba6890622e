/** The storage that a configuration names. */

import { queryIndexer } from "../../server/query-index.js";
import type { Storage } from "../../storage/index.js";
import type { ServerConfig } from "./config/schema.js";

export interface OpenOptions {
  /** Is told of each migration that opening the database took. */
  readonly onMigrated?: ((name: string) => void) | undefined;
}

/** Whether an address is that of a PostgreSQL database, and not a SQLite file. */
export function isPostgres(database: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(database);
}

/**
 * The storage for the configured database: PostgreSQL for a URL, SQLite for a file. Nothing is opened before the first call.
 * Loads only the one that is needed. Whatever stores content with it keeps the index for queries right.
 */
export async function openStorage(config: Pick<ServerConfig, "database" | "pool">, options: OpenOptions = {}): Promise<Storage> {
  const storage = await storageFor(config, options);
  storage.index?.use(queryIndexer);
  return storage;
}

async function storageFor({ database, pool }: Pick<ServerConfig, "database" | "pool">, options: OpenOptions): Promise<Storage> {
  if (isPostgres(database)) {
    const { postgresStorage } = await import("../../storage/sql/postgres.js");
    const { connections, timeout, applicationName } = pool;
    return postgresStorage(database, { ...options, maxConnections: connections, connectTimeout: timeout * 1000, applicationName });
  }
  const { sqliteStorage } = await import("../../storage/sql/sqlite.js");
  return sqliteStorage(database, options);
}
