/** Typed values to libtaxii's text form, by the lines of their layouts. */

import { type Content, isContent, isXmlContent } from "../binding/content.js";
import type { Shape } from "../binding/index.js";
import { defaultLimits } from "../xml/limits.js";
import { isoFormat, spacedFormat } from "./iso-format.js";
import { charactersIn } from "./json-content.js";
import { describe, type Entry, formatProperty, formOf } from "./json-form.js";
import { bodyShape, parseBody, type QueryFormatShapes } from "./json-query.js";
import { typedShown } from "./json-typed.js";
import { mapType, statedValue } from "./json-writer.js";
import { pythonBoolean, pythonList, pythonString } from "./text-python.js";
import { type Group, type Line, linesOf, type Part, type Placeholder } from "./text-template.js";

/** A value that is being written. */
interface Subject {
  readonly shape: Shape;
  readonly element: string;
  readonly value: object;
  /** Of everything around. */
  readonly indent: string;
}

/** What a line is repeated for. */
interface Turn {
  readonly placeholder: Placeholder;
  readonly text: string;
}

/** Writes values. */
export class TextWriter {
  readonly #formats: readonly QueryFormatShapes[];

  constructor(formats: readonly QueryFormatShapes[]) {
    this.#formats = formats;
  }

  /** The lines of a value. */
  write(subject: Subject): string {
    // Deeper than anything that can be read; what was built deeper is cut off.
    if (subject.indent.length > 4 * defaultLimits.maxDepth) return "";
    return linesOf(subject.shape, subject.element)
      .map((line) => this.#line(subject, line))
      .join("");
  }

  #line(subject: Subject, line: Line): string {
    const indent = line.absolute ? line.indent : subject.indent + line.indent;
    const [only] = line.parts;
    if (line.parts.length === 1 && typeof only === "object" && only.kind === "placeholder") {
      const block = this.#block(subject, only, indent);
      if (block !== undefined) return block;
    }
    const repeated = placeholdersIn(line.parts).find((placeholder) => isRepeated(subject, placeholder));
    const turns = repeated === undefined ? [undefined] : this.#turns(subject, repeated);
    return turns.map((turn) => this.#once(subject, line, indent, turn)).join("");
  }

  #once(subject: Subject, { parts, end }: Line, indent: string, turn: Turn | undefined): string {
    const [only] = parts;
    if (parts.length === 1 && typeof only === "object" && only.kind === "group" && this.#isVoid(subject, only)) return "";
    return `${indent}${parts.map((part) => this.#part(subject, part, turn)).join("")}${end}`;
  }

  /** The lines of a property of a complex type; undefined for other properties. */
  #block(subject: Subject, { property, form }: Placeholder, indent: string): string | undefined {
    if (form === "body") return this.#body(subject, property, indent);
    const entry = entryOf(subject, property);
    if (entry?.shape === undefined || form !== undefined) return undefined;
    const { shape, element = shape.element } = entry;
    const value = statedValue(entry, subject.value);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values.map((item) => (isObject(item) ? this.write({ shape, element, value: item, indent }) : "")).join("");
  }

  /** The lines of the body of a query whose format is known. */
  #body({ shape: { layout }, value }: Subject, property: string, indent: string): string {
    const content: unknown = Reflect.get(value, property);
    const shape = layout?.query && bodyShape(this.#formats, layout.query, Reflect.get(value, formatProperty));
    const body = shape !== undefined && isContent(content) ? parseBody(shape, content, defaultLimits, true) : undefined;
    return shape === undefined || body === undefined ? "" : this.write({ shape, element: shape.element, value: body, indent });
  }

  #turns(subject: Subject, placeholder: Placeholder): Turn[] {
    const entry = entryOf(subject, placeholder.property);
    if (entry === undefined) return [];
    if (placeholder.form === "pairs") return pairs(entry, subject.value).map((text) => ({ placeholder, text }));
    const prefix = placeholder.form === "indented" ? `${subject.indent}  ` : "";
    return this.#items(subject, entry).map((text) => ({ placeholder, text: prefix + text }));
  }

  #part(subject: Subject, part: Part, turn: Turn | undefined): string {
    if (typeof part === "string") return part;
    if (part.kind === "placeholder") return part === turn?.placeholder ? turn.text : this.#placeholder(subject, part);
    return this.#isVoid(subject, part) ? "" : part.parts.map((inner) => this.#part(subject, inner, turn)).join("");
  }

  #placeholder(subject: Subject, placeholder: Placeholder): string {
    const { property, form, equals } = placeholder;
    if (property === "$element") return subject.element;
    if (equals !== undefined) return "";
    const entry = entryOf(subject, property);
    if (entry === undefined) return "None";
    if (form === "none" || form === "some") return "";
    if (form === "count") return String(listIn(entry, subject.value).length);
    if (form === "length") return lengthOf(Reflect.get(subject.value, property));
    if (form === "list") return pythonList(this.#items(subject, entry).map(pythonString));
    if (form === "joined") return this.#items(subject, entry).join(",");
    return this.#shown(entry, valueOf(entry, subject.value, placeholder), form);
  }

  #items(subject: Subject, entry: Entry): string[] {
    return listIn(entry, subject.value).map((item) => this.#shown(entry, item, undefined));
  }

  /** One value within a line. */
  #shown(entry: Entry, value: unknown, form: string | undefined): string {
    if (value === undefined) return "None";
    if (entry.shape !== undefined)
      return isObject(value) ? this.write({ shape: entry.shape, element: entry.element ?? "", value, indent: "" }) : "None";
    if (typeof value === "boolean") return pythonBoolean(value);
    const text = typeof value === "string" ? value : describe(value);
    if (entry.form !== "timestamp") return text;
    return form === "spaced" ? spacedFormat(text) : isoFormat(text);
  }

  /** Whether a value within is absent, empty, zero or false, or a condition does not hold. */
  #isVoid(subject: Subject, { parts }: Group): boolean {
    return placeholdersIn(parts).some((placeholder) => {
      const { property, form, equals } = placeholder;
      const entry = entryOf(subject, property);
      if (entry === undefined) return property !== "$element";
      if (form === "count" || form === "length" || form === "list") return false;
      if (form === "none") return listIn(entry, subject.value).length > 0;
      const value = valueOf(entry, subject.value, placeholder);
      if (equals !== undefined) return value !== equals;
      return Array.isArray(value) ? value.length === 0 : !value;
    });
  }
}

function entryOf({ shape, element }: Subject, property: string): Entry | undefined {
  return formOf(shape, element).entries.find((entry) => entry.property === property);
}

function valueOf(entry: Entry, owner: object, { defaults }: Placeholder): unknown {
  return defaults ? (Reflect.get(owner, entry.property) ?? entry.default) : statedValue(entry, owner);
}

function listIn(entry: Entry, owner: object): readonly unknown[] {
  const value = statedValue(entry, owner);
  return Array.isArray(value) ? value : [];
}

function isRepeated(subject: Subject, { property, form }: Placeholder): boolean {
  if (form === "pairs") return true;
  return (form === undefined || form === "indented") && (entryOf(subject, property)?.many ?? false);
}

function placeholdersIn(parts: readonly Part[]): Placeholder[] {
  return parts.flatMap((part) => (typeof part === "string" ? [] : part.kind === "group" ? placeholdersIn(part.parts) : [part]));
}

/** The entries of a map, `name = value` each; names that repeat have a list. */
function pairs(entry: Entry, owner: object): string[] {
  if (entry.map !== undefined) return pairsOf(entry, owner, owner);
  const value = statedValue(entry, owner);
  const sole = entry.shape && formOf(entry.shape, entry.element).sole;
  return sole === undefined || !isObject(value) ? [] : pairsOf(sole, value, owner);
}

function pairsOf(entry: Entry, holder: object, owner: object): string[] {
  const { map } = entry;
  if (map === undefined) return [];
  const values = new Map<string, unknown[]>();
  for (const item of listIn(entry, holder)) {
    if (!isObject(item)) continue;
    const name = String(Reflect.get(item, map.name));
    values.set(name, [...(values.get(name) ?? []), Reflect.get(item, map.value)]);
  }
  return [...values].map(([name, found]) => `${name} = ${mapText(entry, owner, name, found)}`);
}

function mapText(entry: Entry, owner: object, name: string, found: readonly unknown[]): string {
  const type = mapType(entry, owner, name);
  const texts = found.map((value) => (isContent(value) ? charactersIn(value) : String(value)));
  const [only = ""] = texts;
  if (texts.length === 1 && type !== "texts") return typedShown(type, only) ?? only;
  return pythonList(texts.map((text) => typedShown(type, text) ?? pythonString(text)));
}

/** Characters of text; bytes of XML in UTF-8. */
function lengthOf(content: unknown): string {
  if (!isContent(content)) return "None";
  return String(isXmlContent(content) ? new TextEncoder().encode(content.xml).length : codePoints(content));
}

function codePoints(content: Content): number {
  let count = 0;
  for (const _ of charactersIn(content)) count++;
  return count;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
