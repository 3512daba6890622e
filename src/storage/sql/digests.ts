/** Digests of content, which tell what a collection has already. They are made when somebody asks for them first. */

import { sql } from "kysely";
import { digestOf } from "./blocks.js";
import { chunks } from "./chunks.js";
import { type CollectionKey, collectionKeys } from "./collections.js";
import type { Database } from "./schema.js";
import { blockRows, keysOf } from "./select.js";

/** Makes the digests of some blocks that have none yet; says whether all blocks have theirs then. */
async function digestSome(transaction: Database, { id, digested, newest }: CollectionKey): Promise<boolean> {
  if (newest === null || newest <= digested) return true;
  const run = { collection: id, after: digested, until: newest };
  const [labels = []] = chunks(await keysOf(transaction, run, 100), ({ size }) => size);
  const last = labels.at(-1)?.label ?? newest;
  const rows = await blockRows(transaction, { ...run, until: last });
  if (rows.length > 0) {
    const values = rows.map((row) => sql`(cast(${row.label} as bigint), cast(${digestOf(row)} as text))`);
    await sql`
      update collection_content set digest = made.column2 from (values ${sql.join(values)}) as made
      where collection = ${id} and label = made.column1
    `.execute(transaction);
  }
  await transaction.updateTable("collections").set({ digested: last }).where("id", "=", id).where("digested", "<", last).execute();
  return last === newest;
}

/**
 * Makes the digests of some blocks of these collections that have none yet.
 *
 * @returns whether all blocks have theirs then
 */
export async function digestSomeOf(transaction: Database, names: Iterable<string>): Promise<boolean> {
  for (const key of (await collectionKeys(transaction, names)).values()) {
    if (!(await digestSome(transaction, key))) return false;
  }
  return true;
}

/** Makes the digests of all blocks of these collections that have none yet. */
export async function digestAllOf(transaction: Database, names: ReadonlySet<string>): Promise<void> {
  if (names.size === 0) return;
  while (!(await digestSomeOf(transaction, names)));
}

/** Which content collections have; collections whose content has digests only. */
export class Presence {
  readonly #known = new Set<string>();

  /** Looks these digests up in these collections. */
  async learn(transaction: Database, collections: readonly number[], digests: Iterable<string>): Promise<void> {
    if (collections.length === 0) return;
    for (const some of chunks(new Set(digests))) {
      const rows = await transaction
        .selectFrom("collection_content")
        .select(["collection", "digest"])
        .where("collection", "in", collections)
        .where("digest", "in", some)
        .execute();
      for (const { collection, digest } of rows) if (digest !== null) this.add(collection, digest);
    }
  }

  has(collection: number, digest: string): boolean {
    return this.#known.has(`${collection} ${digest}`);
  }

  add(collection: number, digest: string): void {
    this.#known.add(`${collection} ${digest}`);
  }
}
