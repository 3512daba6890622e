/** Content, fetched as it is taken. */

import type { Label } from "../label.js";
import type { BlockKey, Selection, StoredBlock } from "../storage.js";
import { BindingLookup } from "./bindings.js";
import { toBlock } from "./blocks.js";
import type { SqlConnection } from "./connection.js";
import { blockRows, keysOf, type Run, runOf } from "./select.js";

// Keys that are read at once; small rows.
const keysPerPage = 1000;
// Characters of content that are in memory at once, unless one block alone has more.
const charactersPerBatch = 1024 * 1024;

/**
 * The blocks of a selection by label. Each batch is read by itself: no transaction and no connection is held while the
 * receiver is slow, what comes in the meantime is found behind, and what is removed is left out.
 */
export async function* streamContent(connection: SqlConnection, selection: Selection): AsyncGenerator<StoredBlock, void, undefined> {
  const bindings = new BindingLookup();
  let run = await connection.read((db) => runOf(db, selection));
  for (;;) {
    const keys = await connection.read((db) => keysOf(db, run, keysPerPage));
    let from = run.after;
    for (const until of batches(keys)) {
      yield* await readBatch(connection, { ...run, after: from, until }, bindings);
      from = until;
    }
    if (keys.length < keysPerPage) return;
    run = { ...run, after: from };
  }
}

async function readBatch(connection: SqlConnection, run: Run, bindings: BindingLookup): Promise<StoredBlock[]> {
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
