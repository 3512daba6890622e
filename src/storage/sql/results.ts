/** Result sets in tables. */

import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Claim } from "../lease.js";
import { alreadyExists, quotaExceeded } from "../records/errors.js";
import { keepPart, keepParts, keepResultChange, keepResultSet, newResultSet } from "../records/result.js";
import { isKeepable } from "../records/text.js";
import type { ResultChange, ResultPart, ResultSet, ResultSetInit, ResultStore } from "../results.js";
import { unknownCollection } from "../storage.js";
import { chunks } from "./chunks.js";
import { isFree, leaseChange, leased, passingOver } from "./claim.js";
import type { SqlConnection } from "./connection.js";
import { keptCollection, lockOwner } from "./locks.js";
import { selectResult, toColumns, toPart, toPartRow, toResultSet, toRow } from "./result-rows.js";
import type { Database } from "./schema.js";

/** See {@link ResultStore} for what each method does. */
export class SqlResults implements ResultStore {
  readonly #connection: SqlConnection;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  async create(init: ResultSetInit, parts: readonly ResultPart[], quota: number): Promise<ResultSet> {
    const known = keepParts(parts);
    const now = this.#connection.now();
    const result = newResultSet(keepResultSet(init), now, known.at(-1));
    if (!isKeepable(result.collection)) throw unknownCollection(result.collection);
    return await this.#connection.write(async (transaction) => {
      const collection = await keptCollection(transaction, this.#connection.dialect, result.collection);
      await lockOwner(transaction, this.#connection.dialect, result.owner);
      const inserted = await transaction
        .insertInto("results")
        .values(toRow(result, collection))
        .onConflict((conflict) => conflict.doNothing())
        .returning("seq")
        .executeTakeFirst();
      if (inserted === undefined) throw alreadyExists("a result set", result.id);
      if ((await countOf(transaction, result, now)) > quota) throw quotaExceeded(result.owner, quota);
      const rows = known.map((part) => toPartRow(inserted.seq, part));
      for (const some of chunks(rows)) await transaction.insertInto("result_parts").values(some).execute();
      return result;
    });
  }

  async get(id: string): Promise<ResultSet | undefined> {
    if (!isKeepable(id)) return undefined;
    const row = await this.#connection.read((db) => selectResult(db, id, this.#connection.now()).executeTakeFirst());
    return row === undefined ? undefined : toResultSet(row);
  }

  async part(id: string, number: number): Promise<ResultPart | undefined> {
    if (!isKeepable(id) || !Number.isSafeInteger(number)) return undefined;
    return await this.#connection.read((db) => findPart(db, id, number, this.#connection.now()));
  }

  async addPart(id: string, part: ResultPart): Promise<ResultPart> {
    if (!isKeepable(id)) return part;
    const now = this.#connection.now();
    return await this.#connection.write(async (transaction) => {
      // A change that changes nothing keeps other servers from adding a part until this transaction ends.
      const result = await transaction
        .updateTable("results")
        .set({ id })
        .where("id", "=", id)
        .where("expires", ">", now)
        .returning(["seq", "parts"])
        .executeTakeFirst();
      if (result === undefined) return part;
      const known = await findPart(transaction, id, part.number, now);
      if (known !== undefined) return known;
      const added = keepPart(part, await findPart(transaction, id, result.parts, now));
      await transaction.insertInto("result_parts").values(toPartRow(result.seq, added)).execute();
      await transaction
        .updateTable("results")
        .set({ parts: added.number, complete: Number(added.last) })
        .where("seq", "=", result.seq)
        .execute();
      return added;
    });
  }

  async claimPending(claim: Claim): Promise<ResultSet | undefined> {
    return await this.#claim(claim, sql<SqlBool>`state = 'PENDING'`);
  }

  async claimPush(claim: Claim): Promise<ResultSet | undefined> {
    const waits = sql<SqlBool>`state = 'READY' and push is not null and parked = 0 and (complete = 0 or pushed < parts)`;
    return await this.#claim(claim, waits);
  }

  async note(
    id: string,
    worker: string,
    change: ResultChange,
    options?: { readonly release?: boolean | undefined; readonly until?: number | undefined },
  ): Promise<boolean> {
    // The worker's own column makes a change of one that changes nothing else.
    const columns = { worker, ...toColumns(keepResultChange(change)), ...leaseChange(options) };
    if (!isKeepable(id)) return false;
    const now = this.#connection.now();
    const { numUpdatedRows } = await this.#connection.write((transaction) =>
      transaction
        .updateTable("results")
        .set(columns)
        .where("id", "=", id)
        .where("worker", "=", worker)
        .where("expires", ">", now)
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async firstExpiry(owner: string): Promise<number | undefined> {
    if (!isKeepable(owner)) return undefined;
    const now = this.#connection.now();
    const row = await this.#connection.read((db) =>
      db
        .selectFrom("results")
        .select("expires")
        .where("owner", "=", owner)
        .where("expires", ">", now)
        .orderBy("expires")
        .limit(1)
        .executeTakeFirst(),
    );
    return row?.expires;
  }

  async remove(id: string): Promise<boolean> {
    if (!isKeepable(id)) return false;
    const now = this.#connection.now();
    const { numDeletedRows } = await this.#connection.write((transaction) =>
      transaction.deleteFrom("results").where("id", "=", id).where("expires", ">", now).executeTakeFirstOrThrow(),
    );
    return numDeletedRows > 0n;
  }

  async expire(now: number): Promise<number> {
    const { numDeletedRows } = await this.#connection.write((transaction) =>
      transaction.deleteFrom("results").where("expires", "<=", now).executeTakeFirstOrThrow(),
    );
    return Number(numDeletedRows);
  }

  async counts(now: number): Promise<Readonly<Record<ResultSet["state"], number>>> {
    const rows = await this.#connection.read((db) =>
      db
        .selectFrom("results")
        .select(["state", sql<number>`count(*)`.as("count")])
        .where("expires", ">", now)
        .groupBy("state")
        .execute(),
    );
    const counts = { PENDING: 0, READY: 0, FAILED: 0 };
    for (const { state, count } of rows) counts[state] = count;
    return counts;
  }

  async #claim(claim: Claim, waits: RawBuilder<SqlBool>): Promise<ResultSet | undefined> {
    // Looking first costs nobody anything, and mostly there is nothing to do.
    const [waiting] = await this.#connection.read((db) => due(db, claim, waits).execute());
    if (waiting === undefined) return undefined;
    return await this.#connection.write(async (transaction) => {
      const next = due(transaction, claim, waits).modifyEnd(passingOver("results", this.#connection.dialect));
      const claimed = await transaction
        .updateTable("results")
        .set(leased("results", claim.lease))
        .where("seq", "=", next)
        .returning("id")
        .executeTakeFirst();
      if (claimed === undefined) return undefined;
      return toResultSet(await selectResult(transaction, claimed.id, claim.now).executeTakeFirstOrThrow());
    });
  }
}

/** The result set that waits longest, of those for which `waits` holds. */
function due(db: Database, claim: Claim, waits: RawBuilder<SqlBool>) {
  return db
    .selectFrom("results")
    .select("seq")
    .where(waits)
    .where("expires", ">", claim.now)
    .where(isFree("results", claim))
    .orderBy("turn")
    .orderBy("seq")
    .limit(1);
}

async function findPart(db: Database, id: string, number: number, now: number): Promise<ResultPart | undefined> {
  const row = await db
    .selectFrom("result_parts")
    .innerJoin("results", "results.seq", "result_parts.result")
    .select(["number", "result_parts.range_after", "result_parts.range_until", "last"])
    .where("results.id", "=", id)
    .where("number", "=", number)
    .where("expires", ">", now)
    .executeTakeFirst();
  return row === undefined ? undefined : toPart(row);
}

/** How many result sets the owner of one has that have not expired, including it. */
async function countOf(transaction: Database, { owner, id }: Pick<ResultSet, "owner" | "id">, now: number): Promise<number> {
  const { count } = await transaction
    .selectFrom("results")
    .select(sql<number>`count(*)`.as("count"))
    .where("owner", "=", owner)
    .where((expression) => expression.or([expression("expires", ">", now), expression("id", "=", id)]))
    .executeTakeFirstOrThrow();
  return count;
}
