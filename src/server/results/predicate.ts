/** Queries as results need them. */

import type { ContentBlock, Query } from "../../../generated/taxii11/index.js";
import type { Collection } from "../../storage/index.js";
import { prepareQuery, type QueryHandler, type QueryPredicate } from "../query.js";

/** Milliseconds after which others get their turn. */
const turn = 20;

/**
 * The predicate of a query, or undefined for no query. It lets other work of the process go on in between, so that one
 * query over many blocks does not hold up every other request.
 *
 * @throws StatusError `UNSUPPORTED_QUERY` (SVC-POLL-009), and what the handler finds wrong with the query
 */
export async function predicateOf(
  query: Query | undefined,
  handlers: readonly QueryHandler[],
  collection: Collection,
): Promise<QueryPredicate | undefined> {
  return query === undefined ? undefined : takingTurns(await prepareQuery(query, handlers, collection));
}

function takingTurns(predicate: QueryPredicate): QueryPredicate {
  let since = performance.now();
  const inTurns = async (block: ContentBlock): Promise<boolean> => {
    if (performance.now() - since > turn) {
      await new Promise((resolve) => setTimeout(resolve));
      since = performance.now();
    }
    return predicate(block);
  };
  return Object.assign(inTurns, { narrowing: predicate.narrowing });
}
