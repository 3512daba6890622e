/** The rows that one transaction adds. */

import type { Label } from "../label.js";
import type { AddJob, KeptArrival, Labels } from "./add.js";
import { bindingKey, bindingNumbers } from "./bindings.js";
import { digestOf, toRow } from "./blocks.js";
import type { CollectionKey } from "./collections.js";
import { Presence } from "./digests.js";
import { missUpTo } from "./index-definition.js";
import { EntryRows } from "./index-entries.js";
import { insertRows } from "./inserts.js";
import { runKept } from "./kept-queries.js";
import type { Allocation } from "./labels.js";
import type { BlockRow, CollectionContentRow, Database } from "./schema.js";
import { TotalsChange } from "./totals.js";

export class Batch {
  readonly #collections: ReadonlyMap<string, CollectionKey>;
  readonly #compared: ReadonlySet<string>;
  readonly #presence = new Presence();
  readonly #bindings = new Map<string, number>();
  readonly #digests = new Map<KeptArrival, string>();
  readonly #blocks: BlockRow[] = [];
  readonly #content: CollectionContentRow[] = [];
  readonly #entries = new EntryRows();
  readonly #index: number | null;
  #next: Label;
  /** The label of the last block that nobody could extract entries from. */
  #missed: Label | undefined;

  /**
   * @param allocation the label of the first block; the others follow
   * @param collections all that blocks join, by name
   * @param compared names of those whose content has digests
   */
  constructor({ first, index }: Allocation, collections: ReadonlyMap<string, CollectionKey>, compared: ReadonlySet<string>) {
    this.#next = first;
    this.#index = index;
    this.#collections = collections;
    this.#compared = compared;
  }

  /** Looks up what the rows refer to. */
  async prepare(transaction: Database, arrivals: readonly KeptArrival[]): Promise<void> {
    const numbers = await bindingNumbers(
      transaction,
      arrivals.map(({ block }) => block.contentBinding),
    );
    for (const [key, number] of numbers) this.#bindings.set(key, number);
    for (const arrival of arrivals) {
      if (!arrival.collections.some((name) => this.#compared.has(name))) continue;
      this.#digests.set(arrival, digestOf(toRow(0, arrival.block, this.#bindingOf(arrival))));
    }
    const compared = [...this.#compared].flatMap((name) => this.#collections.get(name)?.id ?? []);
    await this.#presence.learn(transaction, compared, this.#digests.values());
  }

  /** Takes the blocks of a job in, and says what labels they have. */
  take({ arrivals, unlessPresent }: AddJob): Labels {
    return arrivals.map((arrival) => {
      const joined = arrival.collections
        .map((name) => known(this.#collections, name))
        .filter(({ id }) => !unlessPresent || !this.#has(id, arrival));
      if (joined.length === 0) return undefined;
      const label = this.#next++;
      const binding = this.#bindingOf(arrival);
      this.#blocks.push(toRow(label, arrival.block, binding));
      if (arrival.entries !== undefined) this.#entries.add(label, arrival.entries);
      else this.#missed = label;
      for (const { id, name } of joined) this.#join(id, label, binding, arrival, this.#compared.has(name));
      return label;
    });
  }

  #join(collection: number, label: Label, binding: number, arrival: KeptArrival, compared: boolean): void {
    const digest = compared ? known(this.#digests, arrival) : null;
    if (digest !== null) this.#presence.add(collection, digest);
    this.#content.push({ collection, label, binding, size: arrival.size, digest });
  }

  /** Writes the rows, and what follows from them. */
  async write(transaction: Database): Promise<void> {
    await insertRows(transaction, "content_blocks", this.#blocks, ({ content }) => content.length);
    const totals = new TotalsChange();
    const newest = new Map<number, CollectionContentRow>();
    for (const row of this.#content) {
      totals.add(row.collection, row.binding, 1, row.size);
      newest.set(row.collection, row);
    }
    await insertRows(transaction, "collection_content", this.#content);
    await totals.apply(transaction);
    await this.#entries.write(transaction);
    if (this.#index !== null && this.#missed !== undefined) await missUpTo(transaction, this.#index, this.#missed);
    for (const [id, { label, digest }] of [...newest].sort(([a], [b]) => a - b)) {
      const change = digest === null ? { newest: label } : { newest: label, digested: label };
      await runKept(transaction, `newest ${Object.keys(change).length}`, [...Object.values(change), id], () =>
        transaction.updateTable("collections").set(change).where("id", "=", id),
      );
    }
  }

  #has(collection: number, arrival: KeptArrival): boolean {
    return this.#presence.has(collection, known(this.#digests, arrival));
  }

  #bindingOf({ block }: KeptArrival): number {
    return known(this.#bindings, bindingKey(block.contentBinding));
  }
}

function known<Key, Value>(values: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = values.get(key);
  if (value === undefined) throw new TypeError(`nothing was prepared for ${String(key)}`);
  return value;
}
