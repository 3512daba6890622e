/** The lines of a text layout, taken apart. What they may hold is said at `Layout.text`. */

import type { ElementField, Field, Layout, Shape } from "../binding/index.js";

/** A value in a line. */
export interface Placeholder {
  readonly kind: "placeholder";
  readonly property: string;
  /** Whether a default counts as stated. */
  readonly defaults: boolean;
  readonly form: string | undefined;
  /** The value that lets the group stand. */
  readonly equals: string | undefined;
}

/** A part of a line that is left out when a value within is missing. */
export interface Group {
  readonly kind: "group";
  readonly parts: readonly Part[];
}

export type Part = string | Placeholder | Group;

/** One line of a layout. */
export interface Line {
  readonly indent: string;
  /** Whether the indentation of what is around is ignored. */
  readonly absolute: boolean;
  readonly parts: readonly Part[];
  /** Behind the line: a line break, or nothing. */
  readonly end: string;
}

const layouts = new WeakMap<readonly string[], readonly Line[]>();

/** The lines of `shape` where it is the type of `element`. */
export function linesOf(shape: Shape, element: string): readonly Line[] {
  const text = templates(shape.layout, element) ?? mechanicalLines(shape, element);
  const known = layouts.get(text);
  if (known !== undefined) return known;
  const lines = text.map(parseLine);
  layouts.set(text, lines);
  return lines;
}

function templates(layout: Layout | undefined, element: string): readonly string[] | undefined {
  const text = layout?.text;
  return text === undefined || isList(text) ? text : (text[element] ?? Object.values(text)[0]);
}

function isList(text: NonNullable<Layout["text"]>): text is readonly string[] {
  return Array.isArray(text);
}

/** The lines of types that have no layout: a title, and every field under its name. */
function mechanicalLines(shape: Shape, element: string): readonly string[] {
  const title = shape.role === "message" ? "Message Type: {$element}" : `=== ${spaced(element)} ===`;
  return [title, ...shape.fields.flatMap(fieldLines)];
}

function fieldLines(field: Field): string[] {
  switch (field.kind) {
    case "attribute":
      return [`  ${spaced(field.wire)}: {${field.property}}`];
    case "element":
      return elementLines(field);
    case "value":
      return [`  Value: {${field.property}}`];
    case "content":
      return [`  Content Length: {${field.property}:length}`];
    case "items":
      return field.alternatives.flatMap(elementLines);
    case "wildcard":
      return [];
  }
}

function elementLines({ keep, property, target, wire }: ElementField): string[] {
  if (keep === "outer") return [];
  if (keep === "inner") return [`  ${spaced(wire)} Length: {${property}:length}`];
  return [typeof target === "function" ? `  {${property}}` : `  ${spaced(wire)}: {${property}}`];
}

const spaced = (wire: string): string => wire.replaceAll("_", " ");

function parseLine(template: string): Line {
  const absolute = template.startsWith("^");
  const open = template.endsWith("\\");
  const body = template.slice(absolute ? 1 : 0, open ? -1 : undefined);
  const indent = /^ */.exec(body)?.[0] ?? "";
  return { indent, absolute, parts: parseParts(body.slice(indent.length)), end: open ? "" : "\n" };
}

function parseParts(text: string): Part[] {
  return [...text.matchAll(/\[([^\]]*)\]|\{([^}]*)\}|[^[{]+/g)].map(([whole, group, placeholder]): Part => {
    if (group !== undefined) return { kind: "group", parts: parseParts(group) };
    return placeholder === undefined ? whole : parsePlaceholder(placeholder);
  });
}

function parsePlaceholder(text: string): Placeholder {
  const [, property = "", mark, form, equals] = /^([$\w]+)(!)?(?::(\w+))?(?:=(.*))?$/.exec(text) ?? [];
  return { kind: "placeholder", property, defaults: mark !== undefined, form, equals };
}
