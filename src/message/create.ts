/** Messages and their parts from what is particular to them. */

import type { Shape } from "../binding/index.js";
import { type Child, type Compiled, compile } from "../codec/compiled.js";
import { generateMessageId } from "./ids.js";

/**
 * Makes a complete value: fills in `$type`, a new message id, empty lists and the schema's defaults, at every level.
 *
 * ```ts
 * const request = create(PollRequest, { collectionName: "indicators", pollParameters: {} });
 * ```
 *
 * The value is not validated; `validate` does that, and `toXml` refuses what the schema refuses.
 */
export function create<T, I>(shape: Shape<T, I>, init: I): T {
  return complete(compile(shape), init) as T;
}

function complete(compiled: Compiled, init: unknown): unknown {
  if (typeof init !== "object" || init === null) return init;
  const { shape } = compiled;
  const value: Record<string, unknown> = shape.role === "message" ? { $type: shape.name } : {};
  if (shape.role === "message" && Reflect.get(init, "messageId") === undefined) value["messageId"] = generateMessageId();
  for (const property of compiled.lists) value[property] = [];
  for (const field of [...compiled.attributes, ...compiled.children.map((child) => child.field)]) {
    if (field.default !== undefined) value[field.property] = field.default;
  }
  for (const [property, given] of Object.entries(init)) {
    if (given !== undefined && property !== "$type") value[property] = completeProperty(compiled, property, given);
  }
  return value;
}

function completeProperty(compiled: Compiled, property: string, given: unknown): unknown {
  const child = compiled.children.find(({ field, items }) => items === undefined && field.property === property);
  if (child !== undefined) return Array.isArray(given) ? given.map((item) => completeChild(child, item)) : completeChild(child, given);
  const alternatives = compiled.children.filter(({ items }) => items === property);
  return alternatives.length > 0 && Array.isArray(given) ? given.map((item) => completeItem(alternatives, item)) : given;
}

function completeItem(alternatives: readonly Child[], item: unknown): unknown {
  if (typeof item !== "object" || item === null) return item;
  return Object.fromEntries(
    Object.entries(item).map(([property, given]) => {
      const child = alternatives.find(({ field }) => field.property === property);
      return [property, child === undefined ? given : completeChild(child, given)];
    }),
  );
}

function completeChild({ field, target }: Child, given: unknown): unknown {
  return field.keep === undefined && target.kind === "shape" ? complete(compile(target), given) : given;
}
