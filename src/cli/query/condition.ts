/** Conditions on records, and the criteria of Default Query that say the same. */

import type { Criteria, Criterion, DefaultQuery } from "../../../generated/default-query/index.js";

type Operator = Criteria["operator"];

/** A single test, or several conditions of which all (`AND`) or one (`OR`) must hold. */
export type Condition = { readonly criterion: Criterion } | { readonly operator: Operator; readonly of: readonly Condition[] };

/** A condition that holds where all of these do. */
export function all(conditions: readonly Condition[]): Condition {
  return joined("AND", conditions);
}

/** A condition that holds where at least one of these does. */
export function any(conditions: readonly Condition[]): Condition {
  return joined("OR", conditions);
}

function joined(operator: Operator, of: readonly Condition[]): Condition {
  const [only] = of;
  return of.length === 1 && only !== undefined ? only : { operator, of };
}

/** The opposite of a condition. Default Query negates single tests only, so the negation moves inwards. */
export function not(condition: Condition): Condition {
  if ("criterion" in condition) return { criterion: { ...condition.criterion, negate: !condition.criterion.negate } };
  return { operator: condition.operator === "AND" ? "OR" : "AND", of: condition.of.map(not) };
}

/** The query for a condition. @param vocabulary what all targets are written in (QRY-STR-005) */
export function queryOf(condition: Condition, vocabulary: string): DefaultQuery {
  return { targetingExpressionId: vocabulary, criteria: criteriaOf(condition) };
}

/** Nested groups with the same operator become one, and groups come before single tests (QRY-STR-003). */
function criteriaOf(condition: Condition): Criteria {
  const { operator, of } = "criterion" in condition ? { operator: "AND" as const, of: [condition] } : condition;
  const parts = of.flatMap((part) => partsUnder(operator, part));
  const groups = parts.flatMap((part) => ("criterion" in part ? [] : [{ criteria: criteriaOf(part) }]));
  const tests = parts.flatMap((part) => ("criterion" in part ? [{ criterion: part.criterion }] : []));
  return { operator, items: [...groups, ...tests] };
}

function partsUnder(operator: Operator, part: Condition): readonly Condition[] {
  return "operator" in part && part.operator === operator ? part.of.flatMap((inner) => partsUnder(operator, inner)) : [part];
}
