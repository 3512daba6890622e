/** What blocks have in common that a Default Query matches, so far as an index can tell. */

import type { Criteria, Criterion, DefaultQuery, Test } from "../../generated/default-query/index.js";
import { timestampRelationshipAliases } from "../constants.js";
import { moduleOf, parameterOf } from "../message/capabilities.js";
import { instantKey, numberKey, textKey } from "../query/keys.js";
import type { IndexComparison, IndexRange, Narrowing, NarrowingCondition } from "../storage/index.js";

/**
 * What every record that matches meets; undefined when there is nothing of that kind, as where it is asked what is not there.
 *
 * @param query one that was checked, with targets in the steps of the engine
 * @param bindings content bindings of the records it is about
 */
export function narrowingOf(query: DefaultQuery, bindings: readonly string[]): Narrowing | undefined {
  const condition = conditionOfAll(query.criteria);
  return condition && { bindings, condition };
}

function conditionOfAll({ operator, items }: Criteria): NarrowingCondition | undefined {
  const parts = items.map((item) => ("criteria" in item ? conditionOfAll(item.criteria) : conditionOf(item.criterion)));
  const known = parts.filter((part) => part !== undefined);
  if (operator === "OR") return known.length < parts.length ? undefined : { any: together(known) };
  // What compares least with most comes first: it is most likely to be met by few.
  return known.length === 0 ? undefined : { all: bounded(known).sort((a, b) => rankOf(a) - rankOf(b)) };
}

/** Conditions that all have to be met, with those in one that are a lower and an upper bound at the same target. */
function bounded(conditions: readonly NarrowingCondition[]): NarrowingCondition[] {
  const ranges = new Map<string, { readonly target: string; readonly value: IndexRange }>();
  const others: NarrowingCondition[] = [];
  for (const condition of conditions) {
    if (!isHalfOpen(condition)) {
      others.push(condition);
      continue;
    }
    const { target, value } = condition;
    const key = `${value.kind} ${target}`;
    const before = ranges.get(key);
    ranges.set(key, before === undefined ? condition : { target, value: joined(before.value, value) });
  }
  return [...others, ...ranges.values()];
}

function isHalfOpen(condition: NarrowingCondition): condition is { readonly target: string; readonly value: IndexRange } {
  if (!("target" in condition) || condition.value === undefined || !("from" in condition.value || "to" in condition.value)) return false;
  return (condition.value.from === undefined) !== (condition.value.to === undefined);
}

/** Several nodes may keep a bound each; the tightest bounds are all that is asked for of them. */
function joined(one: IndexRange, other: IndexRange): IndexRange {
  const from = tightest(one.from, other.from, Math.max);
  const to = tightest(one.to, other.to, Math.min);
  return { kind: one.kind, from, to, apart: from !== undefined && to !== undefined };
}

function tightest(one: number | undefined, other: number | undefined, choose: (a: number, b: number) => number): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : choose(one, other);
}

function rankOf(condition: NarrowingCondition): number {
  if (!("target" in condition)) return 2;
  return condition.value === undefined ? 3 : condition.value.kind === "equal" ? 0 : 1;
}

/** Conditions of which one has to be met, with those in one that ask for a text at the same target. */
function together(conditions: readonly NarrowingCondition[]): NarrowingCondition[] {
  const texts = new Map<string, Set<string>>();
  const others: NarrowingCondition[] = [];
  for (const condition of conditions) {
    if (!("target" in condition) || condition.value?.kind !== "equal") others.push(condition);
    else texts.set(condition.target, new Set([...(texts.get(condition.target) ?? []), ...condition.value.texts]));
  }
  return [...[...texts].map(([target, all]) => ({ target, value: { kind: "equal" as const, texts: [...all] } })), ...others];
}

/** A criterion that is met by a node has the node; one that is met by the absence of nodes says nothing. */
function conditionOf({ target, test, negate }: Criterion): NarrowingCondition | undefined {
  if ((test.relationship === "does_not_exist" && moduleOf(test.capabilityId) === "core") !== negate) return undefined;
  return { target: target.trim(), value: negate ? undefined : comparisonOf(test) };
}

/** What the value of a node has to be like; undefined where an index cannot tell. */
function comparisonOf(test: Test): IndexComparison | undefined {
  const { capabilityId, relationship } = test;
  const value = parameterOf(test, "value") ?? "";
  switch (moduleOf(capabilityId)) {
    case "timestamp":
      return rangeOf("instant", relationship, instantKey(value));
    case "core":
      if (relationship === "begins_with") return comparable(value) ? { kind: "prefix", text: textKey(value) } : undefined;
      if (relationship !== "equals" || parameterOf(test, "match_type")?.trim() === "number")
        return rangeOf("number", relationship, numberKey(value));
      return comparable(value) ? { kind: "equal", texts: [textKey(value)] } : undefined;
    default:
      return undefined;
  }
}

/** Lone surrogates are no characters, and half of one that content has. */
function comparable(value: string): boolean {
  return value.isWellFormed() && !value.includes("\0");
}

const officialSpelling: Readonly<Record<string, string>> = timestampRelationshipAliases;

/** Keys are rounded: what is greater may have the same. */
function rangeOf(kind: "number" | "instant", relationship: string, key: number | undefined): IndexComparison | undefined {
  if (key === undefined) return undefined;
  switch (officialSpelling[relationship] ?? relationship) {
    case "equals":
      return { kind, from: key, to: key };
    case "greater_than":
    case "greater_than_or_equals":
      return { kind, from: key };
    case "less_than":
    case "less_than_or_equals":
      return { kind, to: key };
    default:
      return undefined;
  }
}
