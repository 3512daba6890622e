/** A storage over any database Kysely speaks to. */

import { sql } from "kysely";
import type { Storage } from "../storage.js";
import { type ContentWriter, writingTo } from "./add.js";
import { SqlConnection, type SqlConnectionOptions } from "./connection.js";
import { SqlContent } from "./content.js";
import { SqlDirectory } from "./directory.js";
import { SqlIndex } from "./index-store.js";
import { SqlResults } from "./results.js";
import { SqlSubscriptions } from "./subscriptions.js";

/** Keeps everything in tables; see {@link Storage} for what each method does. */
export class SqlStorage extends SqlContent implements Storage {
  readonly subscriptions: SqlSubscriptions;
  readonly results: SqlResults;
  readonly directory: SqlDirectory;
  readonly index: SqlIndex;
  readonly #connection: SqlConnection;

  /** @param writerOn makes what stores content */
  constructor(options: SqlConnectionOptions, writerOn: (connection: SqlConnection) => ContentWriter = writingTo) {
    const connection = new SqlConnection(options);
    super(connection, writerOn(connection));
    this.#connection = connection;
    this.subscriptions = new SqlSubscriptions(connection);
    this.results = new SqlResults(connection);
    this.directory = new SqlDirectory(connection);
    this.index = new SqlIndex(this.knowledge);
  }

  async ping(): Promise<void> {
    await this.#connection.read((db) => sql`select 1`.execute(db));
  }

  async close(): Promise<void> {
    await this.settle();
    await this.#connection.close();
  }
}
