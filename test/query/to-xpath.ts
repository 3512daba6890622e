/** Default Query as XPath 1.0, where that can say the same: about records in which no characters stand beside elements. */

import type { Criteria, Criterion } from "../../generated/default-query/index.js";

/** An expression that is true for the documents that match. */
export function xpathOf({ operator, items }: Criteria): string {
  const parts = items.map((item) => ("criteria" in item ? xpathOf(item.criteria) : criterionOf(item.criterion)));
  return `(${parts.join(operator === "AND" ? " and " : " or ")})`;
}

function criterionOf({ target, test, negate }: Criterion): string {
  const nodes = nodesOf(target.trim().split("/"));
  if (test.relationship === "does_not_exist") return negate ? `boolean(${nodes})` : `not(${nodes})`;
  // An element with others in it has no value (QRY-EVAL-008).
  const selected = test.relationship === "exists" ? nodes : `(${nodes})[not(*)][${conditionOf(test)}]`;
  return negate ? `not(${selected})` : `boolean(${selected})`;
}

/** The nodes a target denotes; several paths where they may be elements or attributes. */
function nodesOf(steps: readonly string[]): string {
  const above = steps.slice(0, -1).map((step) => (step === "**" ? "/descendant-or-self::node()" : `/${elementOf(step)}`));
  const path = above.join("");
  const last = steps.at(-1) ?? "";
  if (last.startsWith("@")) return `${path}/@*[local-name() = '${last.slice(1)}']`;
  if (last === "*") return `${path}/* | ${path}/@*`;
  if (last === "**") return `${path}/descendant::* | ${path}/descendant-or-self::node()/@*`;
  return `${path}/${elementOf(last)}`;
}

function elementOf(step: string): string {
  return step === "*" ? "*" : `*[local-name() = '${step}']`;
}

function conditionOf({ relationship, parameters }: Criterion["test"]): string {
  const parameter = (name: string): string | undefined => parameters.find((candidate) => candidate.name === name)?.value;
  const value = parameter("value") ?? "";
  const isFolded = parameter("case_sensitive") === "false" || parameter("match_type") === "case_insensitive_string";
  if (parameter("match_type") === "number" || Object.hasOwn(orders, relationship)) return numberCondition(relationship, value);
  const [text, wanted] = isFolded ? [lower("."), literal(value.toLowerCase())] : ["string(.)", literal(value)];
  switch (relationship) {
    case "equals":
      return `${text} = ${wanted}`;
    case "not_equals":
      return `${text} != ${wanted}`;
    case "begins_with":
      return `starts-with(${text}, ${wanted})`;
    case "contains":
      return `contains(${text}, ${wanted})`;
    case "ends_with":
      return `substring(${text}, string-length(${text}) - ${[...value].length - 1}) = ${wanted}`;
    default:
      throw new TypeError(`XPath 1.0 has no way to say ${relationship}`);
  }
}

const orders: Readonly<Record<string, string>> = {
  greater_than: ">",
  greater_than_or_equal: ">=",
  less_than: "<",
  less_than_or_equal: "<=",
};

/** What is no number is unequal to itself there. */
function numberCondition(relationship: string, value: string): string {
  if (relationship === "equals") return `number(.) = ${value}`;
  if (relationship === "not_equals") return `number(.) != ${value} and number(.) = number(.)`;
  return `number(.) ${orders[relationship] ?? ""} ${value}`;
}

const capitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÜ";

function lower(text: string): string {
  return `translate(${text}, '${capitals}', '${capitals.toLowerCase()}')`;
}

function literal(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  return `concat(${text
    .split("'")
    .map((part) => `'${part}'`)
    .join(`, "'", `)})`;
}
