/** The single tests of a query, wherever they stand in it. */

import type { Criteria, Criterion } from "../../generated/default-query/messages.js";

/** Steps from a query to a part of it. */
export type QueryPath = readonly (string | number)[];

/** Every criterion of a query, in its order, with the steps that lead to it. */
export function* criterionsIn(
  { items }: Criteria,
  at: QueryPath = ["criteria"],
): Generator<{ readonly criterion: Criterion; readonly at: QueryPath }, void, undefined> {
  for (const [index, item] of items.entries()) {
    if ("criteria" in item) yield* criterionsIn(item.criteria, [...at, "items", index, "criteria"]);
    else yield { criterion: item.criterion, at: [...at, "items", index, "criterion"] };
  }
}
