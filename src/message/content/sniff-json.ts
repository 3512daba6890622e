/** Whether a text is JSON, and which STIX it is. */

import type { Excerpt } from "./excerpt.js";

/** What is known of a JSON text. */
export interface JsonText {
  /** `2.0` or `2.1`; undefined when it is not STIX, or does not say. */
  readonly stixVersion: string | undefined;
}

const closing: Readonly<Record<string, string>> = { "{": "}", "[": "]" };
const beginning = /^(?:\{[\t\n\r ]*["}]|\[[\t\n\r ]*["[\]{tfn\-0-9])/;

// Within a JSON string every quotation mark has a backslash before it, so these are names and values wherever they are found.
const version = /"spec_version"[\t\n\r ]*:[\t\n\r ]*"(2\.[0-9]{1,3})"/;

/** What is known of a JSON object or array; undefined for every other text. */
export function jsonOf({ head, tail, whole }: Excerpt): JsonText | undefined {
  const close = closing[head.charAt(0)];
  if (close === undefined || !tail.endsWith(close)) return undefined;
  if (whole ? parseJson(head) === undefined : !beginning.test(head)) return undefined;
  // STIX 2.0 states its version in the bundle, 2.1 in each object; programs that sort names put it behind the objects.
  return { stixVersion: (version.exec(head) ?? version.exec(tail))?.[1] };
}

/** The value of a JSON text, in an object because it may be anything; undefined when `text` is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
