/** Subscriptions, and how far each was delivered. */

import type { PushParameter, SubscriptionParameters } from "../../generated/taxii11/index.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Label } from "./label.js";
import type { Claim } from "./lease.js";

/** What a subscriber asked for. */
export interface SubscriptionInit {
  /** Unique, unguessable, never used again (SVC-SUB-013, SVC-SUB-014, SEC-ID-003). */
  readonly id: string;
  /** Name of the account that made it; empty for nobody in particular. */
  readonly owner: string;
  /** Name of the collection. */
  readonly collection: string;
  /** As asked for, to be echoed exactly; undefined where none were given, as in TAXII 1.0. */
  readonly parameters: SubscriptionParameters | undefined;
  /** Where to push; undefined when the subscriber polls (SVC-SUB-020). */
  readonly push: PushParameter | undefined;
  /** The version it was made in. */
  readonly version: TaxiiVersion;
  /** Equal for subscriptions of one owner to one collection that ask for the same (SVC-SUB-006, SVC-SUB-015). */
  readonly fingerprint: string;
  /** Content behind this label is to be delivered. */
  readonly since: Label;
}

/** How far a subscription was delivered. */
export interface DeliveryState {
  /** The end of the last range the subscriber took; the begin of the next (SVC-SUBF-008). */
  readonly delivered: Label;
  /** Up to here nothing has to be delivered any more: everything was, or did not match. At least `delivered`. */
  readonly scanned: Label;
  /** The end of the range that is being delivered, so that a repetition states the same one; undefined between deliveries. */
  readonly pending: Label | undefined;
  /** Failures since the last success, or since {@link SubscriptionStore.retry}. */
  readonly attempts: number;
  /** Not to be tried before, in milliseconds since 1970. */
  readonly notBefore: number;
  /** Put aside after too many failures; nothing is delivered until somebody looks after it. Nothing is lost. */
  readonly parked: boolean;
  /** Why the last try failed, for operators. */
  readonly error: string | undefined;
}

/** A subscription that exists; one that was ended is gone (SVC-SUB-024). */
export interface Subscription extends SubscriptionInit {
  readonly status: "ACTIVE" | "PAUSED";
  /** Milliseconds since 1970. */
  readonly created: number;
  readonly delivery: DeliveryState;
}

/** Which subscriptions are meant; all conditions hold. */
export interface SubscriptionFilter {
  readonly id?: string | undefined;
  readonly owner?: string | undefined;
  readonly collection?: string | undefined;
}

/** Where subscriptions are kept. */
export interface SubscriptionStore {
  /**
   * Adds a subscription, or gives the one of the same owner, collection and fingerprint as it is. Of several that are added
   * at the same time all get the same one.
   *
   * @throws StorageError `UNKNOWN_COLLECTION`; `ALREADY_EXISTS` when the id is that of another subscription
   * @throws ValidationError when a name cannot be looked up: it has NUL or lone surrogates, or more than 800 characters
   */
  subscribe(init: SubscriptionInit): Promise<{ readonly subscription: Subscription; readonly created: boolean }>;

  /** Subscriptions, oldest first. */
  find(filter: SubscriptionFilter): Promise<readonly Subscription[]>;

  /** Changes the status; the subscription as it is then, undefined when there is none, or no id was given. */
  setStatus(filter: Required<SubscriptionFilter>, status: Subscription["status"]): Promise<Subscription | undefined>;

  /** Ends a subscription; false when there was none, or no id was given. */
  remove(filter: SubscriptionFilter & Required<Pick<SubscriptionFilter, "id">>): Promise<boolean>;

  /**
   * Leases a subscription that has to be looked at: active, with push, not parked, due, in nobody's lease, its collection
   * available and with content behind `scanned`. Those that waited longest come first.
   */
  claim(claim: Claim): Promise<Subscription | undefined>;

  /**
   * Notes how a delivery stands, and optionally gives the lease back. Nothing happens, and the answer is false, when the lease
   * is no longer this worker's or the subscription has been ended: somebody else goes on then, from what was noted before. A
   * lease that ran out is this worker's as long as nobody else has claimed it.
   */
  note(
    id: string,
    worker: string,
    change: Partial<DeliveryState>,
    options?: { readonly release?: boolean | undefined; readonly until?: number | undefined },
  ): Promise<boolean>;

  /** Takes parked or delayed deliveries up again at once: the operator's word. False when there is no such subscription. */
  retry(id: string): Promise<boolean>;

  /** For metrics and monitors: how deliveries stand as a whole. */
  lag(now: number): Promise<DeliveryLag>;
}

/** How deliveries stand as a whole. */
export interface DeliveryLag {
  /** Subscriptions with push. */
  readonly pushing: number;
  /** Of these, subscriptions that are parked. */
  readonly parked: number;
  /** Milliseconds since the oldest content arrived that is not delivered, whatever keeps it; undefined for none. */
  readonly oldest: number | undefined;
  /**
   * Milliseconds that a delivery has been due which nobody took up: workers are late. Undefined for none; what was put off, as
   * for an inbox that is down, is not due.
   */
  readonly late: number | undefined;
}
