/** What deliveries are done with, and what both kinds of them have in common. */

import { InboxMessage, type InboxMessageInit, type PushParameter } from "../../generated/taxii11/index.js";
import type { RetryOptions } from "../client/options.js";
import { isTaxiiError } from "../errors.js";
import type { MatchOptions } from "../message/content-binding.js";
import { create } from "../message/create.js";
import type { Delivered, DeliveryFailed, Emit } from "../server/events.js";
import type { QueryHandler } from "../server/query.js";
import type { CutOptions, PartLimits } from "../server/results/cut.js";
import { predicateOf } from "../server/results/predicate.js";
import { type Collection, type ResultSet, type Storage, StorageError, type Subscription } from "../storage/index.js";
import type { Hold } from "./hold.js";
import type { GuardedPushPolicy } from "./policy.js";
import type { Portion } from "./portion.js";
import { afterFailure, type NotedFailure } from "./schedule.js";
import type { PushTransport } from "./transport.js";

export interface Tools {
  readonly storage: Storage;
  readonly policy: GuardedPushPolicy;
  readonly transport: PushTransport;
  /** Whether an owner may read a collection now. */
  readonly mayRead: (owner: string, collection: string) => boolean | Promise<boolean>;
  readonly handlersFor: (collection: Collection) => readonly QueryHandler[];
  readonly match: MatchOptions | undefined;
  /** How much goes into a message. */
  readonly limits: PartLimits;
  readonly retry: RetryOptions;
  /** Milliseconds before something is looked at again that could not be delivered for a reason that may pass. */
  readonly interval: number;
  readonly now: () => number;
  readonly emit: Emit;
  /** Is told of faults of ours. */
  readonly report: (error: unknown) => void;
  /** Aborted when no further message is to be begun. */
  readonly stopping: AbortSignal;
}

/** What is delivered: to whom, and what it belongs to. */
export interface Consignment {
  readonly owner: string;
  readonly target: PushParameter;
  /** One of both. */
  readonly subscription: Subscription | undefined;
  readonly result: ResultSet | undefined;
}

/** Milliseconds before the rights of an owner who may not read are looked at again. */
const rightsInterval = 60_000;

/** What both kinds of tasks note alike. */
type Waiting = Pick<NotedFailure, "notBefore"> & { readonly error?: string | undefined };

/**
 * Whether something may be delivered now, by the rights its owner has now (SVC-GEN-012) and by the policy of now.
 *
 * @returns what is to be noted when it has to wait: nothing is lost, and it is no failure
 * @throws StatusError when the policy refuses the target
 */
export async function waitFor({ owner, target }: Consignment, { name }: Collection, tools: Tools): Promise<Waiting | undefined> {
  if (!(await tools.mayRead(owner, name)))
    return { notBefore: tools.now() + rightsInterval, error: `${JSON.stringify(owner)} may not read ${JSON.stringify(name)}` };
  await tools.policy.check(target, owner === "" ? undefined : { name: owner });
  return undefined;
}

/** How the content of something is selected and cut. */
export async function cutOptionsFor(
  { query }: { readonly query?: ResultSet["query"] },
  collection: Collection,
  tools: Tools,
  signal: AbortSignal,
): Promise<CutOptions> {
  const { limits, match, handlersFor } = tools;
  return { limits, match, signal, predicate: await predicateOf(query, handlersFor(collection), collection) };
}

/** Sends one message, and tells observers when it was taken. */
export async function dispatch(
  consignment: Consignment,
  init: InboxMessageInit,
  portion: Pick<Portion, "until" | "count"> & { readonly blocks: Portion["blocks"] | undefined },
  tools: Tools,
  signal: AbortSignal,
): Promise<void> {
  const { target, subscription, result } = consignment;
  const { until, count, blocks } = portion;
  const begun = tools.now();
  // A message without records has none to come, which TAXII 1.0 needs to know.
  await tools.transport.send({ target, message: create(InboxMessage, init), blocks: count === 0 ? undefined : blocks }, signal);
  const delivered: Delivered = {
    target,
    subscription,
    result,
    until,
    blocks: blocks === undefined ? 0 : count,
    duration: tools.now() - begun,
  };
  tools.emit("delivered", delivered);
}

/** What an attempt was about when it failed. */
export interface Attempted extends Consignment {
  readonly until: DeliveryFailed["until"];
  /** Failures before this one. */
  readonly attempts: number;
  /** When it began, in milliseconds since 1970. */
  readonly begun: number;
}

/**
 * Gives a task back after a failure. Faults of the storage are nobody's failure; everything else counts, and what is not about
 * the inbox is reported as well.
 */
export async function giveBack(
  error: unknown,
  hold: Pick<Hold<NotedFailure>, "signal" | "release">,
  attempted: Attempted,
  tools: Tools,
): Promise<void> {
  const { now, retry, emit, report } = tools;
  if (hold.signal.aborted) return hold.release({});
  if (!isTaxiiError(error) || error instanceof StorageError) report(error);
  if (error instanceof StorageError) return hold.release({ notBefore: now() + tools.interval });
  const { target, subscription, result, until, begun } = attempted;
  const noted = afterFailure(error, attempted.attempts, retry, now());
  await hold.release(noted);
  const { attempts, parked } = noted;
  emit("deliveryFailed", { target, subscription, result, until, duration: now() - begun, error, attempts, parked });
}
