/** Shapes: one table per complex type, which readers, writers and validators walk. */

import type { z } from "zod";
import type { Model } from "./content-model.js";
import type { Leaf } from "./leaf.js";

/** The type of an element's content: a simple type, or (lazily, types may refer to each other) a shape. */
export type Target = Leaf<unknown> | (() => Shape);

/** How the text of a named value becomes a value of the dictionary form: the types libtaxii gives it. */
export type TextType =
  /** A string. */
  | "text"
  /** A list of strings, also of a single one. */
  | "texts"
  /** A whole number. */
  | "integer"
  /** A number; whole ones are written with `.0`. */
  | "number"
  /** `true` or `false`. */
  | "boolean"
  /** A date and time in Python's notation. */
  | "timestamp"
  /** A content binding: `id>subtype,subtype` as `{ binding_id, subtype_ids }`. */
  | "binding"
  /** A string, but the texts `true` and `false` are booleans. */
  | "word"
  /** A string, which is XML where it is an XML document. */
  | "markup";

/** A list of named values that is a map by name in the dictionary form. Names that repeat have a list of values. */
export interface MapHint {
  /** Property of the items that is the name. */
  readonly name: string;
  /** Property of the items that is the value: open content, or a string. */
  readonly value: string;
  /** Types of values by name, by what the properties `by` hold, joined with a space. */
  readonly types?: Readonly<Record<string, Readonly<Record<string, TextType>>>>;
  /** Properties of the object that has the map. */
  readonly by?: readonly string[];
  /** Type of values that `types` does not name. Default: `text`. */
  readonly otherwise?: TextType;
}

/** How a field looks in libtaxii's dictionaries, where that is not the mechanical form. */
export interface FormHints {
  /** Key. Default: the property in snake case. By local name of the element where elements of one type differ. */
  readonly json?: string | Readonly<Record<string, string>>;
  /** What stands for an absent value: `null`, an `empty` map, or its `default`. Without a hint the key is left out. */
  readonly absent?: "null" | "empty" | "default";
  /** `timestamp`: a date in Python's notation; `word`: a boolean as a string; `list`: a single value as a list. */
  readonly form?: "timestamp" | "word" | "list";
  readonly map?: MapHint;
}

interface Named {
  /** Name in TypeScript. */
  readonly property: string;
  /** Local name in XML. */
  readonly wire: string;
  readonly hints?: FormHints | undefined;
}

/** An attribute, in no namespace. */
export interface AttributeField extends Named {
  readonly kind: "attribute";
  readonly leaf: Leaf<unknown>;
  readonly required: boolean;
  /** Value when absent. */
  readonly default?: unknown;
}

/** A child element. */
export interface ElementField extends Named {
  readonly kind: "element";
  readonly target: Target;
  /** Whether the property is a list; lists are never undefined. */
  readonly many: boolean;
  /** Value of an empty element, and by the specification also of an absent one. */
  readonly default?: unknown;
  /**
   * `inner`: the property is the element's open content; `outer`: it is the element itself, markup and all;
   * undefined: the property is the typed value.
   */
  readonly keep?: "inner" | "outer" | undefined;
  /** Namespace of the element where it is not that of the shape. */
  readonly namespace?: string | undefined;
}

/** The text of a type with simple content. */
export interface ValueField {
  readonly kind: "value";
  readonly property: string;
  readonly leaf: Leaf<unknown>;
  readonly hints?: FormHints | undefined;
}

/** The open content of a mixed type. */
export interface ContentField {
  readonly kind: "content";
  readonly property: string;
  /** Children the schema declares within the open content; they are checked, not typed. */
  readonly children: readonly ElementField[];
  readonly hints?: FormHints | undefined;
}

/** A repeated group whose order matters: a list of `{ [property]: value }`, one per child. */
export interface ItemsField {
  readonly kind: "items";
  readonly property: string;
  readonly alternatives: readonly ElementField[];
  /** Whether elements of a wildcard are among the items, each as `{ any: { xml } }`. */
  readonly any: boolean;
  readonly hints?: FormHints | undefined;
}

/** Elements matched by a wildcard of a type without mixed content: a list of whole elements. */
export interface WildcardField {
  readonly kind: "wildcard";
  readonly property: string;
  readonly hints?: FormHints | undefined;
}

export type Field = AttributeField | ElementField | ValueField | ContentField | ItemsField | WildcardField;

/** The table of one complex type. `T` is the interface of the same name. */
export interface Shape<out T = unknown, in I = never> {
  readonly kind: "shape";
  /** Module and type, `taxii11.PollRequest`; the `$type` of messages. */
  readonly name: string;
  readonly namespace: string;
  /** Name of the type in the schema. */
  readonly type: string;
  /** Local name of the element: of the global one, or of the first that has this type. */
  readonly element: string;
  /** `message`: a global element whose values carry `$type`; `element`: another global element; `component`: only ever a part. */
  readonly role: "message" | "element" | "component";
  /** Fields in schema order: attributes first, then content. */
  readonly fields: readonly Field[];
  /** Order and number of child elements; undefined for types without child elements. */
  readonly model: Model | undefined;
  /** Validator of values. */
  readonly schema: z.ZodType<T>;
  /** Layout in libtaxii's text form; undefined for the mechanical one. */
  readonly layout: Layout | undefined;
  /** Only for the compiler: what `create` takes. Never there at run time. */
  readonly init?: ((init: I) => void) | undefined;
}

/** How values of a type look in libtaxii's dictionaries and in its text form, where that is not the mechanical form. */
export interface Layout {
  /** The one property that stands for the whole value in the dictionary form. */
  readonly sole?: string;
  /** Which part of a query format the open content is; in the dictionary form its keys are beside `format_id`. */
  readonly query?: "query" | "info";
  /**
   * Lines of the text form, as they look; by local name of the element where elements of one type differ.
   *
   * - `{property}` is its value, `None` when absent. A line with a list is repeated for each item. Alone in its line, a
   *   property of a complex type is the lines of its value, at this indentation.
   * - `{property!}` counts a default as stated. `{property:form}` has a form: `pairs` repeats the line for each entry of a
   *   map, `count` is the number of items, `length` that of characters or bytes, `list` is Python's notation of a list,
   *   `joined` has commas between items, `indented` puts the indentation before the value, `spaced` has a space in a date,
   *   `body` is the lines of a query.
   * - `[…]` is left out, with its line where there is nothing else, when a value within is absent, empty, zero or false.
   *   `{property:none}`, `{property:some}` and `{property=text}` print nothing; they only decide that.
   * - `{$element}` is the name of the element, a leading `^` ignores the indentation of what is around, and a trailing
   *   `\` leaves the line open.
   */
  readonly text?: readonly string[] | Readonly<Record<string, readonly string[]>>;
}

/** The interface a shape describes. */
export type TypeOf<S> = S extends Shape<infer T> ? T : never;

/** What generated code gives to {@link shape}. Functions are called on first use. */
export interface ShapeDefinition<T> {
  readonly name: string;
  readonly namespace: string;
  readonly type: string;
  readonly element: string;
  readonly role: "message" | "element" | "component";
  readonly layout?: Layout;
  readonly fields: () => readonly Field[];
  readonly model?: () => Model;
  readonly schema: () => z.ZodType<T>;
}

/**
 * What `create` takes for a `T`: the properties in `Optional` (lists, defaults, generated ids) may be left out, and those in
 * `Nested` take the init of their own type.
 */
export type Init<T, Optional extends PropertyKey, Nested extends object = object> = {
  readonly [P in Exclude<keyof T, "$type" | Optional | keyof Nested> as undefined extends T[P] ? never : P]: T[P];
} & {
  readonly [P in Exclude<keyof T, "$type" | keyof Nested> as undefined extends T[P] ? P : P extends Optional ? P : never]?:
    | T[P]
    | undefined;
} & {
  readonly [P in keyof Nested as P extends keyof T ? (undefined extends T[P] ? never : P extends Optional ? never : P) : never]: Nested[P];
} & {
  readonly [P in keyof Nested as P extends keyof T ? (undefined extends T[P] ? P : P extends Optional ? P : never) : never]?:
    | Nested[P]
    | undefined;
};

/** Makes a shape whose parts are computed on first use, so that unused ones cost nothing. */
export function shape<T, I>(definition: ShapeDefinition<T>): Shape<T, I> {
  let fields: readonly Field[] | undefined;
  let model: Model | undefined;
  return {
    kind: "shape",
    name: definition.name,
    namespace: definition.namespace,
    type: definition.type,
    element: definition.element,
    role: definition.role,
    layout: definition.layout,
    get fields() {
      fields ??= definition.fields();
      return fields;
    },
    get model() {
      model ??= definition.model?.();
      return model;
    },
    get schema() {
      return definition.schema();
    },
  };
}

/** The shape or leaf behind a target. */
export function resolveTarget(target: Target): Leaf<unknown> | Shape {
  return typeof target === "function" ? target() : target;
}

interface AttributeOptions<T> extends FormHints {
  readonly required?: true;
  readonly default?: T;
}

/** An attribute. */
export function attr<T>(property: string, wire: string, leaf: Leaf<T>, options: AttributeOptions<T> = {}): Field {
  return {
    kind: "attribute",
    property,
    wire,
    leaf,
    required: options.required ?? false,
    default: options.default,
    hints: options,
  };
}

interface ElementOptions extends FormHints {
  readonly default?: unknown;
  readonly namespace?: string;
}

function element(
  property: string,
  wire: string,
  target: Target,
  options: ElementOptions,
  extra: Pick<ElementField, "many" | "keep">,
): ElementField {
  return {
    kind: "element",
    property,
    wire,
    target,
    default: options.default,
    namespace: options.namespace,
    hints: options,
    ...extra,
  };
}

/** A child element that occurs at most once. */
export function elem(property: string, wire: string, target: Target, options: ElementOptions = {}): ElementField {
  return element(property, wire, target, options, { many: false });
}

/** A child element that may occur several times. */
export function list(property: string, wire: string, target: Target, options: ElementOptions = {}): ElementField {
  return element(property, wire, target, options, { many: true });
}

/** A child element whose open content is the property. */
export function inner(property: string, wire: string, target: Target, options: ElementOptions = {}): ElementField {
  return element(property, wire, target, options, { many: false, keep: "inner" });
}

/** A child element that is kept whole, markup and all. */
export function outer(property: string, wire: string, target: Target, options: ElementOptions = {}): ElementField {
  return element(property, wire, target, options, { many: false, keep: "outer" });
}

/** The text of a type with simple content. */
export function value(property: string, leaf: Leaf<unknown>, hints: FormHints = {}): Field {
  return { kind: "value", property, leaf, hints };
}

/** The open content of a mixed type, with the children its model names. */
export function content(property: string, children: readonly ElementField[] = []): Field {
  return { kind: "content", property, children };
}

/** A repeated group, in order; `any` says that a wildcard belongs to it. */
export function items(property: string, alternatives: readonly ElementField[], options: { readonly any?: true } = {}): Field {
  return { kind: "items", property, alternatives, any: options.any ?? false };
}

/** Elements matched by a wildcard, kept whole. */
export function wildcard(property: string): Field {
  return { kind: "wildcard", property };
}

/** The global elements of a schema, for wildcards that validate what they know. */
export interface GlobalElements {
  readonly namespace: string;
  /** By local name. */
  readonly elements: Readonly<Record<string, Target>>;
}
