/** A storage in a PostgreSQL database, which any number of servers may share. */

import { Kysely, PostgresDialect, sql } from "kysely";
import type { Clock } from "../label.js";
import { type Storage, StorageError } from "../storage.js";
import type { Dialect } from "./dialect.js";
import { isBusy, meaningOf } from "./postgres-errors.js";
import { type DriverPool, sturdyPool } from "./postgres-pool.js";
import type { Database, Tables } from "./schema.js";
import { SqlStorage } from "./storage.js";

/** Where the database is; what is left out comes from the environment variables of libpq, such as PGHOST. */
export interface PostgresAddress {
  /** A host, or the folder of a Unix socket. */
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly database?: string | undefined;
  readonly user?: string | undefined;
  /** The password, or what gives it for each new connection. */
  readonly password?: string | (() => string | Promise<string>) | undefined;
  /** As `tls.connect` takes it; true for the defaults. */
  readonly ssl?: boolean | PostgresTls | undefined;
}

/** What is trusted, and what is shown, over TLS. */
export interface PostgresTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  /** Default: true. */
  readonly rejectUnauthorized?: boolean | undefined;
}

export interface PostgresStorageOptions {
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined;
  /** Connections of this process. Default: 10. */
  readonly maxConnections?: number | undefined;
  /** How long a connection may take, and a call may wait for one, in milliseconds. Default: 10,000. */
  readonly connectTimeout?: number | undefined;
  /** How long one statement may take, in milliseconds. Default: 60,000. */
  readonly statementTimeout?: number | undefined;
  /** How long to repeat what others keep coming in between, in milliseconds. Default: 5000. */
  readonly busyTimeout?: number | undefined;
  /** Is told of each migration that opening the database took. */
  readonly onMigrated?: ((name: string) => void) | undefined;
  /** Name of the connections in PostgreSQL's views. Default: `taxii`. */
  readonly applicationName?: string | undefined;
}

// PostgreSQL's number for the type of 64 bits.
const int8 = 20;
// A number of our own, so that nobody else's lock is meant.
const migrationLock = 0x7a_71_11;

const dialect: Dialect = {
  name: "postgres",
  // A query costs a round trip.
  batch: { keys: 1000, characters: 256 * 1024 },
  // What is read in between is what others committed. Locks do the rest, see labels.ts.
  begin: ["begin isolation level read committed"],
  beginExclusive: ["begin isolation level read committed", `select pg_advisory_xact_lock(${migrationLock})`],
  lockRemoval: ["lock table unused_blocks in share row exclusive mode"],
  labelType: "bigint",
  bytesType: "bytea",
  bytewiseType: sql`text collate "C"`,
  numbered: (column) => column.primaryKey().generatedByDefaultAsIdentity(),
  clustered: "",
};

/**
 * Keeps everything in a PostgreSQL database (13 or later), whose tables are made when they are not there. Any number of
 * processes can share it, and start at the same time. What was stored is committed when a method returns. A connection that is
 * lost is replaced with the next call.
 *
 * @param address a URL, `postgres://user:password@host:port/database?sslmode=verify-full`, or its parts
 *
 * Needs the package `pg`; without it, the first use fails with StorageError `DRIVER_MISSING`.
 */
export function postgresStorage(address: string | PostgresAddress, options: PostgresStorageOptions = {}): Storage {
  return new SqlStorage({
    open: () => open(address, options),
    dialect,
    retry: { isBusy, patience: options.busyTimeout ?? 5000 },
    meaningOf,
    clock: options.clock ?? Date.now,
    onMigrated: options.onMigrated,
  });
}

async function open(address: string | PostgresAddress, options: PostgresStorageOptions): Promise<Database> {
  const pg = await loadDriver();
  const statementTimeout = options.statementTimeout ?? 60_000;
  const pool: DriverPool = new pg.Pool({
    ...(typeof address === "string" ? { connectionString: address } : address),
    max: options.maxConnections ?? 10,
    connectionTimeoutMillis: options.connectTimeout ?? 10_000,
    statement_timeout: statementTimeout,
    // For a server that does not even say that it stopped.
    query_timeout: statementTimeout + 5000,
    idle_in_transaction_session_timeout: statementTimeout,
    keepAlive: true,
    application_name: options.applicationName ?? "taxii",
    // 64 bits as numbers: labels and sizes of ours are safe integers. Other users of the driver keep their ways.
    types: {
      getTypeParser(type: number, format?: "text" | "binary"): (value: string) => unknown {
        if (type === int8 && format !== "binary") return Number;
        return pg.types.getTypeParser(type, format) as (value: string) => unknown;
      },
    },
  });
  return new Kysely<Tables>({ dialect: new PostgresDialect({ pool: sturdyPool(pool) }) });
}

async function loadDriver() {
  try {
    return (await import("pg")).default;
  } catch (cause) {
    throw new StorageError("DRIVER_MISSING", "the PostgreSQL storage needs the package pg: npm install pg@8", { cause });
  }
}
