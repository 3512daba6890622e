/** The content bindings that content came in, by number. */

import { sql } from "kysely";
import type { ContentInstance } from "../../../generated/taxii11/index.js";
import type { Selection } from "../storage.js";
import { chunks } from "./chunks.js";
import { runKept } from "./kept-queries.js";
import type { Database } from "./schema.js";

/** A binding with its subtype as text. */
export function bindingKey({ bindingId, subtype }: ContentInstance): string {
  return JSON.stringify([bindingId, subtype?.subtypeId ?? ""]);
}

/** Numbers of content bindings by {@link bindingKey}; those not seen before get one. */
export async function bindingNumbers(transaction: Database, bindings: Iterable<ContentInstance>): Promise<ReadonlyMap<string, number>> {
  const wanted = new Map([...bindings].map((binding) => [bindingKey(binding), binding]));
  const numbers = new Map<string, number>();
  for (const some of chunks(new Set([...wanted.values()].map(({ bindingId }) => bindingId)))) {
    const rows = await runKept(transaction, `bindings ${some.length}`, some, () =>
      transaction.selectFrom("content_bindings").selectAll().where("binding_id", "in", some),
    );
    for (const row of rows) numbers.set(bindingKey(toBinding(row.binding_id, row.subtype_id)), row.id);
  }
  const missing = [...wanted].filter(([key]) => !numbers.has(key));
  for (const some of chunks(missing)) {
    const rows = some.map(([, { bindingId, subtype }]) => ({ binding_id: bindingId, subtype_id: subtype?.subtypeId ?? "" }));
    const inserted = await transaction.insertInto("content_bindings").values(rows).returningAll().execute();
    for (const row of inserted) numbers.set(bindingKey(toBinding(row.binding_id, row.subtype_id)), row.id);
  }
  return numbers;
}

/** The numbers of the content bindings that `accepts` accepts, as a list for `in`. */
export async function acceptedBindings(db: Database, accepts: NonNullable<Selection["accepts"]>) {
  const rows = await db.selectFrom("content_bindings").selectAll().execute();
  const ids = rows.filter((row) => accepts(toBinding(row.binding_id, row.subtype_id))).map(({ id }) => sql.lit(id));
  // Literals, being numbers of our own, are not subject to the limit of parameters; an empty list is no SQL.
  return sql<number>`(${sql.join(ids.length === 0 ? [sql.lit(-1)] : ids)})`;
}

/** Looks content bindings up by number; they never change, and none goes. */
export class BindingLookup {
  readonly #rows = new Map<number, { readonly binding_id: string; readonly subtype_id: string }>();

  /** Learns the bindings of these numbers. */
  async learn(db: Database, numbers: Iterable<number>): Promise<void> {
    const missing = [...new Set(numbers)].filter((number) => !this.#rows.has(number));
    for (const some of chunks(missing)) {
      const rows = await db.selectFrom("content_bindings").selectAll().where("id", "in", some).execute();
      for (const row of rows) this.#rows.set(row.id, row);
    }
  }

  /** A binding that was learnt, as an object of the caller's own. */
  get(number: number): ContentInstance {
    const row = this.#rows.get(number);
    if (row === undefined) throw new TypeError(`no content binding has the number ${number}`);
    return toBinding(row.binding_id, row.subtype_id);
  }
}

function toBinding(bindingId: string, subtypeId: string): ContentInstance {
  return subtypeId === "" ? { bindingId } : { bindingId, subtype: { subtypeId } };
}
