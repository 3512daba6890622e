/**
 * Where a part of a result ends: by blocks, by characters, and with a query by blocks looked at. Blocks with one label stay
 * together, so that parts are contiguous ranges of labels (SVC-MULTI-005).
 */

import { charactersOf } from "../../binding/content.js";
import type { MatchOptions } from "../../message/content-binding.js";
import type { ContentStore, Label, Selection, StoredBlock } from "../../storage/index.js";
import type { QueryPredicate } from "../query.js";
import { type ContentRange, selectionOf } from "./blocks.js";

/** How big a part may be. Blocks with one label are in one part even if that makes it bigger. */
export interface PartLimits {
  /** Blocks in a part. */
  readonly maxBlocks: number;
  /** Characters in a part. */
  readonly maxSize: number;
  /** Blocks a query is evaluated for in one part, so that its cost is bounded; the part may be empty (SVC-MULTI-014). */
  readonly maxScanned: number;
}

/** 10,000 blocks, 64 Mi characters, 100,000 blocks looked at. */
export const defaultPartLimits: PartLimits = { maxBlocks: 10_000, maxSize: 64 * 1024 * 1024, maxScanned: 100_000 };

/** For ranges that are to stay whole. */
export const noLimits: PartLimits = {
  maxBlocks: Number.POSITIVE_INFINITY,
  maxSize: Number.POSITIVE_INFINITY,
  maxScanned: Number.POSITIVE_INFINITY,
};

/** How a range is to be cut. */
export interface CutOptions {
  readonly limits: PartLimits;
  /** Only blocks that match are in the result. Default: all. */
  readonly predicate?: QueryPredicate | undefined;
  readonly match?: MatchOptions | undefined;
  /** Ends the work early, with the signal's reason as error. */
  readonly signal?: AbortSignal | undefined;
}

/** The first part of a range. */
export interface Cut {
  /** The part has the labels up to and including this. */
  readonly until: Label;
  /** Whether it is the whole range. */
  readonly last: boolean;
  /** Blocks in the part. */
  readonly blocks: number;
  /** Blocks that were looked at to find that out. */
  readonly scanned: number;
  /** The blocks of the part, where they had to be read and are few; otherwise they have to be read. */
  readonly content: readonly StoredBlock[] | undefined;
}

/** Cuts the first part off a range. */
export function cut(storage: Pick<ContentStore, "keys" | "count" | "content">, range: ContentRange, options: CutOptions): Promise<Cut> {
  const { match, predicate } = options;
  const selection = selectionOf(range, match, predicate);
  return predicate === undefined
    ? cutByKeys(storage, selection, range.until, options)
    : cutByContent(storage, selection, range.until, { ...options, predicate });
}

/** What a part is found to have when it is not to be cut any further. */
export type Measure = Pick<Cut, "blocks" | "content">;

/** Counts the blocks of a range, however many they are. */
export async function measure(
  storage: Pick<ContentStore, "count" | "content">,
  range: ContentRange,
  { predicate, match, signal }: Omit<CutOptions, "limits">,
): Promise<Measure> {
  const selection = selectionOf(range, match, predicate);
  if (predicate === undefined) return { blocks: await storage.count(selection), content: undefined };
  return cutByContent(storage, selection, range.until, { limits: noLimits, predicate, signal });
}

async function cutByKeys(storage: Pick<ContentStore, "keys">, selection: Selection, end: Label, { limits }: CutOptions): Promise<Cut> {
  const run = new Run({ ...limits, maxScanned: Number.POSITIVE_INFINITY });
  for await (const keys of storage.keys(selection)) {
    if (!keys.every(({ label, size }) => run.take(label, size, true)))
      return { ...run.taken, until: run.until ?? end, last: false, content: undefined };
  }
  run.finish();
  const { taken } = run;
  return { ...taken, until: end, last: true, content: taken.blocks === 0 ? [] : undefined };
}

/** Characters of matching blocks that are kept, so that a few need not be read again. */
const keptSize = 1024 * 1024;

async function cutByContent(
  storage: Pick<ContentStore, "content">,
  selection: Selection,
  end: Label,
  { limits, predicate, signal }: CutOptions & { readonly predicate: QueryPredicate },
): Promise<Cut> {
  const run = new Run(limits);
  let kept: StoredBlock[] | undefined = [];
  let left = keptSize;
  for await (const stored of storage.content(selection)) {
    signal?.throwIfAborted();
    const matches = await predicate(stored.block);
    const size = matches ? charactersOf(stored.block.content).length : 0;
    if (!run.take(stored.label, size, matches)) {
      const until = run.until ?? end;
      return { ...run.taken, until, last: false, content: kept?.filter(({ label }) => label <= until) };
    }
    if (!matches) continue;
    left -= size;
    if (left < 0) kept = undefined;
    kept?.push(stored);
  }
  run.finish();
  return { ...run.taken, until: end, last: true, content: kept };
}

interface Sum {
  readonly blocks: number;
  readonly size: number;
  readonly scanned: number;
}

const nothing: Sum = { blocks: 0, size: 0, scanned: 0 };

function add(a: Sum, b: Sum): Sum {
  return { blocks: a.blocks + b.blocks, size: a.size + b.size, scanned: a.scanned + b.scanned };
}

/** Blocks in the order of their labels, as far as they are in one part. */
class Run {
  readonly #limits: PartLimits;
  /** What is in the part for sure: all blocks of each label up to `until`. */
  #sum = nothing;
  #until: Label | undefined;
  /** The blocks of the label that is being taken. */
  #current = nothing;
  #label: Label | undefined;

  constructor(limits: PartLimits) {
    this.#limits = limits;
  }

  /** The last label of the part; undefined while not even the first label is complete. */
  get until(): Label | undefined {
    return this.#until;
  }

  /** Blocks of the part, and how many were looked at. */
  get taken(): Pick<Cut, "blocks" | "scanned"> {
    return { blocks: this.#sum.blocks, scanned: this.#sum.scanned + this.#current.scanned };
  }

  /** Takes the next block, which is in the result when it `matches`; false when the part ends before its label. */
  take(label: Label, size: number, matches: boolean): boolean {
    if (label !== this.#label) this.finish();
    this.#label = label;
    this.#current = add(this.#current, matches ? { blocks: 1, size, scanned: 1 } : { ...nothing, scanned: 1 });
    return this.#until === undefined || this.#fits();
  }

  /** Says that the label that is being taken has no more blocks. */
  finish(): void {
    this.#sum = add(this.#sum, this.#current);
    this.#current = nothing;
    this.#until = this.#label;
  }

  #fits(): boolean {
    const { maxBlocks, maxSize, maxScanned } = this.#limits;
    const { blocks, size, scanned } = add(this.#sum, this.#current);
    // What does not match makes no part bigger: no part is announced for it (SVC-MULTI-004).
    return scanned <= maxScanned && (this.#current.blocks === 0 || (blocks <= maxBlocks && size <= maxSize));
  }
}
