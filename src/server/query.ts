/** Queries: what makes a service able to evaluate them. */

import type { ContentBlock, Query, SupportedQuery } from "../../generated/taxii11/index.js";
import { StatusError } from "../message/status-error.js";
import type { Collection, Narrowing } from "../storage/index.js";

/** Tells whether a block matches. Any function that does so is one. */
export interface QueryPredicate {
  (block: ContentBlock): boolean | Promise<boolean>;
  /** What all blocks have in common that match, so that a storage need not look at the others. Default: nothing is known. */
  readonly narrowing?: Narrowing | undefined;
}

/** Evaluates the queries of one format. */
export interface QueryHandler {
  /** Identifier of the format, such as `urn:taxii.mitre.org:query:default:1.0`. */
  readonly formatId: string;
  /** What is advertised: vocabularies, capability modules, scopes (SVC-DISC-008). */
  supported(): readonly SupportedQuery[];
  /**
   * Reads a query and makes its predicate; asked once per request.
   *
   * @throws StatusError such as `UNSUPPORTED_CAPABILITY_MODULE` or `BAD_MESSAGE` for a query it cannot evaluate
   */
  prepare(query: Query, collection: Collection): QueryPredicate | Promise<QueryPredicate>;
}

/**
 * The predicate of a query, by the handler of its format.
 *
 * @throws StatusError `UNSUPPORTED_QUERY` with the formats that are supported (SVC-POLL-009, SVC-STAT-023)
 */
export async function prepareQuery(query: Query, handlers: readonly QueryHandler[], collection: Collection): Promise<QueryPredicate> {
  const handler = handlers.find(({ formatId }) => formatId === query.formatId);
  if (handler !== undefined) return handler.prepare(query, collection);
  throw new StatusError("UNSUPPORTED_QUERY", {
    message:
      handlers.length === 0
        ? "This service does not evaluate queries."
        : `The query format ${JSON.stringify(query.formatId)} is not supported.`,
    details: { SUPPORTED_QUERY: [...new Set(handlers.map(({ formatId }) => formatId))] },
  });
}
