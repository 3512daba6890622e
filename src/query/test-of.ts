/** The tests of a query, ready to be applied to the values of nodes. */

import type { Test } from "../../generated/default-query/index.js";
import { capabilityModules, draft111, timestampRelationshipAliases } from "../constants.js";
import { compareDecimals, decimalOf, trimmed } from "./decimal.js";
import { compareMoments, momentOf } from "./moment.js";
import { compilePattern } from "./pattern.js";

/** What of a node a test asks for. */
export type NodeTest =
  /** That there is one. */
  | { readonly kind: "presence" }
  /** Its value, when it has one. */
  | { readonly kind: "value"; readonly holds: (value: string) => boolean };

/** A test: what one of the nodes has to satisfy, and whether it is asked that none does. */
export interface CompiledTest {
  readonly node: NodeTest;
  readonly isAbsence: boolean;
}

export interface TestOptions {
  /** Whether a timestamp without a zone is UTC, or satisfies nothing. Default: `utc`. */
  readonly zoneless?: "utc" | "none" | undefined;
}

/** The module a `capability_id` names; undefined for one of a third party. */
export function moduleOf(capabilityId: string): keyof typeof capabilityModules | undefined {
  for (const [name, id] of Object.entries(capabilityModules)) {
    const key = name as keyof typeof capabilityModules;
    if (capabilityId === id || capabilityId === draft111.capabilityModules[key]) return key;
  }
  return undefined;
}

/**
 * Makes a test ready whose relationship and parameters were checked.
 *
 * @throws PatternProblem for an expression that is not taken; TypeError for a relationship that is none
 */
export function compileTest(test: Test, { zoneless = "utc" }: TestOptions = {}): CompiledTest {
  const { relationship } = test;
  if (relationship === "exists" || relationship === "does_not_exist")
    return { node: { kind: "presence" }, isAbsence: relationship === "does_not_exist" };
  return { node: { kind: "value", holds: predicateOf(test, zoneless) }, isAbsence: false };
}

function predicateOf(test: Test, zoneless: "utc" | "none"): (value: string) => boolean {
  const parameter = (name: string): string | undefined => test.parameters.find((candidate) => candidate.name === name)?.value;
  const value = parameter("value") ?? "";
  const caseSensitive = trimmed(parameter("case_sensitive") ?? "true") === "true";
  switch (moduleOf(test.capabilityId)) {
    case "timestamp":
      return instants(test.relationship, value, zoneless);
    case "regex": {
      const pattern = compilePattern(value, caseSensitive);
      return (text) => pattern.find(text);
    }
    default:
      return core(test.relationship, value, trimmed(parameter("match_type") ?? "case_sensitive_string"), caseSensitive);
  }
}

function core(relationship: string, value: string, matchType: string, caseSensitive: boolean): (value: string) => boolean {
  if (relationship === "equals" || relationship === "not_equals") {
    if (matchType === "number") return numbers(relationship, value);
    const same =
      matchType === "case_insensitive_string" ? folded(value, (text, wanted) => text === wanted) : (text: string) => text === value;
    return relationship === "equals" ? same : (text) => !same(text);
  }
  const compare = texts[relationship];
  if (compare === undefined) return numbers(relationship, value);
  return caseSensitive ? (text) => compare(text, value) : folded(value, compare);
}

const texts: Readonly<Record<string, (text: string, value: string) => boolean>> = {
  begins_with: (text, value) => text.startsWith(value),
  ends_with: (text, value) => text.endsWith(value),
  contains: (text, value) => text.includes(value),
};

/** Without regard to case: by lower case, the same everywhere (QRY-CORE-016). */
function folded(value: string, compare: (text: string, value: string) => boolean): (text: string) => boolean {
  const wanted = value.toLowerCase();
  return (text) => compare(text.toLowerCase(), wanted);
}

/** What is not a number satisfies nothing, `not_equals` included. */
function numbers(relationship: string, value: string): (value: string) => boolean {
  const wanted = decimalOf(value);
  const order = orderOf(relationship);
  return (text) => {
    const found = wanted && decimalOf(text);
    return found !== undefined && wanted !== undefined && order(compareDecimals(found, wanted));
  };
}

function instants(relationship: string, value: string, zoneless: "utc" | "none"): (value: string) => boolean {
  const wanted = momentOf(value);
  const order = orderOf(relationship);
  return (text) => {
    const found = wanted && momentOf(text, zoneless);
    return found !== undefined && wanted !== undefined && order(compareMoments(found, wanted));
  };
}

const orders: Readonly<Record<string, (difference: number) => boolean>> = {
  equals: (difference) => difference === 0,
  not_equals: (difference) => difference !== 0,
  greater_than: (difference) => difference > 0,
  greater_than_or_equal: (difference) => difference >= 0,
  less_than: (difference) => difference < 0,
  less_than_or_equal: (difference) => difference <= 0,
};

const coreSpelling: ReadonlyMap<string, string> = new Map(
  Object.entries(timestampRelationshipAliases).map(([core, official]) => [official, core]),
);

function orderOf(relationship: string): (difference: number) => boolean {
  const order = orders[coreSpelling.get(relationship) ?? relationship];
  if (order === undefined) throw new TypeError(`there is no relationship ${JSON.stringify(relationship)}`);
  return order;
}
