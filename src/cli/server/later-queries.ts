/** Queries that a service has taken, evaluated later by workers: for results, and for what is pushed. */

import type { Query } from "../../../generated/taxii11/index.js";
import { queryFormats } from "../../constants.js";
import { StatusError } from "../../message/status-error.js";
import { prepareQuery, type QueryHandler, type QueryPredicate } from "../../server/query.js";
import type { Collection, ServiceRecord } from "../../storage/index.js";
import type { ServiceQueryHandlers } from "./queries.js";

/** What workers look things up in. */
export interface LaterQueries {
  /** Tells which services there are now. */
  readonly services: () => Promise<readonly ServiceRecord[]>;
  readonly handlers: ServiceQueryHandlers;
}

/**
 * The handlers for queries about a collection that services have taken. Which of them it was is not kept: a query is evaluated as
 * by the first one that serves the collection and takes it.
 *
 * @param first the type of services to be asked before the others: that of polls, or of subscriptions
 */
export function handlersForLater(first: "POLL" | "COLLECTION_MANAGEMENT", { services, handlers }: LaterQueries) {
  return ({ name }: Collection): readonly QueryHandler[] => [
    {
      formatId: queryFormats.default10,
      supported: () => [],
      prepare: async (query, collection) => {
        const serving = (await services()).filter((service) => service.collections?.includes(name) ?? true);
        const sorted = [...serving.filter(({ type }) => type === first), ...serving.filter(({ type }) => type !== first)];
        const asked = sorted.filter(({ type, address }) => takers.has(type) && address.startsWith("/"));
        return prepareByAny(query, [...new Set(asked.flatMap((service) => handlers.of(service)))], collection);
      },
    },
  ];
}

/** Types of services that take queries: a poll may be on behalf of a subscription, whose query another service took. */
const takers: ReadonlySet<ServiceRecord["type"]> = new Set(["POLL", "COLLECTION_MANAGEMENT"]);

/** @throws StatusError of the first one when none takes the query */
async function prepareByAny(query: Query, candidates: readonly QueryHandler[], collection: Collection): Promise<QueryPredicate> {
  const [first, ...others] = candidates;
  if (first === undefined) return prepareQuery(query, [], collection);
  try {
    return await prepareQuery(query, [first], collection);
  } catch (error) {
    if (!(error instanceof StatusError) || others.length === 0) throw error;
    // What the first one says is what is told when the others say no as well.
    return await prepareByAny(query, others, collection).catch(() => {
      throw error;
    });
  }
}
