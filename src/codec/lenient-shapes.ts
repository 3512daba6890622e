/** What a shape demands, and what stands for it where it is missing. */

import type { Model } from "../binding/content-model.js";
import { type Child, type Compiled, compile } from "./compiled.js";
import type { Draft } from "./frame.js";
import { textStandIn } from "./lenient-values.js";

const known = new WeakMap<Compiled, readonly Child[]>();

/** The children without which an element of this shape is never complete. */
export function requiredChildren(of: Compiled): readonly Child[] {
  const cached = known.get(of);
  if (cached !== undefined) return cached;
  const { model } = of.shape;
  const names = model === undefined ? new Set<string>() : requiredBy(model);
  const required = of.children.filter(({ local }) => names.has(local));
  known.set(of, required);
  return required;
}

/** The names in every sequence a model allows. */
function requiredBy(model: Model): ReadonlySet<string> {
  if (typeof model === "string") return new Set([model]);
  switch (model.op) {
    case "seq":
      return new Set(model.parts.flatMap((part) => [...requiredBy(part)]));
    case "alt": {
      const [first = new Set<string>(), ...others] = model.parts.map(requiredBy);
      return new Set([...first].filter((name) => others.every((names) => names.has(name))));
    }
    case "some":
      return requiredBy(model.part);
    default:
      return new Set();
  }
}

/**
 * What stands for a child that is missing: the text its type has for that, empty content, or an object of such. Undefined
 * where anything would be invented.
 */
export function childStandIn({ field, target }: Child): unknown {
  if (field.keep === "inner") return { text: "" };
  if (field.keep === "outer") return undefined;
  if (target.kind === "leaf") return field.default ?? textStandIn(target, field.wire);
  return objectStandIn(compile(target));
}

function objectStandIn(compiled: Compiled): Draft | undefined {
  const { attributes, children, lists, value, content } = compiled;
  const parts: (readonly [string, unknown])[] = [
    ...lists.map((property) => [property, []] as const),
    ...attributes
      .filter((field) => field.required || field.default !== undefined)
      .map((field) => [field.property, field.default ?? textStandIn(field.leaf, field.wire)] as const),
    ...[...requiredChildren(compiled), ...children.filter(({ field }) => field.default !== undefined)]
      .filter(({ field }) => !lists.includes(field.property))
      .map((child) => [child.field.property, childStandIn(child)] as const),
    ...(value === undefined ? [] : [[value.property, textStandIn(value.leaf, value.property)] as const]),
    ...(content === undefined ? [] : [[content.property, { text: "" }] as const]),
  ];
  return parts.some(([, part]) => part === undefined) ? undefined : Object.fromEntries(parts);
}
