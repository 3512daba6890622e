/**
 * Texts that have a type in the dictionary form: status details and query parameters. A text that is not of its type stays
 * a string, so that nothing is lost; a string is therefore read for every type.
 */

import type { TextType } from "../binding/index.js";
import { collapse } from "../characters.js";
import { isoFormat, spacedFormat } from "./iso-format.js";
import type { Json, JsonObject } from "./json-form.js";
import { pythonBoolean, pythonFloat } from "./text-python.js";

/** How the texts of one type look. */
interface Typed {
  /** What would have fitted, as the end of "expected …". */
  readonly expected: string;
  /** The value of a text; undefined when it is a string like any other. */
  json(text: string): Json | undefined;
  /** The text of a value that is no string; undefined when it does not fit. */
  text(value: Json): string | undefined;
  /** The text as Python shows the value; undefined when that is a string. */
  shown?(text: string): string | undefined;
}

const text: Typed = {
  expected: "a string",
  json: () => undefined,
  text: numberOrBoolean,
};

const integer: Typed = {
  expected: "a whole number",
  json: integerOf,
  text: (value) => (typeof value === "number" && Number.isSafeInteger(value) ? String(value) : undefined),
  shown: (text) => integerOf(text)?.toString(),
};

const number: Typed = {
  expected: "a number",
  json: (text) => numberOf(text),
  text: (value) => (typeof value === "number" ? pythonFloat(value) : undefined),
  shown(text) {
    const value = numberOf(text);
    return value === undefined ? undefined : pythonFloat(value);
  },
};

const boolean: Typed = {
  expected: "true or false",
  json: (text) => booleanOf(collapse(text).toLowerCase()),
  text: (value) => (typeof value === "boolean" ? String(value) : undefined),
  shown(text) {
    const value = booleanOf(collapse(text).toLowerCase());
    return value === undefined ? undefined : pythonBoolean(value);
  },
};

const timestamp: Typed = {
  expected: "a date and time such as 2014-12-19T00:00:00+00:00",
  json: isoFormat,
  text: () => undefined,
  shown: spacedFormat,
};

const binding: Typed = {
  expected: "{ binding_id, subtype_ids } or a string",
  json: bindingOf,
  text: bindingText,
};

const word: Typed = {
  expected: "a string, a number, true or false",
  json: (text) => (text === "true" || text === "false" ? text === "true" : undefined),
  text: numberOrBoolean,
  shown: (text) => (text === "true" || text === "false" ? pythonBoolean(text === "true") : undefined),
};

const types: Readonly<Record<TextType, Typed>> = { text, texts: text, integer, number, boolean, timestamp, binding, word, markup: text };

/** The dictionary value of a text. */
export function typedValue(type: TextType, text: string): Json {
  return types[type].json(text) ?? text;
}

/** The text of a dictionary value, or undefined when it is not of the type. */
export function typedText(type: TextType, value: Json): string | undefined {
  return typeof value === "string" ? value : types[type].text(value);
}

/** A text as Python shows its value; undefined when that is a string. */
export function typedShown(type: TextType, text: string): string | undefined {
  return types[type].shown?.(text);
}

/** What {@link typedText} takes, as the end of "expected …". */
export function typedExpectation(type: TextType): string {
  return types[type].expected;
}

/** libtaxii writes numbers and booleans where it knows no type. */
function numberOrBoolean(value: Json): string | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? String(value) : pythonFloat(value);
  return typeof value === "boolean" ? String(value) : undefined;
}

function integerOf(text: string): number | undefined {
  const lexical = collapse(text);
  const value = /^[+-]?\d+$/.test(lexical) ? Number(lexical) : Number.NaN;
  // Without the addition, -0 would be written as 0 and be another value.
  return Number.isSafeInteger(value) ? value + 0 : undefined;
}

/** The number a text stands for, unless a double cannot hold it. */
function numberOf(text: string): number | undefined {
  const lexical = collapse(text);
  if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(lexical)) return undefined;
  const value = Number(lexical);
  return Number.isFinite(value) && scientific(lexical) === scientific(String(value)) ? value : undefined;
}

/** The significant digits and the exponent of a number, so that two notations of one number are equal. */
function scientific(lexical: string): string {
  const [, sign = "", whole = "", fraction = "", exponent = "0"] = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/.exec(lexical) ?? [];
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  if (kept === "") return "0";
  return `${sign === "-" ? "-" : ""}${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}

function booleanOf(text: string): boolean | undefined {
  if (text === "true" || text === "1") return true;
  return text === "false" || text === "0" ? false : undefined;
}

function bindingOf(text: string): JsonObject {
  const end = text.indexOf(">");
  if (end < 0) return { binding_id: text, subtype_ids: [] };
  return { binding_id: text.slice(0, end), subtype_ids: text.slice(end + 1).split(",") };
}

function bindingText(value: Json): string | undefined {
  if (typeof value !== "object" || value === null || !("binding_id" in value)) return undefined;
  const { binding_id: id, subtype_ids: subtypes = [], ...others } = value;
  if (typeof id !== "string" || !Array.isArray(subtypes) || Object.keys(others).length > 0) return undefined;
  const names: readonly unknown[] = subtypes;
  if (!names.every((name) => typeof name === "string")) return undefined;
  return names.length === 0 ? id : `${id}>${names.join(",")}`;
}
