/** Shapes made ready for walking: look-ups by name instead of lists. Computed once per shape, on first use. */

import { type State, startOf } from "../binding/automaton.js";
import type { Wildcard } from "../binding/content-model.js";
import {
  type AttributeField,
  type ContentField,
  type ElementField,
  type Leaf,
  resolveTarget,
  type Shape,
  type ValueField,
} from "../binding/index.js";

/** A child element of a shape. */
export interface Child {
  readonly field: ElementField;
  readonly namespace: string;
  readonly local: string;
  /** Where the value goes: a property, or an item of a list of tagged items. */
  readonly items: string | undefined;
  /** The type of the child; resolved on first use. */
  readonly target: Leaf<unknown> | Shape;
}

/** A shape ready for walking. */
export interface Compiled {
  readonly shape: Shape;
  readonly kind: "elements" | "empty" | "value" | "mixed";
  readonly attributes: readonly AttributeField[];
  readonly children: readonly Child[];
  readonly byLocal: ReadonlyMap<string, readonly Child[]>;
  readonly value: ValueField | undefined;
  readonly content: ContentField | undefined;
  /** All properties a value may have. */
  readonly properties: ReadonlySet<string>;
  /** Properties that are lists. */
  readonly lists: readonly string[];
  /** The list that takes elements of a wildcard; they are tagged `any` where it holds other items too. */
  readonly wildcard: { readonly property: string; readonly tagged: boolean } | undefined;
  readonly start: State;
}

const compiled = new WeakMap<Shape, Compiled>();

/** The compiled form of `shape`. */
export function compile(shape: Shape): Compiled {
  const known = compiled.get(shape);
  if (known !== undefined) return known;
  const made = build(shape);
  compiled.set(shape, made);
  return made;
}

function build(shape: Shape): Compiled {
  const { fields } = shape;
  const children = fields.flatMap((field): Child[] => {
    if (field.kind === "element") return [child(shape, field, undefined)];
    if (field.kind === "items") return field.alternatives.map((alternative) => child(shape, alternative, field.property));
    return field.kind === "content" ? field.children.map((inner) => child(shape, inner, undefined)) : [];
  });
  const value = fields.find((field) => field.kind === "value");
  const content = fields.find((field) => field.kind === "content");
  const wildcard = fields.find((field) => field.kind === "wildcard" || (field.kind === "items" && field.any));
  return {
    shape,
    kind: content ? "mixed" : value ? "value" : shape.model === undefined ? "empty" : "elements",
    attributes: fields.filter((field) => field.kind === "attribute"),
    children,
    byLocal: groupByLocal(children),
    value,
    content,
    properties: new Set([...(shape.role === "message" ? ["$type"] : []), ...fields.map(({ property }) => property)]),
    lists: fields.filter((field) => isList(field)).map((field) => field.property),
    wildcard: wildcard && { property: wildcard.property, tagged: wildcard.kind === "items" },
    start: startOf(shape.model ?? { op: "seq", parts: [] }),
  };
}

function groupByLocal(children: readonly Child[]): Map<string, Child[]> {
  const groups = new Map<string, Child[]>();
  for (const child of children) groups.set(child.local, [...(groups.get(child.local) ?? []), child]);
  return groups;
}

function isList(field: Shape["fields"][number]): boolean {
  return (field.kind === "element" && field.many) || field.kind === "items" || field.kind === "wildcard";
}

function child(shape: Shape, field: ElementField, items: string | undefined): Child {
  let target: Leaf<unknown> | Shape | undefined;
  return {
    field,
    namespace: field.namespace ?? shape.namespace,
    local: field.wire,
    items,
    get target() {
      target ??= resolveTarget(field.target);
      return target;
    },
  };
}

/** The child of `of` with this name, whatever the order. */
export function findChild(of: Compiled, namespace: string, local: string): Child | undefined {
  const candidates = of.byLocal.get(local);
  return candidates?.find((candidate) => candidate.namespace === namespace);
}

/** The wildcard that could take an element of `namespace` at `state`. */
export function wildcardAt(state: State, namespace: string, target: string): Wildcard | undefined {
  for (const symbol of state.next) {
    if (typeof symbol === "string") continue;
    if (symbol.namespace === "##any" || (namespace !== "" && namespace !== target)) return symbol;
  }
  return undefined;
}
