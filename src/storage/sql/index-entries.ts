/** What blocks have in the index, as rows. */

import type { IndexEntry } from "../content-index.js";
import type { Label } from "../label.js";
import { insertRows } from "./inserts.js";
import type { Database } from "./schema.js";
import { type IndexNumberRow, type IndexTextRow, indexKinds, specialPaths } from "./schema-index.js";

/** The entries of one block, ready to be stored under its label. */
export interface BlockEntries {
  readonly texts: readonly Omit<IndexTextRow, "label">[];
  readonly numbers: readonly Omit<IndexNumberRow, "label">[];
}

/**
 * The entries of a block.
 *
 * @param entries undefined for a block that is to be a candidate always
 * @param numberOf gives paths their numbers
 */
export function blockEntries(entries: readonly IndexEntry[] | undefined, numberOf: (path: string | undefined) => number): BlockEntries {
  if (entries === undefined) return { texts: [{ path: specialPaths.always, value: "" }], numbers: [] };
  // Paths without a number of their own have one number, so that entries may be the same now.
  const texts = new Map<string, Omit<IndexTextRow, "label">>();
  const numbers = new NumberEntries();
  for (const { path: name, text, number, instant } of entries) {
    const path = numberOf(name);
    texts.set(`${path} ${text}`, { path, value: text });
    if (number !== undefined) numbers.add(path, "number", number);
    if (instant !== undefined) numbers.add(path, "instant", instant);
  }
  return { texts: [...texts.values()], numbers: numbers.rows() };
}

const several = { number: indexKinds.severalNumbers, instant: indexKinds.severalInstants } as const;

class NumberEntries {
  readonly #rows = new Map<string, Omit<IndexNumberRow, "label">>();
  /** The value that is at a path, by path and kind. */
  readonly #first = new Map<string, number>();

  add(path: number, name: "number" | "instant", value: number): void {
    const kind = indexKinds[name];
    this.#rows.set(`${path} ${kind} ${value}`, { path, kind, value });
    const place = `${path} ${kind}`;
    const first = this.#first.get(place);
    if (first === undefined) this.#first.set(place, value);
    else if (first !== value) this.#rows.set(`${path} ${several[name]}`, { path, kind: several[name], value: 0 });
  }

  rows(): readonly Omit<IndexNumberRow, "label">[] {
    return [...this.#rows.values()];
  }
}

/** Entries of several blocks, to be written together. */
export class EntryRows {
  readonly #texts: IndexTextRow[] = [];
  readonly #numbers: IndexNumberRow[] = [];

  add(label: Label, { texts, numbers }: BlockEntries): void {
    for (const { path, value } of texts) this.#texts.push({ path, value, label });
    for (const { path, kind, value } of numbers) this.#numbers.push({ path, kind, value, label });
  }

  /** Writes them in the order of the key, so that no page of it is come back to. */
  async write(transaction: Database): Promise<void> {
    this.#texts.sort((a, b) => a.path - b.path || compareValues(a.value, b.value) || a.label - b.label);
    this.#numbers.sort((a, b) => a.path - b.path || a.kind - b.kind || a.value - b.value || a.label - b.label);
    await insertRows(transaction, "index_texts", this.#texts);
    await insertRows(transaction, "index_numbers", this.#numbers);
  }
}

function compareValues(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Removes the entries of blocks labelled later than `after`, up to and including `until`. */
export async function removeEntries(transaction: Database, after: Label, until: Label): Promise<void> {
  for (const table of ["index_texts", "index_numbers"] as const)
    await transaction.deleteFrom(table).where("label", ">", after).where("label", "<=", until).execute();
}

/** Removes the entries of the blocks in `unused_blocks` that are labelled from `first` to `last`. */
export async function removeUnusedEntries(transaction: Database, first: Label, last: Label): Promise<void> {
  for (const table of ["index_texts", "index_numbers"] as const)
    await transaction
      .deleteFrom(table)
      .where("label", ">=", first)
      .where("label", "<=", last)
      .where("label", "in", (query) => query.selectFrom("unused_blocks").select("label").where("label", "<=", last))
      .execute();
}
