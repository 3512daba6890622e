/** Collections and content in tables. */

import { nextTurn } from "../../turn.js";
import type { Label } from "../label.js";
import type {
  AddOptions,
  Arrival,
  BlockKey,
  Collection,
  CollectionInit,
  ContentStore,
  Purge,
  Purged,
  Selection,
  StoredBlock,
  StoredReceipt,
} from "../storage.js";
import { type AddJob, addJob, type ContentWriter, type Labels } from "./add.js";
import { putCollection, readBindings, readCollection, readCollections } from "./collections.js";
import type { SqlConnection } from "./connection.js";
import { digestSomeOf } from "./digests.js";
import { GroupCommit, type Outcome } from "./group-commit.js";
import { IndexKnowledge } from "./index-writer.js";
import { lastLabel, reachLabel } from "./labels.js";
import { purgeContent, removeCollection } from "./purge.js";
import { removeReceipts, streamReceipts } from "./receipts.js";
import { countOf, runOf } from "./select.js";
import { SharedReads } from "./shared-reads.js";
import { streamContent, streamKeys } from "./stream.js";

// Characters that calls which meet in one transaction have together.
const charactersPerCommit = 8 * 1024 * 1024;

/** See {@link ContentStore} for what each method does. */
export class SqlContent implements ContentStore {
  readonly #connection: SqlConnection;
  readonly #writer: ContentWriter;
  readonly #adding: GroupCommit<AddJob, Labels>;
  /** Nearly every request asks for a collection, and many at the same time for the same. */
  readonly #reading: SharedReads<string, Collection | undefined>;
  protected readonly knowledge: IndexKnowledge;

  /** @param writer what stores content */
  constructor(connection: SqlConnection, writer: ContentWriter) {
    this.#connection = connection;
    this.#writer = writer;
    this.knowledge = new IndexKnowledge(connection);
    this.#reading = new SharedReads((name) => connection.read((db) => readCollection(db, name)));
    this.#adding = new GroupCommit({
      commit: (jobs) => this.#commit(jobs),
      weigh: ({ size }) => size,
      capacity: charactersPerCommit,
    });
  }

  async putCollection(collection: CollectionInit): Promise<void> {
    await this.#connection.write((transaction) => putCollection(transaction, collection));
  }

  async removeCollection(name: string): Promise<boolean> {
    return await removeCollection(this.#connection, name);
  }

  async collection(name: string): Promise<Collection | undefined> {
    return await this.#reading.read(name);
  }

  async collections(): Promise<readonly Collection[]> {
    return await this.#connection.read((db) => readCollections(db));
  }

  async bindingsOf(collection: string): Promise<readonly string[]> {
    return await this.#connection.read((db) => readBindings(db, collection));
  }

  async add(arrivals: readonly Arrival[], options: AddOptions = {}): Promise<Labels> {
    const job = addJob(arrivals, options);
    if (arrivals.length === 0 && options.receipt === undefined) return [];
    if (job.unlessPresent) await this.#digest(new Set(arrivals.flatMap(({ collections }) => collections)));
    return await this.#adding.do(job);
  }

  async #commit(jobs: readonly AddJob[]): Promise<readonly Outcome<Labels>[]> {
    // Whatever is wrong with the database is found here; a writer of its own finds it up to date.
    await this.#connection.open();
    for (;;) {
      const prepared = await this.knowledge.prepare(jobs);
      const outcomes = await this.#writer.commit(prepared.jobs, this.#connection.now(), prepared.index);
      if (outcomes !== undefined) return outcomes;
      await this.knowledge.look();
    }
  }

  /** Makes the digests of what was there before, in steps, so that little is left for the transaction that needs them. */
  async #digest(names: ReadonlySet<string>): Promise<void> {
    while (!(await this.#connection.write((transaction) => digestSomeOf(transaction, names)))) {
      await nextTurn();
    }
  }

  async horizon(atLeast?: Label): Promise<Label> {
    const last = await this.#connection.read(lastLabel);
    if (atLeast === undefined || atLeast <= last || atLeast > Math.floor(this.#connection.now() * 1000)) return last;
    return await this.#connection.write(async (transaction) => {
      await reachLabel(transaction, atLeast);
      return await lastLabel(transaction);
    });
  }

  async count(selection: Selection, limit?: number): Promise<number> {
    return await this.#connection.read(async (db) => countOf(db, await runOf(db, selection), limit));
  }

  keys(selection: Selection, limit?: number): AsyncIterable<readonly BlockKey[]> {
    return streamKeys(this.#connection, selection, limit);
  }

  content(selection: Selection): AsyncIterable<StoredBlock> {
    return streamContent(this.#connection, selection, this.knowledge);
  }

  async purge(what: Purge): Promise<Purged> {
    return await purgeContent(this.#connection, what);
  }

  receipts({
    since,
    until,
  }: {
    readonly since?: number | undefined;
    readonly until?: number | undefined;
  } = {}): AsyncIterable<StoredReceipt> {
    return streamReceipts(this.#connection, since, until);
  }

  async purgeReceipts(until: number): Promise<number> {
    return await this.#connection.write((transaction) => removeReceipts(transaction, until));
  }

  /** Stores what was to be added, and stops storing. */
  protected async settle(): Promise<void> {
    await this.#adding.idle();
    await this.#writer.close();
  }
}
