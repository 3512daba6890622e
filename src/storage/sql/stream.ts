/** Content, fetched as it is taken. */

import type { Label } from "../label.js";
import type { BlockKey, Selection, StoredBlock } from "../storage.js";
import { BindingLookup } from "./bindings.js";
import { toBlock } from "./blocks.js";
import { chunks } from "./chunks.js";
import type { SqlConnection } from "./connection.js";
import { candidatesOf } from "./index-plan.js";
import type { IndexKnowledge } from "./index-writer.js";
import type { BlockRow, Database } from "./schema.js";
import { blockRows, keysAmong, keysOf, type Run, runOf } from "./select.js";

// Keys that are read at once; small rows.
const keysPerPage = 1000;
// Characters of content that are in memory at once, unless one block alone has more.
const charactersPerBatch = 1024 * 1024;

type Blocks = AsyncGenerator<StoredBlock, void, undefined>;

/**
 * The blocks of a selection by label. Each batch is read by itself: no transaction and no connection is held while the
 * receiver is slow, what comes in the meantime is found behind, and what is removed is left out.
 */
export async function* streamContent(connection: SqlConnection, selection: Selection, knowledge: IndexKnowledge): Blocks {
  const bindings = new BindingLookup();
  const { narrowing } = selection;
  const run = await connection.read((db) => runOf(db, selection));
  const candidates = narrowing && (await connection.read((db) => candidatesOf(db, run, narrowing, knowledge)));
  if (candidates === undefined) return yield* streamRun(connection, run, bindings);
  const { after, until, labels } = candidates;
  // What the index has not got is looked through, before and behind.
  yield* streamRun(connection, { ...run, until: after }, bindings);
  yield* streamLabels(connection, run, labels, bindings);
  yield* streamRun(connection, { ...run, after: until }, bindings);
}

/** All blocks of a run. */
async function* streamRun(connection: SqlConnection, whole: Run, bindings: BindingLookup): Blocks {
  for (let run = whole; !isEmpty(run); ) {
    const page = run;
    const keys = await connection.read((db) => keysOf(db, page, keysPerPage));
    let from = run.after;
    for (const until of batches(keys)) {
      const batch = { ...run, after: from, until };
      yield* await readBatch(connection, (db) => blockRows(db, batch), bindings);
      from = until;
    }
    if (keys.length < keysPerPage) return;
    run = { ...run, after: from };
  }
}

function isEmpty({ after, until }: Run): boolean {
  return after !== undefined && until !== undefined && after >= until;
}

/** The blocks of a run that have one of these labels. */
async function* streamLabels(connection: SqlConnection, run: Run, labels: readonly Label[], bindings: BindingLookup): Blocks {
  for (const some of chunks(labels)) {
    const keys = await connection.read((db) => keysAmong(db, run, some));
    for (const batch of chunks(keys, ({ size }) => size)) {
      const wanted = { ...run, labels: batch.map(({ label }) => label) };
      yield* await readBatch(connection, (db) => blockRows(db, wanted), bindings);
    }
  }
}

async function readBatch(
  connection: SqlConnection,
  read: (db: Database) => Promise<BlockRow[]>,
  bindings: BindingLookup,
): Promise<StoredBlock[]> {
  const rows = await connection.read(async (db) => {
    const found = await read(db);
    await bindings.learn(
      db,
      found.map(({ binding }) => binding),
    );
    return found;
  });
  return rows.map((row) => ({ label: row.label, block: toBlock(row, bindings.get(row.binding)) }));
}

/** The last labels of runs of keys that are read at once. */
function* batches(keys: readonly BlockKey[]): Generator<Label, void, undefined> {
  let total = 0;
  let last: Label | undefined;
  for (const { label, size } of keys) {
    if (last !== undefined && total + size > charactersPerBatch) {
      yield last;
      total = 0;
    }
    total += size;
    last = label;
  }
  if (last !== undefined) yield last;
}
