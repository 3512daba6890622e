/** What a poll service can be given. */

import type { QueryHandler } from "../../query.js";
import { defaultPartLimits, type PartLimits } from "../../results/index.js";
import type { CollectionServiceOptions } from "../../service.js";
import type { PollSteps } from "./steps.js";

/** When a poll is answered later, provided that the request allows it: never, always, or when there are more blocks to go through. */
export type Asynchronous = "never" | "always" | { readonly above: number };

export interface PollOptions extends CollectionServiceOptions, Partial<PartLimits> {
  /**
   * Records that are counted at most for the first answer; a result with more states a lower bound (SVC-POLL-013), unless it is
   * made for later. Default: 100,000.
   */
  readonly countLimit?: number | undefined;
  /** Whether polls have to be of a subscription; others are `DENIED` (SVC-POLL-005). Default: false. */
  readonly requiresSubscription?: boolean | undefined;
  /** When a poll is answered later (SVC-ASYNC-001). Default: `{ above: 100_000 }`. */
  readonly asynchronous?: Asynchronous | undefined;
  /** Who evaluates queries, by format. Default: nobody; polls with queries are refused (SVC-POLL-009). */
  readonly queries?: readonly QueryHandler[] | undefined;
  /** Seconds a result is kept for its parts to be fetched (SVC-MULTI-011). Default: 3600. */
  readonly resultLifetime?: number | undefined;
  /** Results kept for one account; with more, polls are put off until the first expires (SVC-POLL-016). Default: 1000. */
  readonly maxResults?: number | undefined;
  /**
   * Whether results are given in parts, or later (SVC-GEN-003). Without, the answer covers a shorter range of a feed, and a set
   * of data that is too big for one part is refused (SVC-MULTI-001). Default: true.
   */
  readonly fulfillment?: boolean | undefined;
  /** Whether blocks without subtype are kept from those who list subtypes (CB-MATCH-004). Default: false. */
  readonly strictSubtypes?: boolean | undefined;
  /** Steps to replace built-in ones. Default: none. */
  readonly steps?: Partial<PollSteps> | undefined;
}

/** The same, complete. */
export interface PollSettings {
  readonly limits: PartLimits;
  readonly countLimit: number;
  readonly requiresSubscription: boolean;
  readonly asynchronous: Asynchronous;
  readonly queries: readonly QueryHandler[];
  readonly resultLifetime: number;
  readonly maxResults: number;
  readonly fulfillment: boolean;
  readonly strictSubtypes: boolean;
}

/**
 * Completes the options of a poll service.
 *
 * @throws RangeError for a number that is none of what it counts
 */
export function settingsOf(options: PollOptions): PollSettings {
  const { asynchronous = { above: 100_000 } } = options;
  if (typeof asynchronous === "object") count("asynchronous.above", asynchronous.above, 0);
  return {
    limits: {
      maxBlocks: count("maxBlocks", options.maxBlocks ?? defaultPartLimits.maxBlocks),
      maxSize: count("maxSize", options.maxSize ?? defaultPartLimits.maxSize),
      maxScanned: count("maxScanned", options.maxScanned ?? defaultPartLimits.maxScanned),
    },
    countLimit: count("countLimit", options.countLimit ?? 100_000, 0),
    requiresSubscription: options.requiresSubscription ?? false,
    asynchronous,
    queries: options.queries ?? [],
    resultLifetime: count("resultLifetime", options.resultLifetime ?? 3600),
    maxResults: count("maxResults", options.maxResults ?? 1000),
    fulfillment: options.fulfillment ?? true,
    strictSubtypes: options.strictSubtypes ?? false,
  };
}

function count(name: string, value: number, least = 1): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new RangeError(`${name} of a poll service has to be a whole number of at least ${least}, found ${String(value)}`);
}
