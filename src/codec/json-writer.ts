/** Typed values to libtaxii's dictionaries. */

import { type Content, isContent, isXmlContent } from "../binding/content.js";
import type { TextType } from "../binding/index.js";
import { type Issue, ValidationError } from "../errors.js";
import { defaultLimits, type Limits } from "../xml/limits.js";
import { compile } from "./compiled.js";
import { isDefaulted } from "./defaulted.js";
import { isoFormat } from "./iso-format.js";
import { charactersIn, isGuessable } from "./json-content.js";
import {
  describe,
  type Entry,
  type Form,
  flagOf,
  formatProperty,
  formOf,
  type Json,
  type JsonObject,
  messageTypeKey,
} from "./json-form.js";
import { modelProblem } from "./json-model.js";
import { bodyShape, parseBody, type QueryFormatShapes } from "./json-query.js";
import { typedValue } from "./json-typed.js";
import { formatPath } from "./xml-writer.js";

type Draft = Record<string, Json>;

// More are of no use to anyone.
const mostIssues = 100;

/** Writes one value. */
export class JsonWriter {
  readonly #formats: readonly QueryFormatShapes[];
  readonly #limits: Limits = defaultLimits;
  /** Properties from the root to what is being written. */
  readonly #path: (string | number)[] = [];
  readonly #issues: Issue[] = [];
  #depth = 0;

  constructor(formats: readonly QueryFormatShapes[]) {
    this.#formats = formats;
  }

  /** The dictionary of `value`. @throws ValidationError */
  document(form: Form, value: unknown): JsonObject {
    const json = this.#object(form, value);
    if (this.#issues.length > 0) throw new ValidationError(form.shape.name, this.#issues);
    return json;
  }

  /** The map of a list of named values; `owner` gives the types. */
  #map(entry: Entry, list: unknown, owner: object): JsonObject {
    const { map } = entry;
    if (!Array.isArray(list) || map === undefined) {
      this.#issue("expected a list");
      return {};
    }
    const values = new Map<string, Json[]>();
    for (const [index, item] of list.entries()) {
      this.#at(index, () => {
        const name = this.#name(entry, item);
        if (name === undefined) return;
        const value = this.#mapValue(mapType(entry, owner, name), Reflect.get(item, map.value));
        values.set(name, [...(values.get(name) ?? []), value]);
      });
    }
    const entries = [...values].map(([name, found]): [string, Json] => {
      const [only] = found;
      return [name, found.length === 1 && only !== undefined && mapType(entry, owner, name) !== "texts" ? only : found];
    });
    // Unlike an assignment, this makes a property even of `__proto__`.
    return Object.fromEntries(entries);
  }

  #name({ shape, map }: Entry, item: unknown): string | undefined {
    const leaf = shape && formOf(shape).entries.find(({ property }) => property === map?.name)?.leaf;
    const name: unknown = isObject(item) && map !== undefined ? Reflect.get(item, map.name) : undefined;
    if (typeof name === "string" && leaf?.accepts(name)) return name;
    this.#issue(`expected ${leaf?.expected ?? "a name"}, found ${describe(name)}`, map?.name);
    return undefined;
  }

  #mapValue(type: TextType, value: unknown): Json {
    if (typeof value === "string") return typedValue(type, value);
    if (!isContent(value)) {
      this.#issue(`expected open content, found ${describe(value)}`);
      return "";
    }
    const plain = type === "markup" ? isGuessable(value, this.#limits) : !isXmlContent(value);
    if (!plain) return flagged("content", value);
    return isXmlContent(value) ? value.xml : typedValue(type, value.text);
  }

  #object(form: Form, value: unknown): JsonObject {
    if (!isObject(value)) {
      this.#issue(`expected an object for ${form.shape.name}, found ${describe(value)}`);
      return {};
    }
    if (++this.#depth > this.#limits.maxDepth) {
      this.#issue(`expected at most ${this.#limits.maxDepth} objects within each other`);
      return {};
    }
    const json: Draft = {};
    if (form.shape.role === "message") json[messageTypeKey] = form.element;
    this.#check(form, value);
    const body = this.#body(form, value);
    for (const entry of form.entries) {
      if (entry.kind === "content" && body !== undefined) Object.assign(json, body);
      else this.#put(json, entry, value);
    }
    this.#depth--;
    return json;
  }

  /** What the tables say of the whole object. */
  #check({ shape }: Form, value: object): void {
    const compiled = compile(shape);
    for (const key of Object.keys(value)) {
      if (!compiled.properties.has(key) && Reflect.get(value, key) !== undefined) this.#issue(`${shape.name} has no such property`, key);
    }
    if (shape.role === "message" && Reflect.get(value, "$type") !== shape.name) this.#issue(`expected "${shape.name}"`, "$type");
    const problem = compiled.content === undefined ? modelProblem(compiled, value) : undefined;
    if (problem?.kind === "missing") this.#issue(`${problem.properties.join(" or ")} is missing`);
    if (problem?.kind === "unexpected") this.#issue("cannot stand beside the others", problem.property);
  }

  /** The body of a query, flattened into it; undefined for all else, and for queries of unknown formats. */
  #body({ shape }: Form, value: object): JsonObject | undefined {
    const { layout } = shape;
    const content = contentOf(shape, value);
    if (layout?.query === undefined || content === undefined) return undefined;
    const body = bodyShape(this.#formats, layout.query, Reflect.get(value, formatProperty));
    if (body === undefined) return charactersIn(content) === "" ? {} : undefined;
    const typed = parseBody(body, content, this.#limits);
    return typed && this.#object(formOf(body), typed);
  }

  #put(json: Draft, entry: Entry, owner: object): void {
    this.#at(entry.property, () => {
      if (entry.kind === "content") {
        const content: unknown = Reflect.get(owner, entry.property);
        if (isContent(content)) Object.assign(json, flagged(entry.key, content));
        else if (content !== undefined || entry.element === undefined) this.#issue(`expected open content, found ${describe(content)}`);
        return;
      }
      const value = this.#property(entry, owner, owner);
      if (value !== undefined) json[entry.key] = value;
    });
  }

  /** The value of a property; `scope` is the object that has it in the dictionary form. */
  #property(entry: Entry, owner: object, scope: object): Json | undefined {
    const value = statedValue(entry, owner);
    if (value === undefined) return this.#absent(entry);
    if (entry.map !== undefined) return this.#map(entry, value, scope);
    if (entry.form === "list") return [this.#value(entry, value, scope)];
    if (!entry.many) return this.#value(entry, value, scope);
    if (Array.isArray(value)) return value.map((item: unknown, index) => this.#at(index, () => this.#value(entry, item, scope)));
    this.#issue(`expected a list, found ${describe(value)}`);
    return [];
  }

  #absent({ absent, form, many, required, leaf }: Entry): Json | undefined {
    if (absent === "null") return null;
    if (absent === "empty") return {};
    if (many) this.#issue("expected a list, found nothing");
    if (required && leaf !== undefined) this.#issue(`expected ${leaf.expected}, found nothing`);
    return form === "list" ? [] : undefined;
  }

  #value(entry: Entry, value: unknown, scope: object): Json {
    if (entry.leaf !== undefined) return this.#leaf(entry, value);
    if (entry.shape !== undefined) {
      const form = formOf(entry.shape, entry.element);
      if (form.sole === undefined) return this.#object(form, value);
      if (isObject(value)) return this.#property(form.sole, value, scope) ?? null;
      this.#issue(`expected an object for ${form.shape.name}, found ${describe(value)}`);
      return null;
    }
    if (isContent(value) && isXmlContent(value)) return value.xml;
    this.#issue(`expected { xml } with one element, found ${describe(value)}`);
    return "";
  }

  #leaf({ leaf, form }: Entry, value: unknown): Json {
    if (leaf === undefined || !leaf.accepts(value)) {
      this.#issue(`expected ${leaf?.expected ?? "a value"}, found ${describe(value)}`);
      return "";
    }
    if (form === "timestamp") return isoFormat(leaf.format(value));
    if (form === "word") return leaf.format(value);
    return typeof value === "number" || typeof value === "boolean" ? value : leaf.format(value);
  }

  #at<T>(step: string | number, action: () => T): T {
    this.#path.push(step);
    const result = action();
    this.#path.pop();
    return result;
  }

  #issue(message: string, property?: string): void {
    if (this.#issues.length >= mostIssues) return;
    const path = property === undefined ? this.#path : [...this.#path, property];
    this.#issues.push({ path: formatPath(path), message, severity: "error" });
  }
}

/** The value of a property, undefined where it is absent or only filled in. */
export function statedValue({ property, items, default: fallback, absent }: Entry, owner: object): unknown {
  if (items !== undefined) return taggedItems(items, property, owner);
  const value: unknown = Reflect.get(owner, property);
  if (absent === "default") return value ?? fallback;
  return value === fallback && isDefaulted(owner, property) ? undefined : value;
}

/** The items of a list of tagged items that have this tag. */
function taggedItems(items: string, tag: string, owner: object): unknown {
  const list: unknown = Reflect.get(owner, items);
  if (!Array.isArray(list)) return list;
  return list.filter((item) => isObject(item) && tag in item).map((item: object): unknown => Reflect.get(item, tag));
}

/** The type of the value `name` of a map. */
export function mapType({ map }: Entry, owner: object, name: string): TextType {
  const row = own(map?.types, (map?.by ?? []).map((property) => String(Reflect.get(owner, property))).join(" "));
  return own(row, name) ?? map?.otherwise ?? "text";
}

function own<T>(table: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}

function contentOf(shape: Form["shape"], value: object): Content | undefined {
  const { content } = compile(shape);
  const found: unknown = content && Reflect.get(value, content.property);
  return isContent(found) ? found : undefined;
}

function flagged(key: string, content: Content): JsonObject {
  return { [key]: charactersIn(content), [flagOf(key)]: isXmlContent(content) };
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
