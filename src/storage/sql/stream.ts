/** Content, fetched as it is taken. */

import { nextTurn } from "../../turn.js";
import type { Label } from "../label.js";
import type { BlockKey, Selection, StoredBlock } from "../storage.js";
import { BindingLookup } from "./bindings.js";
import { toBlock } from "./blocks.js";
import { chunks } from "./chunks.js";
import type { SqlConnection } from "./connection.js";
import { candidatesOf } from "./index-plan.js";
import type { IndexKnowledge } from "./index-writer.js";
import { blockRows, keysOf, type Run, runOf } from "./select.js";

// Keys that are read at once where content is not wanted; small rows.
const keysPerPage = 1000;

type Blocks = AsyncGenerator<StoredBlock, void, undefined>;
type Keys = AsyncGenerator<readonly BlockKey[], void, undefined>;

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

/** The keys of a selection by label. */
export async function* streamKeys(connection: SqlConnection, selection: Selection, limit = Number.POSITIVE_INFINITY): Keys {
  const run = await connection.read((db) => runOf(db, selection));
  let left = limit;
  for await (const page of pagesOf(connection, run, Math.min(limit, keysPerPage))) {
    yield page.slice(0, left);
    left -= page.length;
    if (left <= 0) return;
  }
}

/** All blocks of a run. */
async function* streamRun(connection: SqlConnection, run: Run, bindings: BindingLookup): Blocks {
  let { after } = run;
  for await (const keys of pagesOf(connection, run, connection.dialect.batch.keys)) {
    yield* streamKnown(connection, { ...run, after }, keys, bindings);
    after = keys.at(-1)?.label;
  }
}

/** The keys of a run, so many at once. */
async function* pagesOf(connection: SqlConnection, whole: Run, length: number): Keys {
  for (let run = whole; !isEmpty(run) && length > 0; ) {
    const page = run;
    const keys = await connection.read((db) => keysOf(db, page, length));
    yield keys;
    if (keys.length < length) return;
    run = { ...run, after: keys.at(-1)?.label };
    await nextTurn();
  }
}

function isEmpty({ after, until }: Run): boolean {
  return after !== undefined && until !== undefined && after >= until;
}

/** The blocks of a run that have one of these labels. */
async function* streamLabels(connection: SqlConnection, whole: Run, all: readonly Label[], bindings: BindingLookup): Blocks {
  for (const labels of chunks(all)) {
    const run = { ...whole, labels };
    const keys = await connection.read((db) => keysOf(db, run, labels.length));
    yield* streamKnown(connection, run, keys, bindings);
  }
}

/** The blocks of a run whose keys are known. */
async function* streamKnown(connection: SqlConnection, run: Run, keys: readonly BlockKey[], bindings: BindingLookup): Blocks {
  let { after } = run;
  for (const until of batches(keys, connection.dialect.batch.characters)) {
    yield* await readBatch(connection, { ...run, after, until }, bindings);
    after = until;
  }
}

async function readBatch(connection: SqlConnection, run: Run, bindings: BindingLookup): Promise<StoredBlock[]> {
  await nextTurn();
  const rows = await connection.read(async (db) => {
    const found = await blockRows(db, run);
    await bindings.learn(
      db,
      found.map(({ binding }) => binding),
    );
    return found;
  });
  return rows.map((row) => ({ label: row.label, block: toBlock(row, bindings.get(row.binding)) }));
}

/** The last labels of runs of keys that are read at once. */
function* batches(keys: readonly BlockKey[], characters: number): Generator<Label, void, undefined> {
  let total = 0;
  let last: Label | undefined;
  for (const { label, size } of keys) {
    if (last !== undefined && total + size > characters) {
      yield last;
      total = 0;
    }
    total += size;
    last = label;
  }
  if (last !== undefined) yield last;
}
