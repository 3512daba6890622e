/** Subscriptions on their way into a storage, and what becomes of them there. */

import type { DeliveryState, Subscription, SubscriptionInit } from "../subscriptions.js";
import { Check } from "./check.js";
import { checkOwned, keepParameters, keepPush } from "./parts.js";
import { keepable } from "./text.js";

const subject = "the subscription";

/**
 * A copy to keep.
 *
 * @throws ValidationError when a name cannot be looked up, or markup of the query could not be written into a message
 */
export function keepSubscription(init: SubscriptionInit): SubscriptionInit {
  const { id, owner, collection, parameters, push, version, fingerprint, since } = init;
  const check = new Check(subject);
  checkOwned(check, init);
  check.text("fingerprint", fingerprint);
  check.integer("since", since);
  check.done();
  return {
    id,
    owner,
    collection,
    parameters: parameters === undefined ? undefined : keepParameters(subject, parameters),
    push: push === undefined ? undefined : keepPush(push),
    version,
    fingerprint,
    since,
  };
}

/** The subscription as it begins. */
export function newSubscription(init: SubscriptionInit, created: number): Subscription {
  const { since } = init;
  const delivery: DeliveryState = {
    delivered: since,
    scanned: since,
    pending: undefined,
    attempts: 0,
    notBefore: 0,
    parked: false,
    error: undefined,
  };
  return { ...init, status: "ACTIVE", created, delivery };
}

/** A change of the delivery as it can be kept. @throws ValidationError when a number is none */
export function keepDeliveryChange(change: Partial<DeliveryState>): Partial<DeliveryState> {
  const check = new Check("the change of the delivery");
  for (const property of ["delivered", "scanned", "pending", "attempts", "notBefore"] as const) {
    check.optionalInteger(property, change[property]);
  }
  check.done();
  return change.error === undefined ? change : { ...change, error: keepable(change.error) };
}
