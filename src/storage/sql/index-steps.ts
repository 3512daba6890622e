/** Bringing the index up to what it is to have, step by step, while everybody goes on. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import type { ContentIndexStore, IndexEntry } from "../content-index.js";
import type { Label } from "../label.js";
import { StorageError } from "../storage.js";
import { BindingLookup } from "./bindings.js";
import { toBlock } from "./blocks.js";
import { chunks } from "./chunks.js";
import { currentIndex, type IndexDefinition, reachBack } from "./index-definition.js";
import { type BlockEntries, blockEntries, EntryRows, removeEntries } from "./index-entries.js";
import { type IndexKnowledge, pathsOf } from "./index-writer.js";
import { lockAllocator } from "./labels.js";
import { lockRemoval } from "./purge.js";
import type { Database } from "./schema.js";

export type IndexStep = Awaited<ReturnType<ContentIndexStore["index"]>>;

/** Less than every label. */
const beforeAll = -1;
// Blocks in one step, unless they are big; as many as fit into one statement.
const blocksPerStep = 100;
// Entries without index in one step.
const entriesPerStep = 5000;

/**
 * Indexes the newest blocks that are missing.
 *
 * @throws StorageError `INCOMPATIBLE_DATABASE` when nobody here knows what is to be in the index
 */
export async function extendIndex(knowledge: IndexKnowledge, index: IndexDefinition): Promise<IndexStep> {
  const { connection, paths } = knowledge;
  if (index.since === beforeAll) return { blocks: 0, done: true };
  const content = knowledge.contentOf(index.definition);
  if (content === undefined) throw new StorageError("INCOMPATIBLE_DATABASE", `nobody here knows the index ${index.definition}`);
  const { blocks, reached } = await connection.read((db) => newestMissing(db, index.since));
  const found = new Map<Label, readonly IndexEntry[] | undefined>();
  for (const [label, block] of blocks) found.set(label, content.entriesOf(block));
  await paths.learn(connection, pathsOf(found.values()));
  const entries = [...found].map(([label, some]) => [label, blockEntries(some, (path) => paths.numberOf(path))] as const);
  return await connection.write(async (transaction) => {
    // What is removed from now on is removed with its entries.
    await lockRemoval(connection, transaction);
    if (!(await reachBack(transaction, index, reached))) return { blocks: 0, done: false };
    await removeEntries(transaction, reached, index.since);
    await insertPresent(transaction, entries);
    return { blocks: blocks.size, done: reached === beforeAll };
  });
}

/** The newest blocks labelled up to `since`, as many as are read at once, and the label behind which they are all there are. */
async function newestMissing(
  db: Database,
  since: Label,
): Promise<{ readonly blocks: ReadonlyMap<Label, ContentBlock>; readonly reached: Label }> {
  const keys = await db
    .selectFrom("content_blocks")
    .select([
      "label",
      (part) =>
        part.selectFrom("collection_content as c").whereRef("c.label", "=", "content_blocks.label").select("size").limit(1).as("size"),
    ])
    .where("label", "<=", since)
    .orderBy("label", "desc")
    .limit(blocksPerStep)
    .execute();
  const [some] = chunks(keys, ({ size }) => size ?? 0);
  const last = some?.at(-1);
  if (some === undefined || last === undefined) return { blocks: new Map(), reached: beforeAll };
  const isAll = some.length === keys.length && keys.length < blocksPerStep;
  const rows = await db.selectFrom("content_blocks").selectAll().where("label", "<=", since).where("label", ">=", last.label).execute();
  const bindings = new BindingLookup();
  await bindings.learn(
    db,
    rows.map(({ binding }) => binding),
  );
  return {
    blocks: new Map(rows.map((row) => [row.label, toBlock(row, bindings.get(row.binding))])),
    reached: isAll ? beforeAll : last.label - 1,
  };
}

/** Stores the entries of the blocks that are still there. */
async function insertPresent(transaction: Database, entries: readonly (readonly [Label, BlockEntries])[]): Promise<void> {
  const rows = new EntryRows();
  for (const some of chunks(entries)) {
    const present = await transaction
      .selectFrom("content_blocks")
      .select("label")
      .where(
        "label",
        "in",
        some.map(([label]) => label),
      )
      .execute();
    const labels = new Set(present.map(({ label }) => label));
    for (const [label, one] of some) if (labels.has(label)) rows.add(label, one);
  }
  await rows.write(transaction);
}

/** Removes some entries where there is no index any more, the newest first. */
export async function forgetEntries({ connection }: IndexKnowledge): Promise<IndexStep> {
  return await connection.write(async (transaction) => {
    // Nobody defines an index meanwhile.
    await lockAllocator(transaction);
    if ((await currentIndex(transaction)) !== undefined) return { blocks: 0, done: false };
    let done = true;
    for (const table of ["index_texts", "index_numbers"] as const) {
      const rows = await transaction.selectFrom(table).select("label").orderBy("label", "desc").limit(entriesPerStep).execute();
      const last = rows.at(-1);
      if (last !== undefined) await transaction.deleteFrom(table).where("label", ">=", last.label).execute();
      done &&= rows.length < entriesPerStep;
    }
    return { blocks: 0, done };
  });
}
