/** Subscriptions in memory. */

import type { Claim, Lease } from "../lease.js";
import { alreadyExists } from "../records/errors.js";
import { frozen } from "../records/freeze.js";
import { keepDeliveryChange, keepSubscription, newSubscription } from "../records/subscription.js";
import { unknownCollection } from "../storage.js";
import type {
  DeliveryLag,
  DeliveryState,
  Subscription,
  SubscriptionFilter,
  SubscriptionInit,
  SubscriptionStore,
} from "../subscriptions.js";
import type { MemoryContext } from "./context.js";

interface Held {
  subscription: Subscription;
  lease: Lease | undefined;
  /** When it had its last turn, as a number that only rises. */
  turn: number;
}

export class MemorySubscriptions implements SubscriptionStore {
  readonly #context: Pick<MemoryContext, "clock" | "collection" | "firstBehind">;
  /** By id, oldest first. */
  readonly #held = new Map<string, Held>();
  #turns = 0;

  constructor(context: Pick<MemoryContext, "clock" | "collection" | "firstBehind">) {
    this.#context = context;
  }

  async subscribe(init: SubscriptionInit): Promise<{ readonly subscription: Subscription; readonly created: boolean }> {
    const kept = keepSubscription(init);
    const { id, owner, collection, fingerprint } = kept;
    if (this.#context.collection(collection) === undefined) throw unknownCollection(collection);
    const same = this.#matching({ owner, collection }).find((held) => held.subscription.fingerprint === fingerprint);
    if (same !== undefined) return { subscription: same.subscription, created: false };
    if (this.#held.has(id)) throw alreadyExists("a subscription", id);
    const subscription = frozen(newSubscription(kept, this.#context.clock()));
    this.#held.set(id, { subscription, lease: undefined, turn: 0 });
    return { subscription, created: true };
  }

  async find(filter: SubscriptionFilter): Promise<readonly Subscription[]> {
    return this.#matching(filter).map(({ subscription }) => subscription);
  }

  async setStatus(filter: Required<SubscriptionFilter>, status: Subscription["status"]): Promise<Subscription | undefined> {
    const held = this.#one(filter);
    if (held !== undefined) held.subscription = frozen({ ...held.subscription, status });
    return held?.subscription;
  }

  async remove(filter: SubscriptionFilter & Required<Pick<SubscriptionFilter, "id">>): Promise<boolean> {
    const held = this.#one(filter);
    return held !== undefined && this.#held.delete(held.subscription.id);
  }

  /** Removes all subscriptions of an owner, or to a collection. */
  forget(filter: { readonly owner: string } | { readonly collection: string }): void {
    for (const { subscription } of this.#matching(filter)) this.#held.delete(subscription.id);
  }

  async claim({ lease, now }: Claim): Promise<Subscription | undefined> {
    let next: Held | undefined;
    for (const held of this.#held.values()) {
      if (this.#isDue(held, now) && (next === undefined || held.turn < next.turn)) next = held;
    }
    if (next === undefined) return undefined;
    next.lease = { ...lease };
    next.turn = ++this.#turns;
    return next.subscription;
  }

  async note(
    id: string,
    worker: string,
    change: Partial<DeliveryState>,
    { release = false, until }: { readonly release?: boolean | undefined; readonly until?: number | undefined } = {},
  ): Promise<boolean> {
    const kept = keepDeliveryChange(change);
    const held = this.#held.get(id);
    if (held === undefined || held.lease?.worker !== worker) return false;
    const delivery = { ...held.subscription.delivery, ...kept };
    delivery.scanned = Math.max(delivery.scanned, delivery.delivered);
    held.subscription = frozen({ ...held.subscription, delivery });
    if (release) held.lease = undefined;
    else if (until !== undefined) held.lease = { worker, until };
    return true;
  }

  async retry(id: string): Promise<boolean> {
    const held = this.#held.get(id);
    if (held === undefined) return false;
    const delivery = { ...held.subscription.delivery, parked: false, attempts: 0, notBefore: 0 };
    held.subscription = frozen({ ...held.subscription, delivery });
    return true;
  }

  async lag(now: number): Promise<DeliveryLag> {
    const pushing = [...this.#held.values()].filter(({ subscription }) => subscription.push !== undefined);
    const arrivals: number[] = [];
    const due: number[] = [];
    for (const held of pushing) {
      const { collection, delivery } = held.subscription;
      const first = this.#isWaiting(held.subscription) ? this.#context.firstBehind(collection, delivery.scanned) : undefined;
      if (first === undefined) continue;
      const arrived = Math.floor(first / 1000);
      arrivals.push(arrived);
      if (this.#isDue(held, now)) due.push(Math.max(arrived, delivery.notBefore));
    }
    return {
      pushing: pushing.length,
      parked: pushing.filter(({ subscription }) => subscription.delivery.parked).length,
      oldest: longestSince(arrivals, now),
      late: longestSince(due, now),
    };
  }

  #matching({ id, owner, collection }: SubscriptionFilter): Held[] {
    const some = id === undefined ? [...this.#held.values()] : [this.#held.get(id)].filter((held) => held !== undefined);
    return some.filter(
      ({ subscription }) =>
        (owner === undefined || subscription.owner === owner) && (collection === undefined || subscription.collection === collection),
    );
  }

  /** The one that is meant; none without an id, whatever else is said. */
  #one(filter: SubscriptionFilter): Held | undefined {
    return filter.id === undefined ? undefined : this.#matching(filter)[0];
  }

  #isDue({ subscription, lease }: Held, now: number): boolean {
    return subscription.delivery.notBefore <= now && (lease === undefined || lease.until <= now) && this.#isWaiting(subscription);
  }

  /** Whether there may be something to push, sooner or later. */
  #isWaiting({ status, push, delivery, collection }: Subscription): boolean {
    if (status !== "ACTIVE" || push === undefined || delivery.parked) return false;
    const { available = false, newest } = this.#context.collection(collection) ?? {};
    return available && newest !== undefined && newest > delivery.scanned;
  }
}

/** Milliseconds since the first of some times; undefined without any. */
function longestSince(times: readonly number[], now: number): number | undefined {
  return times.length === 0 ? undefined : Math.max(0, now - times.reduce((first, time) => Math.min(first, time)));
}
