/** Queries evaluated on this side, for producers that do not. Comes with the engine, so it is loaded when it is needed. */

import type { DefaultQuery } from "../../../generated/default-query/index.js";
import type { ContentBlock, QueryInit } from "../../../generated/taxii11/index.js";
import { ParseError } from "../../errors.js";
import { isDefaultQuery, readQuery } from "../../message/query-body.js";
import { StatusError } from "../../message/status-error.js";
import { type Matcher, type MatchOptions, matcher } from "../../query/matches.js";
import { PatternProblem } from "../../query/pattern.js";

/**
 * Tells whether a block matches a query.
 *
 * @throws TypeError for a query that cannot be evaluated here
 */
export function filterFor(query: QueryInit | DefaultQuery, options: MatchOptions = {}): (block: ContentBlock) => boolean {
  const made = ready(query, options);
  return (block) => made.matches(block);
}

function ready(query: QueryInit | DefaultQuery, options: MatchOptions): Matcher {
  try {
    return matcher("formatId" in query ? readDefaultQuery(query) : query, options);
  } catch (cause) {
    // What a service would answer is a mistake of the caller here.
    if (cause instanceof ParseError || cause instanceof StatusError || cause instanceof PatternProblem)
      throw new TypeError(`query: ${cause.message}`, { cause });
    throw cause;
  }
}

function readDefaultQuery(body: QueryInit): DefaultQuery {
  if (isDefaultQuery(body)) return readQuery(body);
  throw new TypeError(`query: only Default Query can be evaluated here, found the format ${JSON.stringify(body.formatId)}`);
}
