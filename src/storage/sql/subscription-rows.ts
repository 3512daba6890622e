/** Subscriptions as rows. */

import { createHash } from "node:crypto";
import { sql } from "kysely";
import { readParameters, readPush, writeParameters, writePush } from "../records/json.js";
import { isKeepable } from "../records/text.js";
import type { DeliveryState, Subscription, SubscriptionFilter } from "../subscriptions.js";
import { newTask } from "./claim.js";
import type { Database } from "./schema.js";
import type { SubscriptionRow } from "./schema-records.js";

/** Equal for subscriptions of one owner that ask for the same. */
export function requestOf({ owner, fingerprint }: Pick<Subscription, "owner" | "fingerprint">): string {
  return createHash("sha256")
    .update(JSON.stringify([owner, fingerprint]))
    .digest("hex");
}

/** The row of a new subscription. */
export function toRow(subscription: Subscription, collection: number): Omit<SubscriptionRow, "seq"> {
  const { id, owner, parameters, push, version, fingerprint, since, status, created } = subscription;
  return {
    ...newTask,
    id,
    owner,
    collection,
    parameters: parameters === undefined ? null : writeParameters(parameters),
    push: push === undefined ? null : writePush(push),
    version,
    fingerprint,
    request: requestOf(subscription),
    since,
    status,
    created,
    delivered: since,
    scanned: since,
    pending: null,
  };
}

/** Subscriptions and the names of their collections. */
export function selectSubscriptions(db: Database, { id, owner, collection }: SubscriptionFilter) {
  let query = db
    .selectFrom("subscriptions")
    .innerJoin("collections", "collections.id", "subscriptions.collection")
    .selectAll("subscriptions")
    .select("collections.name as collection_name");
  if (id !== undefined) query = query.where("subscriptions.id", "=", id);
  if (owner !== undefined) query = query.where("subscriptions.owner", "=", owner);
  if (collection !== undefined) query = query.where("collections.name", "=", collection);
  return query;
}

/** Whether a filter can mean anything that is there. */
export function canMatch({ id = "", owner = "", collection = "" }: SubscriptionFilter): boolean {
  return isKeepable(id) && isKeepable(owner) && isKeepable(collection);
}

type SelectedRow = Omit<SubscriptionRow, "seq"> & { readonly collection_name: string };

export function toSubscription(row: SelectedRow): Subscription {
  return {
    id: row.id,
    owner: row.owner,
    collection: row.collection_name,
    parameters: row.parameters === null ? undefined : readParameters(row.parameters),
    push: row.push === null ? undefined : readPush(row.push),
    version: row.version,
    fingerprint: row.fingerprint,
    since: row.since,
    status: row.status,
    created: row.created,
    delivery: {
      delivered: row.delivered,
      scanned: row.scanned,
      pending: row.pending ?? undefined,
      attempts: row.attempts,
      notBefore: row.not_before,
      parked: row.parked === 1,
      error: row.error ?? undefined,
    },
  };
}

/** The columns a change of the delivery changes; `scanned` never falls behind `delivered`. */
export function toColumns(change: Partial<DeliveryState>) {
  const { delivered, scanned, attempts, notBefore, parked } = change;
  return {
    ...(delivered === undefined ? {} : { delivered }),
    ...(delivered === undefined && scanned === undefined ? {} : { scanned: laterScanned(delivered, scanned) }),
    ...("pending" in change ? { pending: change.pending ?? null } : {}),
    ...(attempts === undefined ? {} : { attempts }),
    ...(notBefore === undefined ? {} : { not_before: notBefore }),
    ...(parked === undefined ? {} : { parked: parked ? 1 : 0 }),
    ...("error" in change ? { error: change.error ?? null } : {}),
  };
}

function laterScanned(delivered: number | undefined, scanned: number | undefined) {
  if (delivered === undefined) return sql<number>`case when delivered > ${scanned} then delivered else ${scanned} end`;
  if (scanned === undefined) return sql<number>`case when scanned > ${delivered} then scanned else ${delivered} end`;
  return Math.max(delivered, scanned);
}
