/** A feed in memory whose blocks may share labels, as those of a storage of somebody else may (SVC-TS-003). */

import { ContentBlock } from "../../../generated/taxii11/index.js";
import { create } from "../../../src/message/create.js";
import type { ContentStore, Label, Selection, StoredBlock } from "../../../src/storage/index.js";

/** A block to be: its label, and its content, which says by itself whether it is wanted. */
export interface Item {
  readonly label: Label;
  readonly text: string;
}

export interface Feed extends Pick<ContentStore, "keys" | "count" | "content"> {
  /** How many blocks were read with their content, and without. */
  readonly read: { content: number; keys: number };
  items: Item[];
}

export function feedOf(items: readonly Item[]): Feed {
  const feed: Feed = {
    items: [...items],
    read: { content: 0, keys: 0 },
    async *keys(selection, limit) {
      for (const { label, text } of select(feed.items, selection).slice(0, limit)) {
        feed.read.keys++;
        yield [{ label, size: text.length }];
      }
    },
    async count(selection, limit = Number.POSITIVE_INFINITY) {
      return Math.min(limit, select(feed.items, selection).length);
    },
    async *content(selection) {
      for (const item of select(feed.items, selection)) {
        feed.read.content++;
        yield stored(item);
      }
    },
  };
  return feed;
}

function select(items: readonly Item[], { after, until, accepts }: Selection): Item[] {
  const low = after ?? Number.NEGATIVE_INFINITY;
  const high = until ?? Number.POSITIVE_INFINITY;
  return items.filter((item) => item.label > low && item.label <= high && (accepts?.(stored(item).block.contentBinding) ?? true));
}

function stored({ label, text }: Item): StoredBlock {
  return { label, block: create(ContentBlock, { contentBinding: { bindingId: "urn:stix" }, content: { text } }) };
}
