/** The way to a database: opened when it is first needed, brought up to date, waited for while it is busy. */

import type { Clock } from "../label.js";
import { StorageError, type StorageErrorCode } from "../storage.js";
import type { Dialect } from "./dialect.js";
import { migrate } from "./migrations.js";
import { type RetryPolicy, whenFree } from "./retry.js";
import type { Database } from "./schema.js";
import { inTransaction } from "./transaction.js";

export interface SqlConnectionOptions {
  /** Opens the database; called when it is first needed, and again after a failure. */
  readonly open: () => Promise<Database>;
  readonly dialect: Dialect;
  readonly retry: RetryPolicy;
  /** What a failure of the driver means; undefined for what is a fault of ours, which is passed on as it is. */
  readonly meaningOf: (error: unknown) => StorageErrorCode | undefined;
  readonly clock: Clock;
  /** Is told of each migration that opening the database took. */
  readonly onMigrated?: ((name: string) => void) | undefined;
}

/** What everything that keeps its data in tables works with. */
export class SqlConnection {
  readonly dialect: Dialect;
  readonly #options: SqlConnectionOptions;
  #opened: Promise<Database> | undefined;

  constructor(options: SqlConnectionOptions) {
    this.dialect = options.dialect;
    this.#options = options;
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#options.clock();
  }

  /**
   * The database, open and up to date. A failure is not kept: the next call tries again.
   *
   * @throws StorageError `DRIVER_MISSING`; `INCOMPATIBLE_DATABASE`; `UNAVAILABLE`; `STORAGE_FULL`
   */
  open(): Promise<Database> {
    return this.#guarded(() => this.#db());
  }

  /**
   * Does `work` in a transaction, which happens whole or not at all. It may be done more than once, when somebody else came in
   * between, so it must have no effects outside the transaction.
   *
   * @throws StorageError `UNAVAILABLE`; `STORAGE_FULL`; whatever `work` throws
   */
  write<T>(work: (transaction: Database) => Promise<T>): Promise<T> {
    return this.#guarded(async () => {
      const db = await this.#db();
      return await db.connection().execute((connection) => inTransaction(connection, this.dialect.begin, () => work(connection)));
    });
  }

  /**
   * Does `work`, which only reads. What several queries see may differ by what others write in between.
   *
   * @throws StorageError `UNAVAILABLE`; whatever `work` throws
   */
  read<T>(work: (db: Database) => Promise<T>): Promise<T> {
    return this.#guarded(async () => work(await this.#db()));
  }

  /** Closes the database when it is open. */
  async close(): Promise<void> {
    const opened = this.#opened;
    // Whoever comes later opens a closed storage again, which is better than a hang.
    this.#opened = undefined;
    const db = await opened?.catch(() => undefined);
    await db?.destroy();
  }

  #db(): Promise<Database> {
    this.#opened ??= this.#openNow().catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #openNow(): Promise<Database> {
    const db = await this.#options.open();
    try {
      const steps = await migrate(db, this.dialect);
      await db
        .insertInto("label_allocator")
        .values({ id: 1, last: Math.floor(this.now() * 1000) })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      for (const name of steps) this.#options.onMigrated?.(name);
      return db;
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await whenFree(this.#options.retry, work);
    } catch (error) {
      throw this.#explain(error);
    }
  }

  #explain(error: unknown): unknown {
    const code = error instanceof StorageError ? undefined : this.#options.meaningOf(error);
    if (code === undefined || !(error instanceof Error)) return error;
    const message = code === "STORAGE_FULL" ? "the database cannot take more" : "the database cannot be reached";
    return new StorageError(code, `${message}: ${error.message}`, { cause: error });
  }
}
