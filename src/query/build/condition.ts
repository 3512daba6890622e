/** Conditions on records, and the criteria of Default Query that say the same. */

import type { Criteria, Criterion } from "../../../generated/default-query/index.js";

type Operator = Criteria["operator"];

/** A single test, or several conditions of which all (`AND`) or one (`OR`) must hold. */
export type Condition = { readonly criterion: Criterion } | { readonly operator: Operator; readonly of: readonly Condition[] };

/**
 * A condition that holds where all of these do.
 *
 * @throws TypeError when there is none of them (QRY-STR-002)
 */
export function all(...conditions: readonly Condition[]): Condition {
  return joined("AND", conditions, "all");
}

/**
 * A condition that holds where at least one of these does.
 *
 * @throws TypeError when there is none of them (QRY-STR-002)
 */
export function any(...conditions: readonly Condition[]): Condition {
  return joined("OR", conditions, "any");
}

function joined(operator: Operator, of: readonly Condition[], name: string): Condition {
  const [first] = of;
  if (first === undefined) throw new TypeError(`${name}() needs at least one condition`);
  return of.length === 1 ? first : { operator, of };
}

/**
 * The opposite of a condition. Default Query negates single tests only, so the negation of a group moves inwards, by the rules of
 * De Morgan. The opposite of a test holds where no node satisfies it (QRY-EVAL-003).
 */
export function not(condition: Condition): Condition {
  if ("criterion" in condition) return { criterion: { ...condition.criterion, negate: !condition.criterion.negate } };
  return { operator: condition.operator === "AND" ? "OR" : "AND", of: condition.of.map(not) };
}

/** The criteria of a condition, group for group. Groups come before single tests (QRY-STR-003). */
export function criteriaOf(condition: Condition): Criteria {
  if ("criterion" in condition) return { operator: "AND", items: [{ criterion: condition.criterion }] };
  const groups = condition.of.flatMap((part) => ("criterion" in part ? [] : [{ criteria: criteriaOf(part) }]));
  const tests = condition.of.flatMap((part) => ("criterion" in part ? [{ criterion: part.criterion }] : []));
  return { operator: condition.operator, items: [...groups, ...tests] };
}

/** The same condition with fewer groups: those within one with the same operator are part of it. */
export function flat(condition: Condition): Condition {
  if ("criterion" in condition) return condition;
  const { operator } = condition;
  const of = condition.of.map(flat).flatMap((part) => ("operator" in part && part.operator === operator ? part.of : [part]));
  const [first] = of;
  return of.length === 1 && first !== undefined ? first : { operator, of };
}

/** The condition that criteria are. */
export function conditionOf({ operator, items }: Criteria): Condition {
  return { operator, of: items.map((item) => ("criteria" in item ? conditionOf(item.criteria) : item)) };
}
