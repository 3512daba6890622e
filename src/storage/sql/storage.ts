/** A storage over any database Kysely speaks to. */

import { type SelectQueryBuilder, sql } from "kysely";
import type { ContentBlock, ContentInstance } from "../../../generated/taxii11/index.js";
import { charactersOf, checkedXml, isXmlContent } from "../../binding/content.js";
import type { Clock, Label } from "../label.js";
import { completeCollection, keepBlock } from "../record.js";
import {
  type Arrival,
  type Collection,
  type CollectionInit,
  type Selection,
  type Storage,
  type StoredBlock,
  unknownCollection,
} from "../storage.js";
import { type Dialect, migrate } from "./migrations.js";
import { type RetryPolicy, whenFree } from "./retry.js";
import type { BlockRow, CollectionContentRow, CollectionRow, Database, Tables } from "./schema.js";

export interface SqlStorageOptions {
  /** Opens the database; called once, when it is first needed. */
  readonly open: () => Promise<Database>;
  readonly dialect: Dialect;
  readonly retry: RetryPolicy;
  readonly clock: Clock;
}

// Keys that are read at once; small rows.
const keysPerPage = 1000;
// Characters of content that are in memory at once, unless one block alone has more.
const charactersPerBatch = 1024 * 1024;
// Rows in one statement: below every database's limit of parameters.
const rowsPerStatement = 100;

/** Keeps everything in tables; see {@link Storage} for what each method does. */
export class SqlStorage implements Storage {
  readonly #options: SqlStorageOptions;
  #opened: Promise<Database> | undefined;

  constructor(options: SqlStorageOptions) {
    this.#options = options;
  }

  /** The database, opened and up to date. A failure is not kept: the next call tries again. */
  #db(): Promise<Database> {
    this.#opened ??= this.#whenFree(() => this.#open()).catch((error: unknown) => {
      this.#opened = undefined;
      throw error;
    });
    return this.#opened;
  }

  async #open(): Promise<Database> {
    const db = await this.#options.open();
    try {
      await migrate(db, this.#options.dialect);
      await db
        .insertInto("label_allocator")
        .values({ id: 1, last: this.#now() })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return db;
    } catch (error) {
      await db.destroy();
      throw error;
    }
  }

  #whenFree<T>(work: () => Promise<T>): Promise<T> {
    return whenFree(this.#options.retry, work);
  }

  #now(): Label {
    return Math.floor(this.#options.clock() * 1000);
  }

  async putCollection(init: CollectionInit): Promise<void> {
    const { name, type, description, available, contentBindings, volume } = completeCollection(init);
    const row = {
      type,
      description,
      available: available ? 1 : 0,
      volume: volume ?? null,
      content_bindings: JSON.stringify(contentBindings),
    };
    const db = await this.#db();
    const put = db
      .insertInto("collections")
      .values({ name, ...row })
      .onConflict((conflict) => conflict.column("name").doUpdateSet(row));
    await this.#whenFree(() => put.execute());
  }

  async collection(name: string): Promise<Collection | undefined> {
    const db = await this.#db();
    const row = await db.selectFrom("collections").selectAll().where("name", "=", name).executeTakeFirst();
    return row === undefined ? undefined : toCollection(row);
  }

  async collections(): Promise<readonly Collection[]> {
    const db = await this.#db();
    const rows = await db.selectFrom("collections").selectAll().orderBy("name").execute();
    return rows.map(toCollection);
  }

  async add(arrivals: readonly Arrival[]): Promise<readonly Label[]> {
    // Markup is checked before the transaction, which is to be short.
    const kept = arrivals.map(({ block, collections }) => ({ block: keepBlock(block), collections: new Set(collections) }));
    if (kept.length === 0) return [];
    const db = await this.#db();
    return this.#whenFree(() => db.transaction().execute((transaction) => this.#store(transaction, kept)));
  }

  async #store(transaction: Database, kept: readonly Kept[]): Promise<Label[]> {
    // First of all, because it takes the lock that keeps other writers out until all labels before theirs can be seen.
    const first = await allocate(transaction, kept.length, this.#now());
    const collections = await collectionIds(transaction, new Set(kept.flatMap((arrival) => [...arrival.collections])));
    const bindings = await bindingIds(
      transaction,
      kept.map(({ block }) => block.contentBinding),
    );
    const blocks: BlockRow[] = [];
    const content: CollectionContentRow[] = [];
    for (const [index, arrival] of kept.entries()) {
      const row = toRow(first + index, arrival.block, known(bindings, keyOf(arrival.block.contentBinding)));
      blocks.push(row);
      for (const name of arrival.collections) {
        content.push({ collection: known(collections, name), label: row.label, binding: row.binding, size: sizeOf(row) });
      }
    }
    for (const rows of chunks(blocks)) await transaction.insertInto("content_blocks").values(rows).execute();
    for (const rows of chunks(content)) await transaction.insertInto("collection_content").values(rows).execute();
    return blocks.map(({ label }) => label);
  }

  async horizon(atLeast?: Label): Promise<Label> {
    const db = await this.#db();
    const last = await lastLabel(db);
    if (atLeast === undefined || atLeast <= last || atLeast > this.#now()) return last;
    const reach = db.updateTable("label_allocator").set({ last: atLeast }).where("id", "=", 1).where("last", "<", atLeast);
    await this.#whenFree(() => reach.execute());
    return lastLabel(db);
  }

  async count(selection: Selection): Promise<number> {
    const db = await this.#db();
    const query = await this.#select(db, selection);
    const { count } = await query.select((expression) => expression.fn.countAll<number>().as("count")).executeTakeFirstOrThrow();
    return Number(count);
  }

  async *content(selection: Selection): AsyncGenerator<StoredBlock, void, undefined> {
    const db = await this.#db();
    let after = selection.after;
    for (;;) {
      const query = await this.#select(db, { ...selection, after });
      const keys = await query.select(["label", "size"]).orderBy("label").limit(keysPerPage).execute();
      for (const labels of batches(keys)) yield* await blocksOf(db, labels);
      after = keys.at(-1)?.label;
      if (keys.length < keysPerPage || after === undefined) return;
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    // Whoever comes later opens a closed storage again, which is better than a hang.
    this.#opened = undefined;
    await (await opened)?.destroy();
  }

  async #select(db: Database, selection: Selection): Promise<SelectQueryBuilder<Tables, "collection_content", object>> {
    const { collection, after, until, accepts } = selection;
    const ids = await collectionIds(db, new Set([collection]));
    let query = db.selectFrom("collection_content").where("collection", "=", known(ids, collection));
    if (after !== undefined) query = query.where("label", ">", after);
    if (until !== undefined) query = query.where("label", "<=", until);
    if (accepts !== undefined) query = query.where("binding", "in", await acceptedBindings(db, accepts));
    return query;
  }
}

/** An arrival whose block can be stored as it is. */
interface Kept {
  readonly block: ContentBlock;
  readonly collections: ReadonlySet<string>;
}

/** Takes `count` labels and says which is the first. */
async function allocate(db: Database, count: number, now: Label): Promise<Label> {
  const next = sql<number>`case when last < ${now} then ${now} else last + 1 end`;
  const { last } = await db
    .updateTable("label_allocator")
    .set({ last: sql<number>`${next} + ${count - 1}` })
    .where("id", "=", 1)
    .returning("last")
    .executeTakeFirstOrThrow();
  return last - count + 1;
}

async function lastLabel(db: Database): Promise<Label> {
  const { last } = await db.selectFrom("label_allocator").select("last").where("id", "=", 1).executeTakeFirstOrThrow();
  return last;
}

/** @throws StorageError `UNKNOWN_COLLECTION` */
async function collectionIds(db: Database, names: ReadonlySet<string>): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const some of chunks([...names])) {
    const rows = await db.selectFrom("collections").select(["name", "id"]).where("name", "in", some).execute();
    for (const { name, id } of rows) ids.set(name, id);
  }
  for (const name of names) if (!ids.has(name)) throw unknownCollection(name);
  return ids;
}

/** Ids of content bindings by {@link keyOf}; those not seen before get one. */
async function bindingIds(db: Database, bindings: readonly ContentInstance[]): Promise<ReadonlyMap<string, number>> {
  const ids = new Map<string, number>();
  for (const binding of bindings) {
    const key = keyOf(binding);
    if (ids.has(key)) continue;
    const row = { binding_id: binding.bindingId, subtype_id: binding.subtype?.subtypeId ?? "" };
    await db
      .insertInto("content_bindings")
      .values(row)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    const { id } = await db
      .selectFrom("content_bindings")
      .select("id")
      .where("binding_id", "=", row.binding_id)
      .where("subtype_id", "=", row.subtype_id)
      .executeTakeFirstOrThrow();
    ids.set(key, id);
  }
  return ids;
}

/** The ids of the content bindings that `accepts` accepts, as a list for `in`. */
async function acceptedBindings(db: Database, accepts: NonNullable<Selection["accepts"]>) {
  const rows = await db.selectFrom("content_bindings").selectAll().execute();
  const ids = rows.filter((row) => accepts(toBinding(row.binding_id, row.subtype_id))).map(({ id }) => sql.lit(id));
  // Literals, being numbers of our own, are not subject to the limit of parameters; an empty list is no SQL.
  return sql<number>`(${sql.join(ids.length === 0 ? [sql.lit(-1)] : ids)})`;
}

async function blocksOf(db: Database, labels: readonly Label[]): Promise<StoredBlock[]> {
  const rows = await db
    .selectFrom("content_blocks")
    .innerJoin("content_bindings", "content_bindings.id", "content_blocks.binding")
    .selectAll("content_blocks")
    .select(["binding_id", "subtype_id"])
    .where("label", "in", labels)
    .orderBy("label")
    .execute();
  return rows.map((row) => ({ label: row.label, block: toBlock(row) }));
}

/** Labels in runs that are read at once. */
function* batches(keys: readonly { readonly label: Label; readonly size: number }[]): Generator<Label[], void, undefined> {
  let labels: Label[] = [];
  let total = 0;
  for (const { label, size } of keys) {
    if (labels.length === rowsPerStatement || (labels.length > 0 && total + size > charactersPerBatch)) {
      yield labels;
      labels = [];
      total = 0;
    }
    labels.push(label);
    total += size;
  }
  if (labels.length > 0) yield labels;
}

function* chunks<T>(list: readonly T[]): Generator<T[], void, undefined> {
  for (let at = 0; at < list.length; at += rowsPerStatement) yield list.slice(at, at + rowsPerStatement);
}

function known(ids: ReadonlyMap<string, number>, key: string): number {
  const id = ids.get(key);
  if (id === undefined) throw new TypeError(`no id for ${key}`);
  return id;
}

function keyOf({ bindingId, subtype }: ContentInstance): string {
  return JSON.stringify([bindingId, subtype?.subtypeId ?? ""]);
}

function toBinding(bindingId: string, subtypeId: string): ContentInstance {
  return subtypeId === "" ? { bindingId } : { bindingId, subtype: { subtypeId } };
}

function toCollection({
  name,
  type,
  description,
  available,
  content_bindings,
  volume,
}: { [P in keyof CollectionRow]: P extends "id" ? number : CollectionRow[P] }): Collection {
  const contentBindings = JSON.parse(content_bindings) as Collection["contentBindings"];
  return { name, type, description, available: available === 1, contentBindings, volume: volume ?? undefined };
}

function toRow(label: Label, { content, timestampLabel, message, padding, signature }: ContentBlock, binding: number): BlockRow {
  return {
    label,
    binding,
    markup: isXmlContent(content) ? 1 : 0,
    sent_label: timestampLabel ?? null,
    message: message ?? null,
    padding: padding ?? null,
    signature: signature?.xml ?? null,
    content: charactersOf(content),
  };
}

function toBlock(row: BlockRow & { readonly binding_id: string; readonly subtype_id: string }): ContentBlock {
  return {
    contentBinding: toBinding(row.binding_id, row.subtype_id),
    content: row.markup === 1 ? checkedXml(row.content) : { text: row.content },
    timestampLabel: row.sent_label ?? undefined,
    message: row.message ?? undefined,
    padding: row.padding ?? undefined,
    signature: row.signature === null ? undefined : checkedXml(row.signature),
  };
}

function sizeOf({ content, message, padding, signature }: BlockRow): number {
  return content.length + (message?.length ?? 0) + (padding?.length ?? 0) + (signature?.length ?? 0);
}
