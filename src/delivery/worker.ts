/** The worker that delivers: subscriptions with push parameters, and results that are to be pushed. */

import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { RetryOptions } from "../client/options.js";
import type { MatchOptions } from "../message/content-binding.js";
import { emitter, type Observer } from "../server/events.js";
import type { QueryHandler } from "../server/query.js";
import { WorkLoop } from "../server/work-loop.js";
import type { Claim, Collection, DeliveryState, ResultSet, Storage, Subscription } from "../storage/index.js";
import { Hold } from "./hold.js";
import type { GuardedPushPolicy } from "./policy.js";
import { deliverResult, type ResultProgress } from "./result-delivery.js";
import { defaultDeliveryRetry } from "./schedule.js";
import { deliverSubscription } from "./subscription-delivery.js";
import { type Task, TaskQueue } from "./task-queue.js";
import type { Tools } from "./tools.js";
import { PushTransport, type PushTransportOptions } from "./transport.js";

export interface DeliveryWorkerOptions extends PushTransportOptions {
  readonly storage: Storage;
  /** What may be pushed, and where to; the one the server's `push` has. Asked anew for each message. */
  readonly policy: GuardedPushPolicy;
  /**
   * Whether an account, empty for nobody in particular, may read a collection now. What may not be read is not delivered, and
   * waits (SVC-GEN-012, SVC-SUBF-003).
   */
  readonly mayRead: (owner: string, collection: string) => boolean | Promise<boolean>;
  /** Who evaluates the queries of a collection's subscriptions. Default: nobody, so that those with queries fail. */
  readonly handlersFor?: ((collection: Collection) => readonly QueryHandler[]) | undefined;
  /** How content bindings are matched; as in the poll services. */
  readonly match?: MatchOptions | undefined;
  /** Content blocks in one message. Default: 1000. */
  readonly maxBlocks?: number | undefined;
  /** Characters of content in one message; a block that is larger goes alone. Default: 8 Mi. */
  readonly maxSize?: number | undefined;
  /** Deliveries at once. Default: 4. */
  readonly concurrency?: number | undefined;
  /** Deliveries at once from this worker to one origin. Default: 1. */
  readonly perOrigin?: number | undefined;
  /** When failures are repeated. Default: after 5 s, twice as long each time, at most an hour, put aside after 20 failures. */
  readonly retry?: Partial<RetryOptions> | undefined;
  /** Milliseconds between looks for work. Default: 1000. */
  readonly interval?: number | undefined;
  /** Milliseconds a lease lasts; it is renewed in time. Default: 60,000. */
  readonly lease?: number | undefined;
  /** Milliseconds that a message under way has left when the worker is stopped. Default: 10,000. */
  readonly grace?: number | undefined;
  /** Names this worker; unique among all workers of all processes. Default: host, process and a random part. */
  readonly worker?: string | undefined;
  /** Are told what was `delivered`, and of `deliveryFailed`. Default: nobody. */
  readonly observers?: readonly Observer[] | undefined;
  /** Is told of faults of ours. Default: nobody. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const defaultMaxBlocks = 1000;
const defaultMaxSize = 8 * 1024 * 1024;
/** Blocks a query is evaluated for before progress is noted. */
const maxScanned = 100_000;

/**
 * Delivers, in order and at least once. Any number may run on one storage, in one process or in several: a subscription is
 * delivered by one of them at a time, and by another one when that one is gone. Nothing is ever skipped: what fails is repeated
 * with the range it was begun with, and put aside when it fails too often, until somebody takes it up again
 * (`SubscriptionStore.retry`).
 */
export class DeliveryWorker {
  readonly #storage: Storage;
  readonly #tools: Tools;
  readonly #worker: string;
  readonly #lease: number;
  readonly #grace: number;
  readonly #loop: WorkLoop;
  readonly #queue: TaskQueue;
  /** Ends deliveries between two messages. */
  readonly #stopping = new AbortController();
  /** Ends messages under way. */
  readonly #ending = new AbortController();
  /** Which kind was taken last: the other one has precedence. */
  #resultsFirst = false;

  /** @throws TypeError or RangeError for options that cannot be used */
  constructor(options: DeliveryWorkerOptions) {
    const { storage, policy, concurrency = 4, perOrigin = 1, interval = 1000, now = Date.now } = options;
    const report = (error: unknown): void => options.onFailure?.(error);
    const limits = { maxBlocks: options.maxBlocks ?? defaultMaxBlocks, maxSize: options.maxSize ?? defaultMaxSize, maxScanned };
    for (const [name, value] of Object.entries({ ...limits, concurrency, perOrigin, interval })) {
      if (!(value >= 1)) throw new RangeError(`${name} is ${value}; expected 1 or more`);
    }
    this.#storage = storage;
    this.#worker = options.worker ?? `${hostname()}:${process.pid}:${randomUUID()}`;
    this.#lease = options.lease ?? 60_000;
    this.#grace = options.grace ?? 10_000;
    this.#tools = {
      storage,
      policy,
      transport: new PushTransport((address) => policy.mayConnect(address), options),
      mayRead: options.mayRead,
      handlersFor: options.handlersFor ?? (() => []),
      match: options.match,
      limits,
      retry: { ...defaultDeliveryRetry, ...options.retry },
      interval,
      now,
      emit: emitter(options.observers ?? [], report),
      report,
      stopping: this.#stopping.signal,
    };
    this.#loop = new WorkLoop({ work: () => this.#work(), interval, report });
    this.#queue = new TaskQueue({ concurrency, perOrigin, onRoom: () => this.#loop.wake() });
  }

  /** Starts delivering; without effect when it does already. @throws Error when it was stopped: make another one */
  start(): void {
    if (this.#stopping.signal.aborted) throw new Error("the delivery worker was stopped");
    this.#loop.start();
  }

  /** Says that there may be something to deliver. */
  wake(): void {
    this.#loop.wake();
  }

  /**
   * Stops delivering; resolves when everything was given back. Messages under way are finished within `grace`; those that are
   * not are repeated by whoever comes next.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop.stop();
    await this.#queue.clear();
    const timer = setTimeout(() => this.#ending.abort(), this.#grace);
    await this.#queue.idle();
    clearTimeout(timer);
    await this.#tools.transport.close();
  }

  /** Takes one task, if there is one and room for it. */
  async #work(): Promise<boolean> {
    if (!this.#queue.hasRoom) return false;
    const task = await this.#claim();
    if (task === undefined) return false;
    await this.#queue.add(task);
    return true;
  }

  /** Both kinds have their turn. */
  async #claim(): Promise<Task | undefined> {
    const now = this.#tools.now();
    const claim: Claim = { lease: { worker: this.#worker, until: now + this.#lease }, now };
    const results = async (): Promise<Task | undefined> => this.#resultTask(await this.#storage.results.claimPush(claim));
    const subscriptions = async (): Promise<Task | undefined> => this.#subscriptionTask(await this.#storage.subscriptions.claim(claim));
    this.#resultsFirst = !this.#resultsFirst;
    return this.#resultsFirst ? ((await results()) ?? (await subscriptions())) : ((await subscriptions()) ?? (await results()));
  }

  #subscriptionTask(subscription: Subscription | undefined): Task | undefined {
    if (subscription === undefined) return undefined;
    const { id, push } = subscription;
    const hold = new Hold<DeliveryState>(this.#storage.subscriptions, id, this.#holdOptions());
    return this.#task(`subscription ${id}`, push?.address, hold, () => deliverSubscription(id, hold, this.#tools));
  }

  #resultTask(result: ResultSet | undefined): Task | undefined {
    if (result === undefined) return undefined;
    const { id, push } = result;
    const hold = new Hold<ResultProgress>(this.#storage.results, id, this.#holdOptions());
    return this.#task(`result ${id}`, push?.address, hold, () => deliverResult(id, hold, this.#tools));
  }

  #holdOptions() {
    return { worker: this.#worker, lease: this.#lease, now: this.#tools.now, signal: this.#ending.signal };
  }

  #task(key: string, address: string | undefined, hold: Pick<Hold<ResultProgress>, "release" | "end">, deliver: () => Promise<void>): Task {
    const { interval, now, report } = this.#tools;
    const putOff = (): Promise<void> => hold.release({ notBefore: now() + interval }).catch(report);
    const run = async (): Promise<void> => {
      try {
        await deliver();
      } catch (error) {
        // The storage, most likely; then the lease cannot be given back either, and has to run out.
        report(error);
        await putOff();
      } finally {
        hold.end();
      }
    };
    return { key, origin: originOf(address ?? ""), run, putOff };
  }
}

function originOf(address: string): string {
  return URL.canParse(address) ? new URL(address).origin : address;
}
