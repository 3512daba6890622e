/** How many blocks and characters each collection has, kept right with every change so that nothing has to be counted. */

import { sql } from "kysely";
import { chunks } from "./chunks.js";
import { runKept } from "./kept-queries.js";
import type { CollectionTotalsRow, Database } from "./schema.js";

/** Changes of totals by collection and binding. */
export class TotalsChange {
  readonly #rows = new Map<string, CollectionTotalsRow>();

  add(collection: number, binding: number, blocks: number, size: number): void {
    const key = `${collection} ${binding}`;
    const row = this.#rows.get(key) ?? { collection, binding, blocks: 0, size: 0 };
    this.#rows.set(key, { ...row, blocks: row.blocks + blocks, size: row.size + size });
  }

  /** Applies the changes; always in the same order, so that no two transactions wait for each other. */
  async apply(transaction: Database): Promise<void> {
    const rows = [...this.#rows.values()].sort((a, b) => a.collection - b.collection || a.binding - b.binding);
    for (const values of chunks(rows)) {
      const parameters = values.flatMap(({ collection, binding, blocks, size }) => [collection, binding, blocks, size]);
      await runKept(transaction, `totals ${values.length}`, parameters, () =>
        transaction
          .insertInto("collection_totals")
          .values(values)
          .onConflict((conflict) =>
            conflict.columns(["collection", "binding"]).doUpdateSet({
              blocks: sql<number>`collection_totals.blocks + excluded.blocks`,
              size: sql<number>`collection_totals.size + excluded.size`,
            }),
          ),
      );
    }
  }
}

/** Sums over rows of totals. Sums of 64 bits would come back as decimals. */
export const summed = {
  blocks: sql<number>`cast(coalesce(sum(blocks), 0) as bigint)`,
  size: sql<number>`cast(coalesce(sum(size), 0) as bigint)`,
} as const;
