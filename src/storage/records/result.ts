/** Result sets on their way into a storage. */

import type { ResultChange, ResultLimits, ResultPart, ResultSet, ResultSetInit } from "../results.js";
import { Check } from "./check.js";
import { checkOwned, keepBindings, keepPush, keepQuery } from "./parts.js";
import { keepable } from "./text.js";

const subject = "the result set";

/**
 * A copy to keep.
 *
 * @throws ValidationError when a name cannot be looked up, a number is none, or markup of the query could not be written into
 *   a message
 */
export function keepResultSet(init: ResultSetInit): ResultSetInit {
  const check = new Check(subject);
  checkOwned(check, init);
  check.optionalText("subscriptionId", init.subscriptionId);
  check.optionalInteger("after", init.after);
  check.integer("until", init.until);
  check.optionalInteger("count.value", init.count?.value, 0);
  check.integer("expires", init.expires);
  check.done();
  const { id, owner, collection, subscriptionId, version, after, until, responseType, state, expires } = init;
  const { stated, contentBindings, query, count, push, limits } = init;
  return {
    id,
    owner,
    collection,
    subscriptionId,
    version,
    after,
    until,
    stated: stated === undefined ? undefined : { begin: stated.begin, end: stated.end },
    contentBindings: keepBindings(contentBindings),
    query: query === undefined ? undefined : keepQuery(subject, "query", query),
    responseType,
    limits: limits === undefined ? undefined : keepLimits(limits),
    state,
    count: count === undefined ? undefined : { value: count.value, partial: count.partial },
    push: push === undefined ? undefined : keepPush(push),
    expires,
  };
}

/** Limits as JSON has them: what is not finite is none. */
function keepLimits({ maxBlocks, maxSize, maxScanned }: ResultLimits): ResultLimits {
  const finite = Object.entries({ maxBlocks, maxSize, maxScanned }).filter(([, limit]) => limit !== undefined && Number.isFinite(limit));
  return Object.fromEntries(finite);
}

/** The result set as it begins. */
export function newResultSet(init: ResultSetInit, created: number, lastPart: ResultPart | undefined): ResultSet {
  return { ...init, created, lastPart, pushed: 0, attempts: 0, notBefore: 0, error: undefined, parked: false };
}

/** A copy to keep. @throws ValidationError when it is not the next one */
export function keepPart({ number, after, until, last }: ResultPart, before: ResultPart | undefined): ResultPart {
  const check = new Check("the part");
  const next = (before?.number ?? 0) + 1;
  check.that(number === next, "number", `${next}, the next one`, number);
  check.that(before?.last !== true, "number", `none behind the last part, ${before?.number}`, number);
  check.optionalInteger("after", after);
  check.integer("until", until);
  check.done();
  return { number, after, until, last };
}

/** Copies of the parts that are known from the beginning. @throws ValidationError when they are not 1, 2, 3 … */
export function keepParts(parts: readonly ResultPart[]): ResultPart[] {
  const kept: ResultPart[] = [];
  for (const part of parts) kept.push(keepPart(part, kept.at(-1)));
  return kept;
}

/** A change as it can be kept. @throws ValidationError when a number is none */
export function keepResultChange(change: ResultChange): ResultChange {
  const check = new Check("the change of the result set");
  check.optionalInteger("count.value", change.count?.value, 0);
  for (const property of ["pushed", "attempts", "notBefore"] as const) check.optionalInteger(property, change[property]);
  check.done();
  return change.error === undefined ? change : { ...change, error: keepable(change.error) };
}
