/** The JSON verbs: messages as libtaxii's dictionaries, in both directions. */

import type { Shape } from "../binding/index.js";
import { ParseError } from "../errors.js";
import { defaultLimits, type Limits, overLimit } from "../xml/limits.js";
import { formOf, type JsonObject } from "./json-form.js";
import type { QueryFormatShapes } from "./json-query.js";
import { readAny } from "./json-reader.js";
import { JsonWriter } from "./json-writer.js";
import { type Accept, type Accepted, asList } from "./xml.js";

export type { Json, JsonObject } from "./json-form.js";
export type { QueryFormatShapes } from "./json-query.js";

/** What both directions need to know. */
export interface JsonFormOptions {
  /** Query formats whose queries are written key by key; those of others travel as a string of XML. Default: none. */
  readonly formats?: readonly QueryFormatShapes[];
  /** Local name of the element, for components that have several, such as `Subscription_Service`. Default: the shape's own. */
  readonly element?: string;
}

/** Options of {@link toJson}. */
export interface ToJsonOptions extends JsonFormOptions {
  /** Spaces to indent with; 0 is one line. Default: 0. */
  readonly indent?: number;
}

/** Options of {@link fromJson}. */
export interface FromJsonOptions extends JsonFormOptions {
  /**
   * Limits to be changed; see {@link Limits} for what the others are. `maxDepth` counts objects within each other, and
   * the elements of markup; `maxBytes` bytes, or characters where a string is given.
   */
  readonly limits?: Partial<Limits>;
}

const nowhere = { line: 0, column: 0, path: "" };

/**
 * The dictionary of a message, or of a part of one, as libtaxii's `to_dict` has it: its keys, its types, its nulls. Dates are
 * in Python's notation (`+00:00`, no fraction or six digits), details and parameters have the types libtaxii gives them.
 *
 * What libtaxii has no form for: names that repeat have a list of values; a header or detail that would be read back as
 * something else, and a query of a format that is not known, has `content` and `content_is_xml`. Signatures are left out.
 *
 * @throws ValidationError when the value is not valid by the schema
 */
export function toJsonObject<T extends object>(shape: Shape<T>, value: T, options: JsonFormOptions = {}): JsonObject {
  return new JsonWriter(options.formats ?? []).document(formOf(shape, options.element), value);
}

/** The text of {@link toJsonObject}. @throws ValidationError when the value is not valid by the schema */
export function toJson<T extends object>(shape: Shape<T>, value: T, options: ToJsonOptions = {}): string {
  return JSON.stringify(toJsonObject(shape, value, options), undefined, options.indent ?? 0);
}

/**
 * Reads a dictionary, as text or parsed, as strictly as XML: unknown and missing keys, wrong types and values are errors.
 * `null` is read as an absent value, keys that are not there get the default of the schema.
 *
 * With several shapes `message_type` decides. Both versions of TAXII have types of the same name: of those, the first in
 * `accept` that the dictionary fits is taken.
 *
 * ```ts
 * const message = fromJson([...messages11, ...messages10], text);
 * ```
 *
 * @throws ParseError with the path of the key: `JSON_MALFORMED`, `UNEXPECTED_KEY`, `MISSING_KEY`, `BAD_VALUE`,
 * `UNKNOWN_MESSAGE`, `LIMIT_EXCEEDED`, `BAD_ENCODING`, and for XML within it those of `fromXml`
 */
export function fromJson<const A extends Accept>(
  accept: A,
  json: string | Uint8Array | object,
  options: FromJsonOptions = {},
): Accepted<A> {
  const limits = { ...defaultLimits, ...options.limits };
  const parsed = typeof json === "string" || json instanceof Uint8Array ? parse(json, limits) : json;
  return readAny(asList(accept), parsed, options.element, { limits, formats: options.formats ?? [] }) as Accepted<A>;
}

function parse(json: string | Uint8Array, limits: Limits): unknown {
  if (json.length > limits.maxBytes) throw overLimit("maxBytes", limits, `the document has ${json.length} bytes`, nowhere);
  const text = typeof json === "string" ? json.replace(/^\ufeff/, "") : decode(json);
  try {
    return JSON.parse(text);
  } catch (error) {
    // Engines that parse recursively.
    if (error instanceof RangeError) throw overLimit("maxDepth", limits, "values are nested too deeply", nowhere);
    const message = error instanceof Error ? error.message : String(error);
    throw new ParseError("JSON_MALFORMED", `the document is no JSON: ${message}`, placeOf(message, text), { cause: error });
  }
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ParseError("BAD_ENCODING", "the document is not UTF-8, which JSON has to be", nowhere, { cause: error });
  }
}

/** Where the parser stopped; it says so only in its message, and nothing where the text ends too early. */
function placeOf(message: string, text: string): { line: number; column: number; path: string } {
  const stated = /position (\d+)/.exec(message)?.[1];
  if (stated === undefined && !/end/i.test(message)) return nowhere;
  const before = text.slice(0, stated === undefined ? text.length : Number(stated)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, path: "" };
}
