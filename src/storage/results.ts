/** Result sets: polls whose answers come in parts, or later. */

import type { ContentBindingId, PushParameter, Query, ResponseType } from "../../generated/taxii11/index.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Timestamp } from "../message/timestamp.js";
import type { Label } from "./label.js";
import type { Claim } from "./lease.js";

/** How the service that was polled cuts parts. What is left out has the worker's own limit. */
export interface ResultLimits {
  /** Blocks in a part. */
  readonly maxBlocks?: number | undefined;
  /** Characters in a part. */
  readonly maxSize?: number | undefined;
  /** Blocks a query is evaluated for in one part. */
  readonly maxScanned?: number | undefined;
}

/** A poll whose answer is kept. Its range ends at a label, so that what arrives later does not change it (SVC-MULTI-013). */
export interface ResultSetInit {
  /** Unguessable, never used again (SVC-MULTI-012, SEC-ID-003). */
  readonly id: string;
  /** Name of the account that polled; empty for nobody in particular. */
  readonly owner: string;
  readonly collection: string;
  /** The subscription that was polled. */
  readonly subscriptionId: string | undefined;
  readonly version: TaxiiVersion;
  /** The range: labels greater than `after`, up to and including `until`. */
  readonly after: Label | undefined;
  readonly until: Label;
  /** The range as the reply states it; undefined for a set of data, which has none. */
  readonly stated: { readonly begin: Timestamp | undefined; readonly end: Timestamp } | undefined;
  /** What content; empty for any. */
  readonly contentBindings: readonly ContentBindingId[];
  readonly query: Query | undefined;
  readonly responseType: ResponseType;
  /** How it is cut, whoever does so. Default: as the worker cuts. */
  readonly limits?: ResultLimits | undefined;
  /** `PENDING` while it is still to be made (SVC-ASYNC-001). */
  readonly state: "PENDING" | "READY";
  /** Records of the whole result, as far as known. */
  readonly count: { readonly value: number; readonly partial: boolean } | undefined;
  /** Where it is pushed when it is ready (SVC-PUSH-003); undefined when it is fetched. */
  readonly push: PushParameter | undefined;
  /** When it is forgotten, in milliseconds since 1970. */
  readonly expires: number;
}

/** One part: a run of labels (SVC-MULTI-005). */
export interface ResultPart {
  /** From 1. */
  readonly number: number;
  /** Labels greater than this: the end of the part before. */
  readonly after: Label | undefined;
  readonly until: Label;
  /** Whether no part follows. */
  readonly last: boolean;
}

/** A result set that exists. */
export interface ResultSet extends Omit<ResultSetInit, "state"> {
  readonly state: "PENDING" | "READY" | "FAILED";
  /** Milliseconds since 1970. */
  readonly created: number;
  /** The last part that is known; undefined before the first. */
  readonly lastPart: ResultPart | undefined;
  /** Parts that the receiver of a push took. */
  readonly pushed: number;
  /** Failures since the last success. */
  readonly attempts: number;
  readonly notBefore: number;
  /** Why it could not be made, or not be pushed, for operators. */
  readonly error: string | undefined;
  /** Whether pushing was given up; the result can still be fetched (SVC-PUSH-007). */
  readonly parked: boolean;
}

/** What workers change about a result set. */
export type ResultChange = Partial<Pick<ResultSet, "state" | "count" | "pushed" | "attempts" | "notBefore" | "error" | "parked">>;

/** Where result sets are kept. What has expired is not found, whether or not it was removed yet. */
export interface ResultStore {
  /**
   * Adds a result set, together with the parts that are known already.
   *
   * @param quota the most an owner may have that have not expired
   * @throws StorageError `QUOTA_EXCEEDED`; `UNKNOWN_COLLECTION`; `ALREADY_EXISTS` when the id is taken
   * @throws ValidationError when a name cannot be looked up, as for subscriptions, or the parts are not 1, 2, 3 …
   */
  create(init: ResultSetInit, parts: readonly ResultPart[], quota: number): Promise<ResultSet>;

  /** The result set of this id, or undefined. */
  get(id: string): Promise<ResultSet | undefined>;

  /** A part that is known, or undefined. */
  part(id: string, number: number): Promise<ResultPart | undefined>;

  /**
   * Adds a part behind those that are known. When there is one of this number already, that one stays and is given back: two
   * servers that cut the same result agree on the first one's cut. When the result set is gone by now, the part is given back
   * and not kept.
   *
   * @throws ValidationError when it is neither a part that is known nor the next one
   */
  addPart(id: string, part: ResultPart): Promise<ResultPart>;

  /** Leases a result set that is still to be made. */
  claimPending(claim: Claim): Promise<ResultSet | undefined>;

  /** Leases a result set that is ready, and is to be pushed: not all parts taken, not parked, due, in nobody's lease. */
  claimPush(claim: Claim): Promise<ResultSet | undefined>;

  /** Notes a worker's progress; see {@link SubscriptionStore.note}. */
  note(
    id: string,
    worker: string,
    change: ResultChange,
    options?: { readonly release?: boolean | undefined; readonly until?: number | undefined },
  ): Promise<boolean>;

  /** When the first of an owner's result sets expires, in milliseconds since 1970; undefined when it has none. */
  firstExpiry(owner: string): Promise<number | undefined>;

  /** Removes one; false when there was none. */
  remove(id: string): Promise<boolean>;

  /** Removes what has expired by `now`, in milliseconds since 1970; says how many there were. */
  expire(now: number): Promise<number>;

  /** For metrics: result sets that have not expired, by state. */
  counts(now: number): Promise<Readonly<Record<ResultSet["state"], number>>>;
}
