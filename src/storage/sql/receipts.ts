/** Receipts of messages. */

import type { Selectable } from "kysely";
import type { StoredReceipt } from "../storage.js";
import { chunks } from "./chunks.js";
import type { SqlConnection } from "./connection.js";
import type { Database, Tables } from "./schema.js";

// Receipts that are looked up at once; they come one by one, because documents can be long.
const idsPerPage = 1000;

export async function insertReceipts(transaction: Database, receipts: readonly StoredReceipt[]): Promise<void> {
  const rows = receipts.map((receipt) => ({
    received: Math.floor(receipt.received),
    message_id: receipt.messageId,
    account: receipt.account ?? null,
    service: receipt.service,
    subscription_id: receipt.subscriptionId ?? null,
    result_id: receipt.resultId ?? null,
    block_count: receipt.blockCount,
    labels: JSON.stringify(receipt.labels),
    raw: receipt.raw ?? null,
  }));
  for (const some of chunks(rows, ({ raw }) => raw?.length ?? 0)) await transaction.insertInto("receipts").values(some).execute();
}

/** Receipts received within [since, until), oldest first. */
export async function* streamReceipts(
  connection: SqlConnection,
  since: number | undefined,
  until: number | undefined,
): AsyncGenerator<StoredReceipt, void, undefined> {
  let last = { received: since === undefined ? Number.MIN_SAFE_INTEGER : Math.ceil(since), id: -1 };
  for (;;) {
    const page = await connection.read((db) => pageBehind(db, last, until));
    for (const { id } of page) {
      const row = await connection.read((db) => db.selectFrom("receipts").selectAll().where("id", "=", id).executeTakeFirst());
      if (row !== undefined) yield toReceipt(row);
    }
    last = page.at(-1) ?? last;
    if (page.length < idsPerPage) return;
  }
}

function pageBehind(db: Database, last: { readonly received: number; readonly id: number }, until: number | undefined) {
  let query = db
    .selectFrom("receipts")
    .select(["received", "id"])
    .where((where) => where(where.refTuple("received", "id"), ">", where.tuple(last.received, last.id)));
  if (until !== undefined) query = query.where("received", "<", Math.ceil(until));
  return query.orderBy("received").orderBy("id").limit(idsPerPage).execute();
}

export async function removeReceipts(transaction: Database, until: number): Promise<number> {
  const { numDeletedRows } = await transaction.deleteFrom("receipts").where("received", "<", Math.ceil(until)).executeTakeFirstOrThrow();
  return Number(numDeletedRows);
}

function toReceipt(row: Selectable<Tables["receipts"]>): StoredReceipt {
  return {
    messageId: row.message_id,
    account: row.account ?? undefined,
    service: row.service,
    subscriptionId: row.subscription_id ?? undefined,
    resultId: row.result_id ?? undefined,
    blockCount: row.block_count,
    raw: row.raw === null ? undefined : new Uint8Array(row.raw),
    received: row.received,
    labels: JSON.parse(row.labels) as number[],
  };
}
