/** The dictionary form of a shape as a list of entries: what each property is called and how it looks. Computed once. */

import { type FormHints, type Leaf, type MapHint, type Model, resolveTarget, type Shape } from "../binding/index.js";
import { compile } from "./compiled.js";

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** How one property looks. */
export interface Entry {
  readonly property: string;
  readonly key: string;
  /** `content` is open content; its key has a neighbour that says whether it is XML. `wildcard` is a list of elements. */
  readonly kind: "leaf" | "shape" | "content" | "wildcard";
  readonly leaf: Leaf<unknown> | undefined;
  /** The type of values; resolved on first use, because types may contain each other. */
  readonly shape: Shape | undefined;
  /** Local name of the element; undefined for what is no child element. */
  readonly element: string | undefined;
  readonly many: boolean;
  /** The list of tagged items that holds the values, under the name of the property each. */
  readonly items: string | undefined;
  /** Whether it has to be there whatever else is; what a choice demands is up to the content model. */
  readonly required: boolean;
  readonly default: unknown;
  readonly absent: FormHints["absent"];
  readonly form: FormHints["form"];
  readonly map: MapHint | undefined;
}

/** The dictionary form of a shape. */
export interface Form {
  readonly shape: Shape;
  /** Local name of the element. */
  readonly element: string;
  readonly entries: readonly Entry[];
  /** Every key there can be. */
  readonly keys: ReadonlySet<string>;
  /** The entry that stands for the whole value. */
  readonly sole: Entry | undefined;
}

/** The key that names the type of a message. */
export const messageTypeKey = "message_type";

/** The key that names the format of a query; those of its body stand beside it. */
export const formatKey = "format_id";
export const formatProperty = "formatId";

/** The key beside open content that says whether it is XML. */
export const flagOf = (key: string): string => `${key}_is_xml`;

const forms = new WeakMap<Shape, Map<string, Form>>();

/** The form of `shape` where it is the type of the element `named`; a message has but one element. */
export function formOf(shape: Shape, named?: string): Form {
  const element = shape.role === "message" ? shape.element : (named ?? shape.element);
  let known = forms.get(shape);
  if (known === undefined) {
    known = new Map();
    forms.set(shape, known);
  }
  let form = known.get(element);
  if (form === undefined) {
    form = build(shape, element);
    known.set(element, form);
  }
  return form;
}

function build(shape: Shape, element: string): Form {
  const entries = shape.fields.flatMap((field): Entry[] => entriesOf(shape, element, field));
  const keys = new Set(entries.flatMap(({ key, kind }) => (kind === "content" ? [key, flagOf(key)] : [key])));
  if (shape.role === "message") keys.add(messageTypeKey);
  const sole = entries.find(({ property }) => property === shape.layout?.sole);
  return { shape, element, entries, keys, sole };
}

const plain = {
  leaf: undefined,
  shape: undefined,
  element: undefined,
  many: false,
  items: undefined,
  required: false,
  default: undefined,
} as const;

function entriesOf(shape: Shape, element: string, field: Shape["fields"][number]): Entry[] {
  const { property } = field;
  const common = (hints: FormHints = {}): Pick<Entry, "property" | "key" | "absent" | "form" | "map"> => ({
    property,
    key: keyFor(property, element, hints),
    absent: hints.absent,
    form: hints.form,
    map: hints.map,
  });
  switch (field.kind) {
    case "attribute":
      return [{ ...plain, ...common(field.hints), kind: "leaf", leaf: field.leaf, required: field.required, default: field.default }];
    case "value":
      return [{ ...plain, ...common(field.hints), kind: "leaf", leaf: field.leaf, required: true }];
    case "content":
      return [{ ...plain, ...common(field.hints), kind: "content", required: true }];
    case "wildcard":
      return [{ ...plain, ...common(field.hints), kind: "wildcard", many: true }];
    case "element":
      return childEntries(shape, element, property);
    case "items":
      return [...childEntries(shape, element, property), ...(field.any ? [anyEntry(property)] : [])];
  }
}

/** The children that a field declares. Whole elements, which are signatures, have no dictionary form. */
function childEntries(shape: Shape, element: string, property: string): Entry[] {
  const children = compile(shape).children.filter(({ field, items }) => (items ?? field.property) === property && field.keep !== "outer");
  const needed = neededBy(shape.model);
  return children.map(({ field, items }): Entry => {
    const target = resolveTarget(field.target);
    const { hints } = field;
    return {
      property: field.property,
      key: keyFor(field.property, element, hints ?? {}),
      kind: field.keep === "inner" ? "content" : target.kind,
      leaf: target.kind === "leaf" ? target : undefined,
      shape: target.kind === "shape" ? target : undefined,
      element: field.wire,
      many: field.many || items !== undefined,
      items,
      required: needed.has(field.wire),
      default: field.default,
      absent: hints?.absent,
      form: hints?.form,
      map: hints?.map,
    };
  });
}

/** The elements that are in everything the model allows. */
function neededBy(model: Model | undefined): ReadonlySet<string> {
  if (model === undefined) return new Set();
  if (typeof model === "string") return new Set([model]);
  switch (model.op) {
    case "seq":
      return new Set(model.parts.flatMap((part) => [...neededBy(part)]));
    case "alt": {
      const [first = new Set<string>(), ...others] = model.parts.map(neededBy);
      return new Set([...first].filter((name) => others.every((other) => other.has(name))));
    }
    case "some":
      return neededBy(model.part);
    case "opt":
    case "many":
    case "any":
      return new Set();
  }
}

function anyEntry(items: string): Entry {
  return { ...plain, property: "any", key: "any", kind: "wildcard", many: true, items, absent: undefined, form: undefined, map: undefined };
}

function keyFor(property: string, element: string, { json }: FormHints): string {
  const key = typeof json === "object" ? json[element] : json;
  return key ?? property.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}

/** `value` in a message, shortened. */
export function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return value === null ? "null" : "an object";
  return typeof value === "number" || typeof value === "boolean" ? String(value) : `a ${typeof value}`;
}
