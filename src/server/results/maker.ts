/** Makes the results of polls that are answered later (SVC-ASYNC-001), and removes results that have expired. */

import type { MatchOptions } from "../../message/content-binding.js";
import { type Collection, type ResultPart, type ResultSet, type Storage, StorageError } from "../../storage/index.js";
import { given } from "../given.js";
import type { QueryHandler } from "../query.js";
import { WorkLoop } from "../work-loop.js";
import { rangeOfResult } from "./blocks.js";
import { type CutOptions, defaultPartLimits, measure, type PartLimits } from "./cut.js";
import { findPart } from "./parts.js";
import { predicateOf } from "./predicate.js";
import { Renewal } from "./renewal.js";

/** A result that could not be made. */
export interface ResultFailure {
  readonly error: unknown;
  /** Undefined when it was not about a certain result. */
  readonly resultId: string | undefined;
}

export interface ResultMakerOptions {
  readonly storage: Storage;
  /** Who evaluates the queries of a collection's polls. Default: nobody, so that results with queries fail. */
  readonly handlersFor?: ((collection: Collection) => readonly QueryHandler[]) | undefined;
  /** How big parts are. Default: {@link defaultPartLimits}, as for poll services. */
  readonly limits?: Partial<PartLimits> | undefined;
  /** How content bindings are matched; as in the poll services. */
  readonly match?: MatchOptions | undefined;
  /** Names this worker; unique among all workers of all processes. Default: a random name. */
  readonly worker?: string | undefined;
  /** Milliseconds between looks for work. Default: 1000. */
  readonly interval?: number | undefined;
  /** Milliseconds a lease lasts; it is renewed in time. Default: 60,000. */
  readonly lease?: number | undefined;
  /** Is told of each result that was made, or failed for good. */
  readonly onMade?: ((result: ResultSet) => void) | undefined;
  /** Is told why something failed. */
  readonly onFailure?: ((failure: ResultFailure) => void) | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** Milliseconds between removals of what has expired. */
const expiryInterval = 60_000;

/**
 * A worker that makes results. Any number may run, in one process or in several: each result is made by one of them, and by
 * another one when that one is gone. What is made does not depend on who makes it, nor on how often it is begun.
 */
export class ResultMaker {
  readonly #options: ResultMakerOptions;
  readonly #loop: WorkLoop;
  readonly #worker: string;
  readonly #lease: number;
  readonly #now: () => number;
  #expiredAt = Number.NEGATIVE_INFINITY;

  constructor(options: ResultMakerOptions) {
    this.#options = options;
    this.#worker = options.worker ?? crypto.randomUUID();
    this.#lease = options.lease ?? 60_000;
    this.#now = options.now ?? Date.now;
    this.#loop = new WorkLoop({
      work: (signal) => this.#work(signal),
      interval: options.interval ?? 1000,
      report: (error) => this.#report(error),
    });
  }

  /** Starts working; without effect when it works already. */
  start(): void {
    this.#loop.start();
  }

  /** Says that there may be a result to make. */
  wake(): void {
    this.#loop.wake();
  }

  /** Stops working; resolves when the result at hand was given back, to be gone on with by whoever comes next. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #work(signal: AbortSignal): Promise<boolean> {
    const { results } = this.#options.storage;
    const now = this.#now();
    if (now - this.#expiredAt >= expiryInterval) {
      await results.expire(now);
      this.#expiredAt = now;
    }
    const result = await results.claimPending({ lease: { worker: this.#worker, until: now + this.#lease }, now });
    return result !== undefined && (await this.#make(result, signal));
  }

  /** False when it has to be tried again after a while. */
  async #make(result: ResultSet, stopping: AbortSignal): Promise<boolean> {
    const { results } = this.#options.storage;
    const { id } = result;
    const renewal = new Renewal(this.#lease, () => results.note(id, this.#worker, {}, { until: this.#now() + this.#lease }));
    try {
      const value = await this.#cutAll(result, AbortSignal.any([stopping, renewal.lost]));
      await this.#finish(id, { state: "READY", count: { value, partial: false }, error: undefined });
      return true;
    } catch (error) {
      // Somebody else has it, or its owner does not want it any more.
      if (renewal.lost.aborted) return true;
      if (!stopping.aborted) this.#report(error, id);
      if (!stopping.aborted && !isPassing(error)) {
        await this.#finish(id, { state: "FAILED", error: error instanceof Error ? error.message : String(error) });
        return true;
      }
      await results.note(id, this.#worker, {}, { release: true });
      return false;
    } finally {
      renewal.end();
    }
  }

  /** Makes all parts, those that are known from an earlier beginning included, and gives the number of records. */
  async #cutAll(result: ResultSet, signal: AbortSignal): Promise<number> {
    const { storage, handlersFor, limits, match } = this.#options;
    const collection = await storage.collection(result.collection);
    // Its results are gone with it.
    if (collection === undefined) return 0;
    const predicate = await predicateOf(result.query, handlersFor?.(collection) ?? [], collection);
    const options: CutOptions = { limits: { ...defaultPartLimits, ...limits, ...given({ ...result.limits }) }, predicate, match, signal };
    const range = rangeOfResult(result);
    if (result.responseType === "COUNT_ONLY") {
      await storage.results.addPart(result.id, { number: 1, after: range.after, until: range.until, last: true });
      return (await measure(storage, range, options)).blocks;
    }
    let records = 0;
    for (let before: ResultPart | undefined; before?.last !== true; ) {
      signal.throwIfAborted();
      const { part, cut } = await findPart(storage, { ...result, lastPart: before }, (before?.number ?? 0) + 1, options);
      const { blocks } = cut ?? (await measure(storage, { ...range, after: part.after, until: part.until }, options));
      records += blocks;
      before = part;
    }
    return records;
  }

  async #finish(id: string, change: Partial<Pick<ResultSet, "state" | "count" | "error">>): Promise<void> {
    const { storage, onMade } = this.#options;
    if (!(await storage.results.note(id, this.#worker, change, { release: true }))) return;
    const made = await storage.results.get(id);
    if (made !== undefined) onMade?.(made);
  }

  #report(error: unknown, resultId?: string): void {
    this.#options.onFailure?.({ error, resultId });
  }
}

/** Whether a fault goes away by itself: the result is not to blame for it. */
function isPassing(error: unknown): boolean {
  return error instanceof StorageError && (error.code === "UNAVAILABLE" || error.code === "STORAGE_FULL");
}
