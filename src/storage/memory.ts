/** A storage that lasts as long as its process: for tests, and for servers whose content comes from elsewhere. */

import type { Clock } from "./label.js";
import { MemoryContent } from "./memory/content.js";
import type { MemoryContext } from "./memory/context.js";
import { MemoryDirectory } from "./memory/directory.js";
import { MemoryResults } from "./memory/results.js";
import { MemorySubscriptions } from "./memory/subscriptions.js";
import type { Storage } from "./storage.js";

export interface MemoryStorageOptions {
  /** Default: `Date.now`. */
  readonly clock?: Clock | undefined;
}

/** Keeps everything in memory. */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(options.clock ?? Date.now);
}

class MemoryStorage extends MemoryContent implements Storage {
  readonly subscriptions: MemorySubscriptions;
  readonly results: MemoryResults;
  readonly directory: MemoryDirectory;

  constructor(clock: Clock) {
    let revision = 1;
    const touch = (): void => {
      revision++;
    };
    super(clock, touch);
    const context: MemoryContext = {
      clock,
      collection: (name) => this.find(name),
      firstBehind: (collection, label) => this.firstBehind(collection, label),
      revision: () => revision,
      touch,
    };
    this.subscriptions = new MemorySubscriptions(context);
    this.results = new MemoryResults(context);
    this.directory = new MemoryDirectory(context, this.subscriptions, this.results);
  }

  override async removeCollection(name: string): Promise<boolean> {
    const removed = await super.removeCollection(name);
    this.subscriptions.forget({ collection: name });
    this.results.forget({ collection: name });
    return removed;
  }

  async ping(): Promise<void> {}

  async close(): Promise<void> {
    this.clear();
  }
}
