/** A slow, obvious evaluator: over a tree, one criterion after the other, by the letter of the rules. */

import type { Criteria, Criterion } from "../../generated/default-query/index.js";

/** An element or attribute of a tree. */
export interface Node {
  readonly name: string;
  readonly isAttribute: boolean;
  /** Undefined for an element with others in it and nothing but white space beside them. */
  readonly value: string | undefined;
  readonly children: readonly Node[];
}

/** Every node with the names that lead to it, `@` before those of attributes. */
function* paths(nodes: readonly Node[], above: readonly string[] = []): Generator<{ path: readonly string[]; node: Node }> {
  for (const node of nodes) {
    const path = [...above, node.isAttribute ? `@${node.name}` : node.name];
    yield { path, node };
    yield* paths(node.children, path);
  }
}

/** Whether steps denote a path, both from some index on. */
export function denotes(steps: readonly string[], path: readonly string[]): boolean {
  const [step, ...rest] = steps;
  const [name, ...below] = path;
  if (step === undefined) return name === undefined;
  if (step === "**") {
    if (rest.length === 0) return name !== undefined;
    return denotes(rest, path) || (name !== undefined && !name.startsWith("@") && denotes(steps, below));
  }
  return name !== undefined && (step === "*" || step === name) && denotes(rest, below);
}

function holds({ relationship, parameters }: Criterion["test"], value: string | undefined): boolean {
  if (relationship === "exists") return true;
  if (value === undefined) return false;
  const parameter = (name: string): string | undefined => parameters.find((candidate) => candidate.name === name)?.value;
  const fold = parameter("case_sensitive") === "false" || parameter("match_type") === "case_insensitive_string";
  const [text, wanted] = [value, parameter("value") ?? ""].map((one) => (fold ? one.toLowerCase() : one)) as [string, string];
  if (parameter("match_type") === "number" || relationship.includes("than")) return holdsNumber(relationship, text, wanted);
  switch (relationship) {
    case "equals":
      return text === wanted;
    case "not_equals":
      return text !== wanted;
    case "begins_with":
      return text.startsWith(wanted);
    case "ends_with":
      return text.endsWith(wanted);
    case "contains":
      return text.includes(wanted);
    default:
      return new RegExp(wanted).test(text);
  }
}

// Numbers in tests are short, so that doubles tell them apart.
function holdsNumber(relationship: string, text: string, wanted: string): boolean {
  if (!/^[\t\n\r ]*[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[\t\n\r ]*$/.test(text)) return false;
  const difference = Number(text) - Number(wanted);
  const orders: Readonly<Record<string, boolean>> = {
    equals: difference === 0,
    not_equals: difference !== 0,
    greater_than: difference > 0,
    greater_than_or_equal: difference >= 0,
    less_than: difference < 0,
    less_than_or_equal: difference <= 0,
  };
  return orders[relationship] ?? false;
}

/** Whether a forest matches. */
export function evaluate({ operator, items }: Criteria, forest: readonly Node[]): boolean {
  const results = items.map((item) => ("criteria" in item ? evaluate(item.criteria, forest) : meets(item.criterion, forest)));
  return operator === "AND" ? results.every((result) => result) : results.some((result) => result);
}

function meets({ target, test, negate }: Criterion, forest: readonly Node[]): boolean {
  const selected = [...paths(forest)].filter(({ path }) => denotes(target.trim().split("/"), path)).map(({ node }) => node);
  const result = test.relationship === "does_not_exist" ? selected.length === 0 : selected.some(({ value }) => holds(test, value));
  return result !== negate;
}
