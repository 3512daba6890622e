/** A collection in memory, with its content. */

import type { ContentBlock, ContentInstance } from "../../../generated/taxii11/index.js";
import { charactersOf, isXmlContent } from "../../binding/content.js";
import type { Label } from "../label.js";
import { type CollectionSettings, sizeOf } from "../record.js";
import type { Collection, StoredBlock } from "../storage.js";

export class HeldCollection {
  settings: CollectionSettings;
  /** By label. */
  #blocks: StoredBlock[] = [];
  /** See {@link Collection.newest}. */
  newest: Label | undefined;
  #size = 0;
  readonly #tallies = new Map<string, Tally>();

  constructor(settings: CollectionSettings) {
    this.settings = settings;
  }

  get blocks(): readonly StoredBlock[] {
    return this.#blocks;
  }

  view(): Collection {
    return { ...this.settings, blockCount: this.#blocks.length, size: this.#size, newest: this.newest };
  }

  /** Whether it has a block of equal binding, subtype and content. */
  has(block: ContentBlock): boolean {
    return this.#tallies.get(tallyKey(block))?.contents.has(charactersOf(block.content)) ?? false;
  }

  add(stored: StoredBlock): void {
    this.#blocks.push(stored);
    this.newest = stored.label;
    this.#count(stored.block, 1);
  }

  /** Takes out the blocks from one index up to before another. */
  remove(from: number, to: number): void {
    for (const { block } of this.#blocks.slice(from, to)) this.#count(block, -1);
    this.#blocks = [...this.#blocks.slice(0, from), ...this.#blocks.slice(to)];
  }

  /** Names of the bindings its content is in. */
  bindings(): ReadonlySet<string> {
    return new Set([...this.#tallies.values()].map(({ binding }) => binding.bindingId));
  }

  #count(block: ContentBlock, by: 1 | -1): void {
    this.#size += by * sizeOf(block);
    const key = tallyKey(block);
    const tally = this.#tallies.get(key) ?? { binding: block.contentBinding, contents: new Map<string, number>() };
    this.#tallies.set(key, tally);
    change(tally.contents, charactersOf(block.content), by);
    if (tally.contents.size === 0) this.#tallies.delete(key);
  }
}

/** The content of one binding and subtype, markup or text. */
interface Tally {
  readonly binding: ContentInstance;
  /** How often each content is there. */
  readonly contents: Map<string, number>;
}

function change(counts: Map<string, number>, key: string, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

/** Markup and text of the same characters are different content. */
function tallyKey({ content, contentBinding: { bindingId, subtype } }: ContentBlock): string {
  return JSON.stringify([bindingId, subtype?.subtypeId ?? "", isXmlContent(content)]);
}
