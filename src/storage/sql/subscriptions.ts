/** Subscriptions in tables. */

import { sql } from "kysely";
import type { Claim } from "../lease.js";
import { alreadyExists } from "../records/errors.js";
import { keepDeliveryChange, keepSubscription, newSubscription } from "../records/subscription.js";
import { isKeepable } from "../records/text.js";
import { unknownCollection } from "../storage.js";
import type {
  DeliveryLag,
  DeliveryState,
  Subscription,
  SubscriptionFilter,
  SubscriptionInit,
  SubscriptionStore,
} from "../subscriptions.js";
import { isFree, leaseChange, leased, passingOver } from "./claim.js";
import type { SqlConnection } from "./connection.js";
import { keptCollection } from "./locks.js";
import type { Database } from "./schema.js";
import { canMatch, requestOf, selectSubscriptions, toColumns, toRow, toSubscription } from "./subscription-rows.js";

/** See {@link SubscriptionStore} for what each method does. */
export class SqlSubscriptions implements SubscriptionStore {
  readonly #connection: SqlConnection;

  constructor(connection: SqlConnection) {
    this.#connection = connection;
  }

  async subscribe(init: SubscriptionInit): Promise<{ readonly subscription: Subscription; readonly created: boolean }> {
    const subscription = newSubscription(keepSubscription(init), this.#connection.now());
    if (!isKeepable(init.collection)) throw unknownCollection(init.collection);
    return await this.#connection.write((transaction) => this.#subscribe(transaction, subscription));
  }

  async #subscribe(transaction: Database, subscription: Subscription) {
    const collection = await keptCollection(transaction, this.#connection.dialect, subscription.collection);
    for (;;) {
      const same = await selectSubscriptions(transaction, {})
        .where("subscriptions.collection", "=", collection)
        .where("request", "=", requestOf(subscription))
        .executeTakeFirst();
      if (same !== undefined) return { subscription: toSubscription(same), created: false };
      const { numInsertedOrUpdatedRows: inserted = 0n } = await transaction
        .insertInto("subscriptions")
        .values(toRow(subscription, collection))
        .onConflict((conflict) => conflict.doNothing())
        .executeTakeFirstOrThrow();
      if (inserted > 0n) return { subscription, created: true };
      // Somebody was faster: with the same request, which is found now, or with the same id.
      const [taken] = await selectSubscriptions(transaction, { id: subscription.id }).execute();
      const isSame = taken?.collection === collection && taken.request === requestOf(subscription);
      if (taken !== undefined && !isSame) throw alreadyExists("a subscription", subscription.id);
    }
  }

  async find(filter: SubscriptionFilter): Promise<readonly Subscription[]> {
    if (!canMatch(filter)) return [];
    const rows = await this.#connection.read((db) => selectSubscriptions(db, filter).orderBy("subscriptions.seq").execute());
    return rows.map(toSubscription);
  }

  async setStatus(filter: Required<SubscriptionFilter>, status: Subscription["status"]): Promise<Subscription | undefined> {
    if (filter.id === undefined || !canMatch(filter)) return undefined;
    return await this.#connection.write(async (transaction) => {
      const meant = selectSubscriptions(transaction, filter).clearSelect().select("subscriptions.seq");
      await transaction.updateTable("subscriptions").set({ status }).where("seq", "in", meant).execute();
      const row = await selectSubscriptions(transaction, filter).executeTakeFirst();
      return row === undefined ? undefined : toSubscription(row);
    });
  }

  async remove(filter: SubscriptionFilter & Required<Pick<SubscriptionFilter, "id">>): Promise<boolean> {
    if (filter.id === undefined || !canMatch(filter)) return false;
    return await this.#connection.write(async (transaction) => {
      const meant = selectSubscriptions(transaction, filter).clearSelect().select("subscriptions.seq");
      const { numDeletedRows } = await transaction.deleteFrom("subscriptions").where("seq", "in", meant).executeTakeFirstOrThrow();
      return numDeletedRows > 0n;
    });
  }

  async claim(claim: Claim): Promise<Subscription | undefined> {
    // Looking first costs nobody anything, and mostly there is nothing to do.
    const [waiting] = await this.#connection.read((db) => due(db, claim).execute());
    if (waiting === undefined) return undefined;
    return await this.#connection.write(async (transaction) => {
      const next = due(transaction, claim).modifyEnd(passingOver("subscriptions", this.#connection.dialect));
      const claimed = await transaction
        .updateTable("subscriptions")
        .set(leased("subscriptions", claim.lease))
        .where("seq", "=", next)
        .returning("id")
        .executeTakeFirst();
      if (claimed === undefined) return undefined;
      return toSubscription(await selectSubscriptions(transaction, claimed).executeTakeFirstOrThrow());
    });
  }

  async note(
    id: string,
    worker: string,
    change: Partial<DeliveryState>,
    options?: { readonly release?: boolean | undefined; readonly until?: number | undefined },
  ): Promise<boolean> {
    // The worker's own column makes a change of one that changes nothing else.
    const columns = { worker, ...toColumns(keepDeliveryChange(change)), ...leaseChange(options) };
    if (!isKeepable(id)) return false;
    const { numUpdatedRows } = await this.#connection.write((transaction) =>
      transaction.updateTable("subscriptions").set(columns).where("id", "=", id).where("worker", "=", worker).executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async retry(id: string): Promise<boolean> {
    if (!isKeepable(id)) return false;
    const { numUpdatedRows } = await this.#connection.write((transaction) =>
      transaction
        .updateTable("subscriptions")
        .set({ parked: 0, attempts: 0, not_before: 0 })
        .where("id", "=", id)
        .executeTakeFirstOrThrow(),
    );
    return numUpdatedRows > 0n;
  }

  async lag(now: number): Promise<DeliveryLag> {
    // In milliseconds since 1970.
    const arrived = sql`((select min(label) from collection_content
      where collection_content.collection = subscriptions.collection and label > scanned) / 1000)`;
    const due = sql`case when ${arrived} > not_before then ${arrived} when ${arrived} is not null then not_before end`;
    const { oldest, late, ...counts } = await this.#connection.read((db) =>
      db
        .selectFrom("subscriptions")
        .innerJoin("collections", "collections.id", "subscriptions.collection")
        .where("push", "is not", null)
        .select([
          sql<number>`count(*)`.as("pushing"),
          sql<number>`coalesce(sum(parked), 0)`.as("parked"),
          sql<number | null>`min(case when ${isWaiting} then ${arrived} end)`.as("oldest"),
          sql<number | null>`min(case when ${isWaiting} and ${isFree("subscriptions", { now })} then ${due} end)`.as("late"),
        ])
        .executeTakeFirstOrThrow(),
    );
    const since = (time: number | null): number | undefined => (time === null ? undefined : Math.max(0, now - time));
    return { ...counts, oldest: since(oldest), late: since(late) };
  }
}

/** Condition: there may be something to push, sooner or later. In the words of the index of those that push. */
const isWaiting = sql<boolean>`push is not null and status = 'ACTIVE' and parked = 0 and available = 1 and newest > scanned`;

/** The subscription that waits longest. */
function due(db: Database, claim: Claim) {
  return db
    .selectFrom("subscriptions")
    .innerJoin("collections", "collections.id", "subscriptions.collection")
    .select("subscriptions.seq")
    .where(isWaiting)
    .where(isFree("subscriptions", claim))
    .orderBy("turn")
    .orderBy("seq")
    .limit(1);
}
