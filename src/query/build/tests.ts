/** One function for each relationship of Default Query. */

import { capabilityModules, type MatchType, matchTypes } from "../../constants.js";
import { type Comparison, comparisonOf, problemOfValue, relationshipOf, testOf } from "../relationships.js";
import type { Condition } from "./condition.js";
import { checkTarget, quoted } from "./target.js";

/** How texts are compared. */
export interface TextOptions {
  /** Whether case counts. Default: true. Without it, by lower case as Unicode has it (QRY-CORE-016). */
  readonly caseSensitive?: boolean | undefined;
}

/** How `equals` and `notEquals` compare. */
export type EqualityOptions = TextOptions | { readonly matchType?: MatchType | undefined };

/** A number: a text keeps all its digits, `9007199254740993.5`; they are compared exactly (QRY-CORE-015). */
export type NumberValue = number | bigint | string;

/** An instant: a date, or a date-time of RFC 3339 with all its digits, such as `2014-05-08T09:00:00.000001Z`. */
export type InstantValue = Date | string;

/** Some node has exactly this value: the same text, or where `value` is no text, the same number (QRY-CORE-002). */
export function equals(target: string, value: NumberValue, options: EqualityOptions = {}): Condition {
  return made("equals", "core", "equals", target, String(value), comparisonFor(target, value, options));
}

/**
 * Some node has a value, which is another one (QRY-CORE-003). For records in which no node has this value: `not(equals(…))`.
 */
export function notEquals(target: string, value: NumberValue, options: EqualityOptions = {}): Condition {
  return made("notEquals", "core", "not_equals", target, String(value), comparisonFor(target, value, options));
}

/** Some node is a number, and a greater one (QRY-CORE-004). */
export function greaterThan(target: string, value: NumberValue): Condition {
  return made("greaterThan", "core", "greater_than", target, String(value));
}

/** Some node is a number, and this or a greater one (QRY-CORE-005). */
export function greaterThanOrEqual(target: string, value: NumberValue): Condition {
  return made("greaterThanOrEqual", "core", "greater_than_or_equal", target, String(value));
}

/** Some node is a number, and a smaller one (QRY-CORE-006). */
export function lessThan(target: string, value: NumberValue): Condition {
  return made("lessThan", "core", "less_than", target, String(value));
}

/** Some node is a number, and this or a smaller one (QRY-CORE-007). */
export function lessThanOrEqual(target: string, value: NumberValue): Condition {
  return made("lessThanOrEqual", "core", "less_than_or_equal", target, String(value));
}

/** There is such a node, be it empty (QRY-CORE-009). */
export function exists(target: string): Condition {
  return made("exists", "core", "exists", target);
}

/** There is no such node (QRY-CORE-008). */
export function doesNotExist(target: string): Condition {
  return made("doesNotExist", "core", "does_not_exist", target);
}

/** The value of some node begins with this text: `begins_with` (QRY-CORE-010). */
export function startsWith(target: string, value: string, options: TextOptions = {}): Condition {
  return made("startsWith", "core", "begins_with", target, value, caseOf(options));
}

/** The value of some node ends with this text (QRY-CORE-011). */
export function endsWith(target: string, value: string, options: TextOptions = {}): Condition {
  return made("endsWith", "core", "ends_with", target, value, caseOf(options));
}

/** The value of some node has this text in it (QRY-CORE-012). */
export function contains(target: string, value: string, options: TextOptions = {}): Condition {
  return made("contains", "core", "contains", target, value, caseOf(options));
}

/** The expression, one of the common subset, is found somewhere in the value of some node: `matches` of regex (QRY-RGX-001). */
export function matchesPattern(target: string, pattern: string, options: TextOptions = {}): Condition {
  return made("matchesPattern", "regex", "matches", target, pattern, caseOf(options));
}

/** Some node is this instant, in whatever zone it is written: `equals` of timestamp (QRY-TIM-001). */
export function at(target: string, instant: InstantValue): Condition {
  return made("at", "timestamp", "equals", target, instantText("at", target, instant));
}

/** Some node is an earlier instant: `less_than` of timestamp. */
export function before(target: string, instant: InstantValue): Condition {
  return made("before", "timestamp", "less_than", target, instantText("before", target, instant));
}

/** Some node is this instant or an earlier one: `less_than_or_equals` of timestamp. */
export function atOrBefore(target: string, instant: InstantValue): Condition {
  return made("atOrBefore", "timestamp", "less_than_or_equals", target, instantText("atOrBefore", target, instant));
}

/** Some node is a later instant: `greater_than` of timestamp. */
export function after(target: string, instant: InstantValue): Condition {
  return made("after", "timestamp", "greater_than", target, instantText("after", target, instant));
}

/** Some node is this instant or a later one: `greater_than_or_equals` of timestamp. */
export function atOrAfter(target: string, instant: InstantValue): Condition {
  return made("atOrAfter", "timestamp", "greater_than_or_equals", target, instantText("atOrAfter", target, instant));
}

function made(
  caller: string,
  module: keyof typeof capabilityModules,
  name: string,
  target: string,
  value?: string,
  comparison: Comparison = "case",
): Condition {
  checkTarget(caller, target);
  const relationship = relationshipOf(capabilityModules[module], name);
  if (relationship === undefined) throw new TypeError(`${module} has no relationship ${name}`);
  const test = testOf(relationship, value, comparison);
  const problem = problemOfValue(relationship, test);
  if (problem !== undefined) throw new TypeError(`${caller} of ${quoted(target)}: ${problem}, found ${quoted(value ?? "")}`);
  return { criterion: { negate: false, target, test } };
}

function caseOf({ caseSensitive = true }: TextOptions): Comparison {
  return caseSensitive ? "case" : "nocase";
}

function comparisonFor(target: string, value: NumberValue, options: EqualityOptions): Comparison {
  const { matchType } = "matchType" in options ? options : {};
  if (matchType !== undefined) {
    if (Object.hasOwn(comparisonOf, matchType)) return comparisonOf[matchType];
    throw new TypeError(`the match type of ${quoted(target)}: expected one of ${matchTypes.join(", ")}, found ${quoted(matchType)}`);
  }
  if (typeof value !== "string") return "number";
  return "caseSensitive" in options ? caseOf(options) : "case";
}

function instantText(caller: string, target: string, instant: InstantValue): string {
  if (typeof instant === "string") return instant;
  if (Number.isNaN(instant.getTime())) throw new TypeError(`${caller} of ${quoted(target)}: expected a date, found one that is none`);
  return instant.toISOString();
}
