/** Removing content. */

import { sql } from "kysely";
import { nextTurn } from "../../turn.js";
import type { Label } from "../label.js";
import type { Purge, Purged } from "../storage.js";
import { type CollectionKey, collectionKey, collectionKeys } from "./collections.js";
import type { SqlConnection } from "./connection.js";
import { removeUnusedEntries } from "./index-entries.js";
import { lockAllocator } from "./labels.js";
import { touch } from "./revision.js";
import type { Database } from "./schema.js";
import { countOf, keysOf, type Run, within } from "./select.js";
import { summed, TotalsChange } from "./totals.js";

// Blocks in one transaction; others can write in between.
const blocksPerSweep = 1000;
const keysPerPage = 10_000;

/** See ContentStore.purge. */
export async function purgeContent(connection: SqlConnection, what: Purge): Promise<Purged> {
  const purged = await connection.write(async (transaction) => {
    await lockRemoval(connection, transaction);
    const collection = await collectionKey(transaction, what.collection);
    const run = await runToPurge(transaction, collection, what);
    return run === undefined ? { blocks: 0, size: 0 } : await removeRun(transaction, run);
  });
  await sweep(connection);
  return purged;
}

/** See ContentStore.removeCollection. */
export async function removeCollection(connection: SqlConnection, name: string): Promise<boolean> {
  const removed = await connection.write(async (transaction) => {
    // Nothing may join it meanwhile.
    await lockAllocator(transaction);
    await lockRemoval(connection, transaction);
    const collection = (await collectionKeys(transaction, [name])).get(name);
    if (collection === undefined) return false;
    await removeRun(transaction, { collection: collection.id });
    await transaction.deleteFrom("collections").where("id", "=", collection.id).execute();
    await touch(transaction);
    return true;
  });
  await sweep(connection);
  return removed;
}

/** One at a time, because each asks which blocks the others leave in use. */
export async function lockRemoval({ dialect }: SqlConnection, transaction: Database): Promise<void> {
  for (const statement of dialect.lockRemoval) await sql.raw(statement).execute(transaction);
}

/** What a purge takes, as one run of labels; undefined for nothing. */
async function runToPurge(transaction: Database, collection: CollectionKey, what: Purge): Promise<Run | undefined> {
  const { after, until, keepBlocks, keepSize } = what;
  if (collection.newest === null) return undefined;
  // What arrives from now on is not meant.
  const run = { collection: collection.id, after, until: Math.min(until ?? collection.newest, collection.newest) };
  const ends: (Label | undefined)[] = [run.until];
  if (keepBlocks !== undefined) ends.push(await endOfBlocks(transaction, run, keepBlocks));
  if (keepSize !== undefined) ends.push(await endOfSize(transaction, run, keepSize));
  if (ends.includes(undefined)) return undefined;
  return { ...run, until: Math.min(...ends.filter((end) => end !== undefined)) };
}

/** Where a run has to end so that the collection is left with at most `keep` blocks; undefined when it has no more than that. */
async function endOfBlocks(transaction: Database, run: Run, keep: number): Promise<Label | undefined> {
  const excess = (await countOf(transaction, { collection: run.collection }, undefined)) - Math.max(keep, 0);
  if (excess <= 0) return undefined;
  const row = await within(transaction, run)
    .select("label")
    .orderBy("label")
    .limit(1)
    .offset(Math.ceil(excess) - 1)
    .executeTakeFirst();
  return row?.label ?? run.until;
}

/** The same for characters. */
async function endOfSize(transaction: Database, run: Run, keep: number): Promise<Label | undefined> {
  const { size } = await transaction
    .selectFrom("collection_totals")
    .select(summed.size.as("size"))
    .where("collection", "=", run.collection)
    .executeTakeFirstOrThrow();
  let excess = size - keep;
  if (excess <= 0) return undefined;
  for (let { after } = run; ; ) {
    const keys = await keysOf(transaction, { ...run, after }, keysPerPage);
    for (const key of keys) {
      excess -= key.size;
      if (excess <= 0) return key.label;
    }
    if (keys.length < keysPerPage) return run.until;
    after = keys.at(-1)?.label;
  }
}

/** Takes a run out of its collection, and notes which blocks nobody has any more. */
async function removeRun(transaction: Database, run: Run): Promise<Purged> {
  const parts = await within(transaction, run)
    .select(["binding", sql<number>`count(*)`.as("blocks"), summed.size.as("size")])
    .groupBy("binding")
    .execute();
  const totals = new TotalsChange();
  for (const { binding, blocks, size } of parts) totals.add(run.collection, binding, -blocks, -size);
  await transaction
    .insertInto("unused_blocks")
    .columns(["label"])
    .expression(
      within(transaction, run)
        .select("collection_content.label")
        .where((where) =>
          where.not(
            where.exists(
              where
                .selectFrom("collection_content as other")
                .select("other.label")
                .whereRef("other.label", "=", "collection_content.label")
                .where("other.collection", "<>", run.collection),
            ),
          ),
        ),
    )
    .execute();
  await deleteWithin(transaction, run);
  await totals.apply(transaction);
  return parts.reduce((sum, part) => ({ blocks: sum.blocks + part.blocks, size: sum.size + part.size }), { blocks: 0, size: 0 });
}

async function deleteWithin(transaction: Database, { collection, after, until }: Run): Promise<void> {
  let query = transaction.deleteFrom("collection_content").where("collection", "=", collection);
  if (after !== undefined) query = query.where("label", ">", after);
  if (until !== undefined) query = query.where("label", "<=", until);
  await query.execute();
}

/** Removes the blocks that are in no collection any more, bit by bit: nobody can see them. What is left by a crash is found again. */
async function sweep(connection: SqlConnection): Promise<void> {
  while (await connection.write((transaction) => sweepSome(connection, transaction))) {
    await nextTurn();
  }
}

async function sweepSome(connection: SqlConnection, transaction: Database): Promise<boolean> {
  await lockRemoval(connection, transaction);
  const rows = await transaction.selectFrom("unused_blocks").select("label").orderBy("label").limit(blocksPerSweep).execute();
  const [first, last] = [rows[0]?.label, rows.at(-1)?.label];
  if (first === undefined || last === undefined) return false;
  await removeUnusedEntries(transaction, first, last);
  // The bounds keep the database from walking there past everything that was removed before.
  await transaction
    .deleteFrom("content_blocks")
    .where("label", ">=", first)
    .where("label", "<=", last)
    .where("label", "in", (query) => query.selectFrom("unused_blocks").select("label").where("label", "<=", last))
    .execute();
  await transaction.deleteFrom("unused_blocks").where("label", "<=", last).execute();
  return rows.length === blocksPerSweep;
}
