/** Messages and their parts from what is particular to them. */

import type { Shape } from "../binding/index.js";
import { type Child, type Compiled, compile } from "../codec/compiled.js";
import { isKept } from "../codec/kept.js";
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

/** What completing a value of a shape takes; looked up once per shape, because values are made for every request. */
interface Recipe {
  readonly isMessage: boolean;
  readonly defaults: readonly (readonly [property: string, value: unknown])[];
  readonly children: ReadonlyMap<string, Child>;
  /** The children that may be items of a list, by its property. */
  readonly alternatives: ReadonlyMap<string, readonly Child[]>;
}

const recipes = new WeakMap<Compiled, Recipe>();

function recipeOf(compiled: Compiled): Recipe {
  const known = recipes.get(compiled);
  if (known !== undefined) return known;
  const { shape, attributes, children } = compiled;
  const fields = [...attributes, ...children.map(({ field }) => field)].filter((field) => field.default !== undefined);
  const lists = [...new Set(children.map(({ items }) => items))].filter((list) => list !== undefined);
  const made: Recipe = {
    isMessage: shape.role === "message",
    defaults: fields.map((field) => [field.property, field.default]),
    children: new Map(children.filter(({ items }) => items === undefined).map((child) => [child.field.property, child])),
    alternatives: new Map(lists.map((list) => [list, children.filter(({ items }) => items === list)])),
  };
  recipes.set(compiled, made);
  return made;
}

function complete(compiled: Compiled, init: unknown): unknown {
  if (typeof init !== "object" || init === null || isKept(init)) return init;
  const recipe = recipeOf(compiled);
  const value: Record<string, unknown> = recipe.isMessage ? { $type: compiled.shape.name } : {};
  if (recipe.isMessage && Reflect.get(init, "messageId") === undefined) value["messageId"] = generateMessageId();
  for (const property of compiled.lists) value[property] = [];
  for (const [property, standard] of recipe.defaults) value[property] = standard;
  for (const property of Object.keys(init)) {
    const given: unknown = Reflect.get(init, property);
    if (given !== undefined && property !== "$type") value[property] = completeProperty(recipe, property, given);
  }
  return value;
}

function completeProperty({ children, alternatives }: Recipe, property: string, given: unknown): unknown {
  const child = children.get(property);
  if (child !== undefined) return Array.isArray(given) ? given.map((item) => completeChild(child, item)) : completeChild(child, given);
  const items = alternatives.get(property);
  return items !== undefined && Array.isArray(given) ? given.map((item) => completeItem(items, item)) : given;
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
