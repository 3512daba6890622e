/** The worker that removes what collections are not to keep any longer. */

import { WorkLoop } from "../server/work-loop.js";
import type { Collection, Label, Purge, Purged, Storage } from "../storage/index.js";

/** What a round removed. */
export interface Removed {
  readonly collection: string;
  readonly blocks: number;
  /** Characters. */
  readonly size: number;
}

export interface RetentionWorkerOptions {
  readonly storage: Storage;
  /** Milliseconds between rounds. Default: 300,000. */
  readonly interval?: number | undefined;
  /** Days that receipts of Inbox Messages are kept. Default: for ever. */
  readonly receiptDays?: number | undefined;
  /** Is told what was removed. Default: nobody. */
  readonly onRemoved?: ((removed: Removed) => void) | undefined;
  /** Is told of failures; the next round comes all the same. Default: nobody. */
  readonly onFailure?: ((error: unknown) => void) | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

const day = 24 * 3_600_000;

/** Blocks that are removed at once; those who write content have their turn in between. */
const blocksPerStep = 10_000;

/** Applies the `retention` of all collections, again and again. Any number may run on one storage; they do the same work twice. */
export class RetentionWorker {
  readonly #options: RetentionWorkerOptions;
  readonly #now: () => number;
  readonly #loop: WorkLoop;

  constructor(options: RetentionWorkerOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#loop = new WorkLoop({
      work: async (signal) => {
        await this.#round(signal);
        return false;
      },
      interval: options.interval ?? 300_000,
      report: (error) => this.#report(error),
    });
  }

  /** Starts, with a round at once; without effect when it runs already. */
  start(): void {
    this.#loop.start();
  }

  /** Begins the next round at once. */
  wake(): void {
    this.#loop.wake();
  }

  /** Stops; resolves when the collection at hand is done. */
  stop(): Promise<void> {
    return this.#loop.stop();
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { storage, receiptDays } = this.#options;
    for (const collection of await storage.collections()) {
      if (signal.aborted) return;
      // One collection that fails must not keep the others from being looked after.
      await this.#apply(collection, signal).catch((error: unknown) => this.#report(error));
    }
    if (receiptDays !== undefined) await storage.purgeReceipts(this.#now() - receiptDays * day);
  }

  async #apply(collection: Collection, signal: AbortSignal): Promise<void> {
    let [blocks, size] = [0, 0];
    for (const what of purgesFor(collection, this.#now())) {
      for await (const purged of this.#inSteps(what, signal)) {
        blocks += purged.blocks;
        size += purged.size;
      }
    }
    if (blocks > 0) this.#options.onRemoved?.({ collection: collection.name, blocks, size });
  }

  /** A purge in steps, the oldest blocks first. What was removed of a purge that is not finished stays removed. */
  async *#inSteps(what: Purge, signal: AbortSignal): AsyncGenerator<Purged, void, undefined> {
    const { storage } = this.#options;
    while (!signal.aborted) {
      let count = 0;
      let last: Label | undefined;
      for await (const keys of storage.keys({ collection: what.collection, until: what.until }, blocksPerStep)) {
        count += keys.length;
        last = keys.at(-1)?.label ?? last;
      }
      if (last === undefined) return;
      const purged = await storage.purge({ ...what, until: last });
      yield purged;
      if (count < blocksPerStep || purged.blocks < count) return;
    }
  }

  #report(error: unknown): void {
    this.#options.onFailure?.(error);
  }
}

/** One purge for each limit, so that each holds whatever the others say. */
function purgesFor({ name: collection, retention = {} }: Collection, now: number): Purge[] {
  const { days, bytes, blocks } = retention;
  const purges: Purge[] = [];
  if (days !== undefined) purges.push({ collection, until: Math.floor((now - days * day) * 1000) });
  if (blocks !== undefined) purges.push({ collection, keepBlocks: blocks });
  if (bytes !== undefined) purges.push({ collection, keepSize: bytes });
  return purges;
}
