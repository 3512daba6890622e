/** The JSON and text verbs with the query formats this package knows. */

import type { Shape } from "../binding/index.js";
import * as json from "../codec/json.js";
import * as text from "../codec/text.js";
import type { Accept, Accepted } from "../codec/xml.js";
import { defaultQueryFormats } from "./query-formats.js";

/**
 * The dictionary of a message as libtaxii's `to_dict` has it. Default Query is written key by key; see
 * {@link json.toJsonObject} for what else there is to know.
 *
 * @throws ValidationError when the value is not valid by the schema
 */
export function toJsonObject<T extends object>(shape: Shape<T>, value: T, options: json.JsonFormOptions = {}): json.JsonObject {
  return json.toJsonObject(shape, value, { formats: defaultQueryFormats, ...options });
}

/**
 * A message as the JSON text of its dictionary, libtaxii's `to_json`.
 *
 * @throws ValidationError when the value is not valid by the schema
 */
export function toJson<T extends object>(shape: Shape<T>, value: T, options: json.ToJsonOptions = {}): string {
  return json.toJson(shape, value, { formats: defaultQueryFormats, ...options });
}

/**
 * Reads a dictionary, as text or parsed, as strictly as XML.
 *
 * @throws ParseError with the path of what is wrong
 */
export function fromJson<const A extends Accept>(
  accept: A,
  dictionary: string | Uint8Array | object,
  options: json.FromJsonOptions = {},
): Accepted<A> {
  return json.fromJson(accept, dictionary, { formats: defaultQueryFormats, ...options });
}

/** A message for people, libtaxii's `to_text`. No program should read it. */
export function toText<T extends object>(shape: Shape<T>, value: T, options: text.ToTextOptions = {}): string {
  return text.toText(shape, value, { formats: defaultQueryFormats, ...options });
}
