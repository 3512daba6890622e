/** A storage that lasts as long as its process: for tests, and for servers whose content comes from elsewhere. */

import type { Clock, Label } from "./label.js";
import { completeCollection, keepBlock } from "./record.js";
import {
  type Arrival,
  type Collection,
  type CollectionInit,
  type Selection,
  type Storage,
  type StoredBlock,
  unknownCollection,
} from "./storage.js";

export interface MemoryStorageOptions {
  /** Default: `Date.now`. */
  readonly clock?: Clock;
}

/** Keeps everything in memory. */
export function memoryStorage(options: MemoryStorageOptions = {}): Storage {
  return new MemoryStorage(options.clock ?? Date.now);
}

interface Held {
  collection: Collection;
  /** By label. Only ever appended to, so that a reader can go on from an index. */
  readonly blocks: StoredBlock[];
}

class MemoryStorage implements Storage {
  readonly #clock: Clock;
  readonly #collections = new Map<string, Held>();
  #last: Label;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#last = this.#now();
  }

  #now(): Label {
    return Math.floor(this.#clock() * 1000);
  }

  async putCollection(init: CollectionInit): Promise<void> {
    const collection = completeCollection(init);
    const held = this.#collections.get(collection.name);
    if (held === undefined) this.#collections.set(collection.name, { collection, blocks: [] });
    else held.collection = collection;
  }

  async collection(name: string): Promise<Collection | undefined> {
    return this.#collections.get(name)?.collection;
  }

  async collections(): Promise<readonly Collection[]> {
    return [...this.#collections.values()].map(({ collection }) => collection).sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  async add(arrivals: readonly Arrival[]): Promise<readonly Label[]> {
    // Everything that can fail comes first.
    const kept = arrivals.map(({ block, collections }) => ({
      block: keepBlock(block),
      destinations: [...new Set(collections)].map((name) => this.#held(name)),
    }));
    const first = Math.max(this.#last + 1, this.#now());
    for (const [index, { block, destinations }] of kept.entries()) {
      for (const { blocks } of destinations) blocks.push({ label: first + index, block });
    }
    if (kept.length > 0) this.#last = first + kept.length - 1;
    return kept.map((_, index) => first + index);
  }

  async horizon(atLeast?: Label): Promise<Label> {
    if (atLeast !== undefined && atLeast > this.#last && atLeast <= this.#now()) this.#last = atLeast;
    return this.#last;
  }

  async count(selection: Selection): Promise<number> {
    let count = 0;
    for (const _ of this.#select(selection)) count++;
    return count;
  }

  async *content(selection: Selection): AsyncGenerator<StoredBlock, void, undefined> {
    yield* this.#select(selection);
  }

  async close(): Promise<void> {
    this.#collections.clear();
  }

  #held(name: string): Held {
    const held = this.#collections.get(name);
    if (held === undefined) throw unknownCollection(name);
    return held;
  }

  *#select({
    collection,
    after = Number.NEGATIVE_INFINITY,
    until = Number.POSITIVE_INFINITY,
    accepts,
  }: Selection): Generator<StoredBlock, void, undefined> {
    const { blocks } = this.#held(collection);
    const end = firstBehind(blocks, until);
    const wanted = accepts === undefined ? undefined : oncePerBinding(accepts);
    for (let at = firstBehind(blocks, after); at < end; at++) {
      const stored = blocks[at];
      if (stored !== undefined && (wanted === undefined || wanted(stored))) yield stored;
    }
  }
}

/** The index of the first block with a label greater than `label`. */
function firstBehind(blocks: readonly StoredBlock[], label: Label): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.label ?? 0) > label) high = middle;
    else low = middle + 1;
  }
  return low;
}

function oncePerBinding(accepts: NonNullable<Selection["accepts"]>): (stored: StoredBlock) => boolean {
  const known = new Map<string, boolean>();
  return ({ block: { contentBinding } }) => {
    const key = JSON.stringify([contentBinding.bindingId, contentBinding.subtype?.subtypeId]);
    const answer = known.get(key) ?? accepts(contentBinding);
    known.set(key, answer);
    return answer;
  };
}
