/** Making a subscription. */

import { StatusError } from "../../message/status-error.js";
import { type Storage, StorageError, type Subscription } from "../../storage/index.js";
import { noCollection } from "../collections.js";
import { type Context, ownerOf } from "../context.js";
import type { Subscribing } from "./subscription-checks.js";
import { fingerprintOf } from "./subscription-fingerprint.js";

/**
 * Makes a subscription that gets what comes from now on. When its owner has one that asks for the same, that one is given, as it
 * is, paused or not (SVC-SUB-006, SVC-SUB-016). Ids are random and never used again (SVC-SUB-014, SEC-ID-003).
 *
 * @param most the number of subscriptions an owner may have
 * @throws StatusError `DENIED` when the owner has as many already (SVC-SUB-023); as {@link noCollection} says when the collection
 *   has just been removed. There is no new subscription then (SVC-SUB-010).
 */
export async function subscribe({ request, collection }: Subscribing, context: Context, most: number): Promise<Subscription> {
  const { storage, version, emit, requestId, account } = context;
  const { subscriptionParameters: parameters, pushParameters: push } = request;
  const init = {
    id: `urn:uuid:${crypto.randomUUID()}`,
    owner: ownerOf(context),
    collection: collection.name,
    parameters,
    push,
    version,
    fingerprint: await fingerprintOf(parameters, push),
    since: await storage.horizon(),
  };
  const { subscription, created } = await storage.subscriptions.subscribe(init).catch((error: unknown) => {
    if (error instanceof StorageError && error.code === "UNKNOWN_COLLECTION") throw noCollection(collection.name, context);
    throw error;
  });
  if (!created) return subscription;
  await keepQuota(subscription, storage, most);
  emit("subscriptionChanged", { requestId, action: "SUBSCRIBE", account, subscription });
  return subscription;
}

/** Looks after the fact, so that of many requests at once, to many servers, none gets around it; the oldest stay. */
async function keepQuota({ id, owner }: Subscription, { subscriptions }: Storage, most: number): Promise<void> {
  const place = (await subscriptions.find({ owner })).findIndex((other) => other.id === id);
  if (place < most) return;
  await subscriptions.remove({ id });
  throw new StatusError("DENIED", { message: `No more than ${most} subscriptions can be had here; end one that is not needed.` });
}
