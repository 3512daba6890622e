/** Collections and content in memory. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { nextTurn } from "../../turn.js";
import type { Clock, Label } from "../label.js";
import { byName, completeCollection, keepBlock, sizeOf } from "../record.js";
import {
  type AddOptions,
  type Arrival,
  type BlockKey,
  type Collection,
  type CollectionInit,
  type ContentStore,
  type Purge,
  type Purged,
  type Selection,
  type StoredBlock,
  type StoredReceipt,
  unknownCollection,
} from "../storage.js";
import { HeldCollection } from "./held.js";

const keysAtOnce = 1000;
// Characters of content after which others have their turn; a block costs its receiver something even when it is empty.
const charactersPerTurn = 64 * 1024;
const charactersOfBlock = 256;

export class MemoryContent implements ContentStore {
  readonly #clock: Clock;
  readonly #touch: () => void;
  readonly #collections = new Map<string, HeldCollection>();
  #receipts: StoredReceipt[] = [];
  #last: Label;

  /** @param touch called after each change to a collection */
  constructor(clock: Clock, touch: () => void) {
    this.#clock = clock;
    this.#touch = touch;
    this.#last = this.#now();
  }

  #now(): Label {
    return Math.floor(this.#clock() * 1000);
  }

  async putCollection(init: CollectionInit): Promise<void> {
    const settings = completeCollection(init);
    const held = this.#collections.get(settings.name);
    if (held === undefined) this.#collections.set(settings.name, new HeldCollection(settings));
    else held.settings = settings;
    this.#touch();
  }

  async removeCollection(name: string): Promise<boolean> {
    const removed = this.#collections.delete(name);
    if (removed) this.#touch();
    return removed;
  }

  async collection(name: string): Promise<Collection | undefined> {
    return this.find(name);
  }

  async collections(): Promise<readonly Collection[]> {
    return [...this.#collections.values()].map((held) => held.view()).sort(byName);
  }

  async bindingsOf(collection: string): Promise<readonly string[]> {
    return [...this.#held(collection).bindings()].sort();
  }

  async add(arrivals: readonly Arrival[], options: AddOptions = {}): Promise<readonly (Label | undefined)[]> {
    // Everything that can fail comes first.
    const kept = arrivals.map(({ block, collections }) => ({
      block: keepBlock(block),
      destinations: [...new Set(collections)].map((name) => this.#held(name)),
    }));
    const labels = kept.map(({ block, destinations }) => this.#join(block, destinations, options.unlessPresent === true));
    const { receipt } = options;
    if (receipt !== undefined) {
      const stored = labels.filter((label) => label !== undefined);
      const raw = receipt.raw === undefined ? undefined : Uint8Array.from(receipt.raw);
      this.#receipts.push({ ...receipt, raw, received: this.#clock(), labels: stored });
    }
    return labels;
  }

  /** Its label; undefined when all of its collections have it. */
  #join(block: ContentBlock, destinations: readonly HeldCollection[], unlessPresent: boolean): Label | undefined {
    const wanting = unlessPresent ? destinations.filter((held) => !held.has(block)) : destinations;
    if (wanting.length === 0) return undefined;
    this.#last = Math.max(this.#last + 1, this.#now());
    for (const held of wanting) held.add({ label: this.#last, block });
    return this.#last;
  }

  async horizon(atLeast?: Label): Promise<Label> {
    if (atLeast !== undefined && atLeast > this.#last && atLeast <= this.#now()) this.#last = atLeast;
    return this.#last;
  }

  async count(selection: Selection, limit = Number.POSITIVE_INFINITY): Promise<number> {
    let count = 0;
    for (const _ of this.#select(selection)) {
      if (count >= limit) break;
      count++;
    }
    return count;
  }

  async *keys(selection: Selection, limit = Number.POSITIVE_INFINITY): AsyncGenerator<readonly BlockKey[], void, undefined> {
    let left = limit;
    let keys: BlockKey[] = [];
    for (const { label, block } of this.#select(selection)) {
      if (left-- <= 0) break;
      if (keys.push({ label, size: sizeOf(block) }) < keysAtOnce) continue;
      yield keys;
      keys = [];
    }
    yield keys;
  }

  async *content(selection: Selection): AsyncGenerator<StoredBlock, void, undefined> {
    let taken = 0;
    for (const stored of this.#select(selection)) {
      yield stored;
      taken += charactersOfBlock + sizeOf(stored.block);
      if (taken < charactersPerTurn) continue;
      taken = 0;
      await nextTurn();
    }
  }

  async purge({
    collection,
    after,
    until,
    keepBlocks = Number.NEGATIVE_INFINITY,
    keepSize = Number.NEGATIVE_INFINITY,
  }: Purge): Promise<Purged> {
    const held = this.#held(collection);
    const { blocks } = held;
    const from = after === undefined ? 0 : firstIndexBehind(blocks, after);
    const last = until === undefined ? blocks.length : firstIndexBehind(blocks, until);
    const before = held.view().size;
    let size = before;
    let to = from;
    for (; to < last && blocks.length - (to - from) > keepBlocks && size > keepSize; to++) size -= sizeAt(blocks, to);
    held.remove(from, to);
    return { blocks: to - from, size: before - size };
  }

  async *receipts(range: { readonly since?: number | undefined; readonly until?: number | undefined } = {}) {
    const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = range;
    yield* this.#receipts.filter(({ received }) => received >= since && received < until).sort((a, b) => a.received - b.received);
  }

  async purgeReceipts(until: number): Promise<number> {
    const before = this.#receipts.length;
    this.#receipts = this.#receipts.filter(({ received }) => received >= until);
    return before - this.#receipts.length;
  }

  /** The collection of this name as it is now. */
  protected find(name: string): Collection | undefined {
    return this.#collections.get(name)?.view();
  }

  /** The label of the first block of a collection behind `label`. */
  protected firstBehind(collection: string, label: Label): Label | undefined {
    const blocks = this.#collections.get(collection)?.blocks ?? [];
    return blocks[firstIndexBehind(blocks, label)]?.label;
  }

  protected clear(): void {
    this.#collections.clear();
    this.#receipts = [];
  }

  #held(name: string): HeldCollection {
    const held = this.#collections.get(name);
    if (held === undefined) throw unknownCollection(name);
    return held;
  }

  *#select({ collection, after, until, accepts }: Selection): Generator<StoredBlock, void, undefined> {
    // Blocks are only ever appended to this list; a removal makes another one, and a reader goes on with what it began.
    const { blocks } = this.#held(collection);
    const end = until === undefined ? blocks.length : firstIndexBehind(blocks, until);
    const wanted = accepts === undefined ? undefined : oncePerBinding(accepts);
    for (let at = after === undefined ? 0 : firstIndexBehind(blocks, after); at < end; at++) {
      const stored = blocks[at];
      if (stored !== undefined && (wanted === undefined || wanted(stored))) yield stored;
    }
  }
}

/** The index of the first block with a label greater than `label`. */
function firstIndexBehind(blocks: readonly StoredBlock[], label: Label): number {
  let low = 0;
  let high = blocks.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blocks[middle]?.label ?? 0) > label) high = middle;
    else low = middle + 1;
  }
  return low;
}

function sizeAt(blocks: readonly StoredBlock[], at: number): number {
  const stored = blocks[at];
  return stored === undefined ? 0 : sizeOf(stored.block);
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
