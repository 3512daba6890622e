/** The tests of a query, ready to be applied to the values of nodes. */

import type { Test } from "../../generated/default-query/index.js";
import { timestampRelationshipAliases } from "../constants.js";
import { moduleOf, parameterOf } from "../message/capabilities.js";
import { compareDecimals, decimalOf, trimmed } from "./decimal.js";
import { type CapabilityModule, compileCustom, findCustom } from "./define-module.js";
import { compareMoments, momentOf } from "./moment.js";
import { NodeValue } from "./node-value.js";
import { compilePattern } from "./pattern.js";
import { containing } from "./search.js";

/** What of a node a test asks for. */
export type NodeTest =
  /** That there is one. */
  | { readonly kind: "presence" }
  /** Its value, when it has one. */
  | ValueTest;

/** What the value of a node has to satisfy. */
export interface ValueTest {
  readonly kind: "value";
  readonly holds: (value: NodeValue) => boolean;
  /** The one text that satisfies it, case and all, where there is one: of those many can be looked up at once. */
  readonly only?: string | undefined;
  /** What each character of a value costs, for a regular expression. Default: nothing to speak of. */
  readonly cost?: number | undefined;
}

/** A test: what one of the nodes has to satisfy, and whether it is asked that none does. */
export interface CompiledTest {
  readonly node: NodeTest;
  readonly isAbsence: boolean;
}

export interface TestOptions {
  /** Whether a timestamp without a zone is UTC, or satisfies nothing. Default: `utc`. */
  readonly zoneless?: "utc" | "none" | undefined;
  /** Capability modules beside those of Default Query. Default: none. */
  readonly modules?: readonly CapabilityModule[] | undefined;
}

/**
 * Makes a test ready whose relationship and parameters were checked.
 *
 * @throws PatternProblem for an expression that is not taken; TypeError for a relationship that is none
 */
export function compileTest(test: Test, { zoneless = "utc", modules }: TestOptions = {}): CompiledTest {
  const custom = findCustom(test.capabilityId, modules);
  if (custom !== undefined) return { node: onText(compileCustom(test, custom)), isAbsence: false };
  const { relationship } = test;
  if (relationship === "exists" || relationship === "does_not_exist")
    return { node: { kind: "presence" }, isAbsence: relationship === "does_not_exist" };
  return { node: valueTestOf(test, zoneless), isAbsence: false };
}

function onText(holds: (text: string) => boolean): ValueTest {
  return { kind: "value", holds: ({ text }) => holds(text) };
}

function valueTestOf(test: Test, zoneless: "utc" | "none"): ValueTest {
  const value = parameterOf(test, "value") ?? "";
  const caseSensitive = trimmed(parameterOf(test, "case_sensitive") ?? "true") === "true";
  switch (moduleOf(test.capabilityId)) {
    case "timestamp":
      return onText(instants(test.relationship, value, zoneless));
    case "regex": {
      const pattern = compilePattern(value, caseSensitive);
      return { ...onText((text) => pattern.find(text)), cost: pattern.size };
    }
    default:
      return core(test.relationship, value, trimmed(parameterOf(test, "match_type") ?? "case_sensitive_string"), caseSensitive);
  }
}

function core(relationship: string, value: string, matchType: string, caseSensitive: boolean): ValueTest {
  if (relationship === "equals" || relationship === "not_equals") {
    if (matchType === "number") return numbers(relationship, value);
    const isExact = matchType !== "case_insensitive_string";
    const test = texts(relationship, value, isExact);
    return relationship === "equals" && isExact ? { ...test, only: value } : test;
  }
  return Object.hasOwn(comparisons, relationship) ? texts(relationship, value, caseSensitive) : numbers(relationship, value);
}

const comparisons: Readonly<Record<string, (value: string) => (text: string) => boolean>> = {
  equals: (value) => (text) => text === value,
  not_equals: (value) => (text) => text !== value,
  begins_with: (value) => (text) => text.startsWith(value),
  ends_with: (value) => (text) => text.endsWith(value),
  contains: containing,
};

function texts(relationship: string, value: string, caseSensitive: boolean): ValueTest {
  const comparison = comparisons[relationship];
  if (comparison === undefined) throw new TypeError(`there is no relationship ${JSON.stringify(relationship)}`);
  if (caseSensitive) return onText(comparison(value));
  const holds = comparison(new NodeValue(value).folded);
  return { kind: "value", holds: ({ folded }) => holds(folded) };
}

/** What is not a number satisfies nothing, `not_equals` included. */
function numbers(relationship: string, value: string): ValueTest {
  const wanted = decimalOf(value);
  const order = orderOf(relationship);
  return {
    kind: "value",
    holds: ({ number }) => number !== undefined && wanted !== undefined && order(compareDecimals(number, wanted)),
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
