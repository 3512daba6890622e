/** Which rules apply where within a shape, worked out once. */

import type { Shape } from "../binding/index.js";
import { compile } from "../codec/compiled.js";
import type { Rule } from "./rule.js";

/** The rules for values of one shape, and the ways down to parts that have rules. */
export interface Plan {
  readonly rules: readonly Rule[];
  readonly branches: readonly Branch[];
}

/** A property that leads to values with rules. */
export interface Branch {
  readonly property: string;
  readonly many: boolean;
  /** Of lists of tagged items: the tag. */
  readonly tag: string | undefined;
  readonly plan: Plan;
}

interface Edge {
  readonly property: string;
  readonly many: boolean;
  readonly tag: string | undefined;
  readonly shape: Shape;
}

/** The typed parts of a shape's values; open content and kept elements have none. */
function edgesOf(shape: Shape): Edge[] {
  const compiled = compile(shape);
  if (compiled.kind !== "elements") return [];
  return compiled.children.flatMap(({ field, items, target }): Edge[] => {
    if (field.keep !== undefined || target.kind !== "shape") return [];
    return [{ property: items ?? field.property, many: field.many || items !== undefined, tag: items && field.property, shape: target }];
  });
}

/** `shape` and all shapes of its parts. */
export function shapesWithin(...shapes: readonly Shape[]): Set<Shape> {
  const found = new Set<Shape>();
  const visit = (shape: Shape): void => {
    if (found.has(shape)) return;
    found.add(shape);
    for (const edge of edgesOf(shape)) visit(edge.shape);
  };
  shapes.forEach(visit);
  return found;
}

/** Plans for one set of rules. */
export class Plans {
  readonly #rules = new Map<Shape, Rule[]>();
  readonly #plans = new Map<Shape, Plan>();

  constructor(rules: Iterable<Rule>) {
    for (const rule of rules) {
      const known = this.#rules.get(rule.shape);
      if (known === undefined) this.#rules.set(rule.shape, [rule]);
      else known.push(rule);
    }
  }

  /** The plan for values of `shape`. */
  for(shape: Shape): Plan {
    const known = this.#plans.get(shape);
    if (known !== undefined) return known;
    const branches: Branch[] = [];
    const plan = { rules: this.#rules.get(shape) ?? [], branches };
    // Before the branches: shapes may contain themselves.
    this.#plans.set(shape, plan);
    for (const { shape: part, ...edge } of edgesOf(shape)) {
      if (this.#matters(part)) branches.push({ ...edge, plan: this.for(part) });
    }
    return plan;
  }

  #matters(shape: Shape): boolean {
    return [...shapesWithin(shape)].some((part) => this.#rules.has(part));
  }
}
