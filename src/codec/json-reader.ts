/** libtaxii's dictionaries to typed values, as strictly as XML is read. */

import type { Content } from "../binding/content.js";
import type { Leaf, Shape, TextType } from "../binding/index.js";
import { isXmlText } from "../characters.js";
import { ParseError, type ParseErrorCode } from "../errors.js";
import { type Limits, overLimit } from "../xml/limits.js";
import { compile } from "./compiled.js";
import { markDefaulted } from "./defaulted.js";
import { guessedContent, markupContent } from "./json-content.js";
import { describe, type Entry, type Form, flagOf, formatKey, formOf, type Json, type JsonObject, messageTypeKey } from "./json-form.js";
import { modelProblem } from "./json-model.js";
import { bodyShape, type QueryFormatShapes, writeBody } from "./json-query.js";
import { typedExpectation, typedText } from "./json-typed.js";
import { mapType } from "./json-writer.js";

type Draft = Record<string, unknown>;

/** What a reading is bound by. */
export interface JsonReadSettings {
  readonly limits: Limits;
  /** Query formats whose queries are read key by key. */
  readonly formats: readonly QueryFormatShapes[];
}

/** Reads one value. Every fault is a ParseError with the path of the key. */
export class JsonReader {
  readonly #settings: JsonReadSettings;
  /** Keys from the root to what is being read. */
  readonly #path: (string | number)[] = [];
  #depth = 0;

  constructor(settings: JsonReadSettings) {
    this.#settings = settings;
  }

  /** The typed value of `json`. @throws ParseError */
  object(form: Form, json: unknown): object {
    const record = this.#record(json);
    const { limits } = this.#settings;
    if (++this.#depth > limits.maxDepth) throw overLimit("maxDepth", limits, "objects are nested too deeply", this.#location());
    const draft: Draft = {};
    if (form.shape.role === "message") {
      draft["$type"] = form.shape.name;
      this.#messageType(form, record);
    }
    if (form.shape.layout?.query === undefined) this.#properties(draft, form, record);
    else this.#query(draft, form, record);
    this.#depth--;
    return draft;
  }

  #messageType({ element }: Form, record: JsonObject): void {
    const found = own(record, messageTypeKey);
    if (found === undefined) this.#fail("MISSING_KEY", `the key is missing; expected ${JSON.stringify(element)}`, messageTypeKey);
    if (found !== element) this.#fail("UNKNOWN_MESSAGE", `found ${describe(found)}; expected ${JSON.stringify(element)}`, messageTypeKey);
  }

  #properties(draft: Draft, form: Form, record: JsonObject): void {
    this.#checkKeys(form.keys, record);
    for (const entry of form.entries) this.#take(draft, entry, record);
    this.#checkModel(draft, form, record);
  }

  #checkKeys(keys: ReadonlySet<string>, record: JsonObject): void {
    for (const key of Object.keys(record)) {
      if (!keys.has(key)) this.#fail("UNEXPECTED_KEY", `there is no such key here; expected ${listed([...keys])}`, key);
    }
  }

  #checkModel(draft: Draft, { shape, entries }: Form, record: JsonObject): void {
    const compiled = compile(shape);
    const problem = compiled.content === undefined ? modelProblem(compiled, draft) : undefined;
    if (problem === undefined) return;
    const entryOf = (property: string | undefined): Entry | undefined => entries.find((entry) => entry.property === property);
    if (problem.kind === "unexpected") {
      const key = entryOf(problem.property)?.key ?? problem.property;
      this.#fail("UNEXPECTED_KEY", `the key cannot stand beside ${listed(Object.keys(record).filter((other) => other !== key))}`, key);
    }
    const keys = problem.properties.map((property) => entryOf(property)?.key ?? property);
    const [key = ""] = keys;
    const expected = expectation(entryOf(problem.properties[0]));
    const found = own(record, key);
    if (keys.length > 1) this.#fail("MISSING_KEY", `one of the keys ${keys.join(", ")} is missing`, key);
    if (found === undefined) this.#fail("MISSING_KEY", `the key is missing; expected ${expected}`, key);
    this.#fail("BAD_VALUE", `found ${describe(found)}; expected ${expected}`, key);
  }

  /** Reads what an entry's key holds into the draft. */
  #take(draft: Draft, entry: Entry, record: JsonObject): void {
    const json = own(record, entry.key);
    this.#at(entry.key, () => {
      if (entry.kind === "content") this.#content(draft, entry, record, json);
      else if (entry.items !== undefined) this.#items(draft, entry, entry.items, json);
      else this.#property(draft, entry, json, draft);
    });
  }

  /** A list of tagged items is several lists here, so that the items of one tag come before those of the next. */
  #items(draft: Draft, entry: Entry, items: string, json: Json | undefined): void {
    const before: readonly unknown[] = isArray(draft[items]) ? draft[items] : [];
    const values = json === undefined ? [] : this.#list(entry, json, draft);
    draft[items] = [...before, ...values.map((value) => ({ [entry.property]: value }))];
  }

  /** The value of a property of `draft`; `scope` is the object that has it in the dictionary form. */
  #property(draft: Draft, entry: Entry, json: Json | undefined, scope: object): void {
    const { property } = entry;
    if (entry.map !== undefined) draft[property] = json === undefined ? [] : this.#map(entry, json, scope);
    else if (entry.many) draft[property] = json === undefined ? [] : this.#list(entry, json, scope);
    else if (json === undefined || json === null) this.#absent(draft, entry, json);
    else if (entry.form === "list") this.#single(draft, entry, json, scope);
    else if (entry.absent !== "empty" || !isEmpty(json)) draft[property] = this.#value(entry, json, scope);
  }

  /** What a key that is not there, or holds null, means. */
  #absent(draft: Draft, { property, element, leaf, required, default: fallback }: Entry, json: null | undefined): void {
    // libtaxii makes null of an empty element, and writes it where the element has to be.
    if (json === null && element !== undefined && required && leaf?.accepts("")) draft[property] = "";
    else if (fallback !== undefined) {
      draft[property] = fallback;
      markDefaulted(draft, property);
    } else if (required && element === undefined) {
      const expected = leaf?.expected ?? "a value";
      if (json === null) this.#fail("BAD_VALUE", `found null; expected ${expected}`);
      this.#fail("MISSING_KEY", `the key is missing; expected ${expected}`);
    }
  }

  /** A single value that is a list in the dictionary form. */
  #single(draft: Draft, entry: Entry, json: Json, scope: object): void {
    const list = this.#array(json);
    if (list.length > 1) this.#fail("BAD_VALUE", `found ${list.length} values; expected ${entry.required ? "one" : "at most one"}`);
    const [only] = list;
    if (only !== undefined) draft[entry.property] = this.#at(0, () => this.#value(entry, only, scope));
  }

  #list(entry: Entry, json: Json, scope: object): unknown[] {
    return this.#array(json).map((item, index) => this.#at(index, () => this.#value(entry, item, scope)));
  }

  #map(entry: Entry, json: Json, scope: object): unknown[] {
    const { map, shape } = entry;
    const entries = shape === undefined ? [] : formOf(shape, entry.element).entries;
    const nameLeaf = entries.find(({ property }) => property === map?.name)?.leaf;
    const valueLeaf = entries.find(({ property }) => property === map?.value)?.leaf;
    if (map === undefined || nameLeaf === undefined) return [];
    const { limits } = this.#settings;
    const named = Object.entries(this.#record(json));
    if (named.length > limits.maxItems) throw overLimit("maxItems", limits, "a map is too large", this.#location());
    return named.flatMap(([name, found]) =>
      this.#at(name, () => {
        const type = mapType(entry, scope, name);
        const values = Array.isArray(found) ? this.#array(found) : [found];
        if (values.length === 0) this.#fail("BAD_VALUE", "found an empty list; expected at least one value");
        return values.map((value) => ({ [map.name]: this.#leaf(nameLeaf, name), [map.value]: this.#mapValue(type, valueLeaf, value) }));
      }),
    );
  }

  #mapValue(type: TextType, leaf: Leaf<unknown> | undefined, json: Json): unknown {
    if (leaf === undefined && isRecord(json) && "content" in json) {
      this.#checkKeys(new Set(["content", flagOf("content")]), json);
      return this.#flagged("content", json);
    }
    const text = typedText(type, typeof json === "string" ? this.#string(json) : json);
    if (text === undefined) this.#fail("BAD_VALUE", `found ${describe(json)}; expected ${typedExpectation(type)}`);
    if (leaf !== undefined) return this.#leaf(leaf, text);
    return type === "markup" ? this.#guessed(text) : { text: this.#text(text) };
  }

  #value(entry: Entry, json: Json, scope: object): unknown {
    if (entry.leaf !== undefined) return this.#leaf(entry.leaf, entry.form === "word" ? this.#word(json) : json);
    if (entry.shape === undefined) return this.#markup(this.#string(json));
    const form = formOf(entry.shape, entry.element);
    if (form.sole === undefined) return this.object(form, json);
    const draft: Draft = {};
    this.#property(draft, form.sole, json, scope);
    return draft;
  }

  #leaf(leaf: Leaf<unknown>, json: Json): unknown {
    const { limits } = this.#settings;
    if (typeof json === "string" && json.length > limits.maxTextLength)
      throw overLimit("maxTextLength", limits, "a string is too long", this.#location());
    if (leaf.accepts(json)) return json;
    const parsed = typeof json === "string" ? leaf.parse(json) : undefined;
    if (typeof parsed === "string" && leaf.accepts(parsed)) return parsed;
    return this.#fail("BAD_VALUE", `found ${describe(json)}; expected ${leaf.expected}`);
  }

  /** libtaxii has one boolean that is a string. */
  #word(json: Json): Json {
    if (json === "true" || json === "false") return json === "true";
    return this.#fail("BAD_VALUE", `found ${describe(json)}; expected "true" or "false"`);
  }

  #content(draft: Draft, entry: Entry, record: JsonObject, json: Json | undefined): void {
    if (json !== undefined) draft[entry.property] = this.#flagged(entry.key, record);
    else if (entry.element === undefined) this.#fail("MISSING_KEY", "the key is missing; expected a string");
  }

  /** Open content and the flag beside it. */
  #flagged(key: string, record: JsonObject): Content {
    const characters = this.#string(own(record, key) ?? null);
    const flag = own(record, flagOf(key));
    if (flag === true) return this.#markup(characters);
    if (flag === undefined) return this.#guessed(characters);
    if (flag === false) return { text: this.#text(characters) };
    return this.#fail("BAD_VALUE", `${flagOf(key)} is ${describe(flag)}; expected true or false`);
  }

  #markup(characters: string): Content {
    return this.#embedded(() => markupContent(characters, this.#settings.limits));
  }

  #guessed(characters: string): Content {
    this.#text(characters);
    return this.#embedded(() => guessedContent(characters, this.#settings.limits));
  }

  /** Faults of markup get the path of the string that holds it. */
  #embedded(action: () => Content): Content {
    try {
      return action();
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      throw new ParseError(error.code, `the markup cannot be read: ${error.message}`, this.#location(), { cause: error });
    }
  }

  #text(text: string): string {
    if (!isXmlText(text)) this.#fail("BAD_VALUE", `found ${describe(text)}; expected text without control characters`);
    return text;
  }

  #string(json: Json): string {
    const { limits } = this.#settings;
    if (typeof json !== "string") return this.#fail("BAD_VALUE", `found ${describe(json)}; expected a string`);
    if (json.length > limits.maxContentLength) throw overLimit("maxContentLength", limits, "open content is too long", this.#location());
    return json;
  }

  #query(draft: Draft, form: Form, record: JsonObject): void {
    const { layout } = form.shape;
    const content = form.entries.find(({ kind }) => kind === "content");
    const format = own(record, formatKey);
    const body = layout?.query && bodyShape(this.#settings.formats, layout.query, format);
    const { [formatKey]: _, ...rest } = record;
    if (content === undefined || Object.hasOwn(record, content.key) || body === undefined) {
      const empty = content !== undefined && Object.keys(rest).length === 0;
      this.#properties(draft, form, empty ? { ...record, [content.key]: "" } : record);
      return;
    }
    for (const entry of form.entries) if (entry !== content) this.#take(draft, entry, record);
    draft[content.property] = writeBody(body, this.object(formOf(body), rest));
  }

  #record(json: unknown): JsonObject {
    if (isRecord(json)) return json;
    return this.#fail("BAD_VALUE", `found ${describe(json)}; expected an object`);
  }

  #array(json: Json): readonly Json[] {
    const { limits } = this.#settings;
    if (!isArray(json)) return this.#fail("BAD_VALUE", `found ${describe(json)}; expected a list`);
    if (json.length > limits.maxItems) throw overLimit("maxItems", limits, "a list is too long", this.#location());
    return json;
  }

  #at<T>(step: string | number, action: () => T): T {
    this.#path.push(step);
    const result = action();
    this.#path.pop();
    return result;
  }

  #location(key?: string): { line: number; column: number; path: string } {
    return { line: 0, column: 0, path: formatKeys(key === undefined ? this.#path : [...this.#path, key]) };
  }

  #fail(code: ParseErrorCode, reason: string, key?: string): never {
    throw new ParseError(code, reason, this.#location(key));
  }
}

/** Reads `json` as the first of `shapes` that fits. */
export function readAny(shapes: readonly Shape[], json: unknown, element: string | undefined, settings: JsonReadSettings): object {
  const forms = candidates(shapes, json).map((shape) => formOf(shape, element));
  let nearest: { readonly known: number; readonly error: ParseError } | undefined;
  for (const form of forms) {
    try {
      return new JsonReader(settings).object(form, json);
    } catch (error) {
      if (!(error instanceof ParseError) || forms.length === 1) throw error;
      const known = isRecord(json) ? Object.keys(json).filter((key) => form.keys.has(key)).length : 0;
      if (nearest === undefined || known > nearest.known) nearest = { known, error };
    }
  }
  throw nearest?.error ?? unknownMessage(shapes, json);
}

/** The shapes that may be meant: those of the message type, or, where there is none, all that are no messages. */
function candidates(shapes: readonly Shape[], json: unknown): readonly Shape[] {
  if (shapes.length === 1) return shapes;
  const type = isRecord(json) ? own(json, messageTypeKey) : undefined;
  return type === undefined
    ? shapes.filter(({ role }) => role !== "message")
    : shapes.filter(({ role, element }) => role === "message" && element === type);
}

function unknownMessage(shapes: readonly Shape[], json: unknown): ParseError {
  const expected = listed([...new Set(shapes.map(({ element }) => JSON.stringify(element)))]);
  const found = isRecord(json) ? own(json, messageTypeKey) : json;
  const at = { line: 0, column: 0, path: isRecord(json) ? messageTypeKey : "" };
  if (found === undefined) return new ParseError("MISSING_KEY", `the key is missing; expected ${expected}`, at);
  return isRecord(json)
    ? new ParseError("UNKNOWN_MESSAGE", `found ${describe(found)}; expected ${expected}`, at)
    : new ParseError("BAD_VALUE", `found ${describe(found)}; expected an object`, at);
}

/** `["content_blocks", 2, "timestamp_label"]` → `content_blocks[2].timestamp_label`; other keys in quotes. */
function formatKeys(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    if (!/^[A-Za-z_$][\w$]*$/.test(step)) return `${text}[${JSON.stringify(step)}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}

function expectation(entry: Entry | undefined): string {
  if (entry?.many === true) return "at least one value";
  if (entry?.form === "list") return "one value";
  if (entry?.leaf !== undefined) return entry.leaf.expected;
  return entry?.kind === "content" ? "a string" : "an object";
}

function listed(names: readonly string[]): string {
  return names.length > 12 ? `${names.slice(0, 11).join(", ")} or ${names.length - 11} others` : names.join(", ");
}

function own(record: JsonObject, key: string): Json | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}

function isArray(json: unknown): json is readonly Json[] {
  return Array.isArray(json);
}

function isRecord(json: unknown): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

function isEmpty(json: Json): boolean {
  return isRecord(json) && Object.keys(json).length === 0;
}
