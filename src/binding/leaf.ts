/** Simple types: how a text becomes a value, what values are allowed, how a value is written. */

import { z } from "zod";
import { collapse, isNcName, isXmlText } from "../characters.js";
import { compareInstants, isDateTime } from "./datetime.js";
import { isAnyUri } from "./uri.js";

/** A simple type. One object serves the XML reader and writer, the JSON codec and the zod validators. */
export interface Leaf<T> {
  readonly kind: "leaf";
  /** Its name in messages: `xs:anyURI`, `TimestampLabel`. */
  readonly name: string;
  /** What would have fitted, as the end of "expected …". */
  readonly expected: string;
  /** The text after white-space processing. */
  normalize(text: string): string;
  /** The value of a text as it stands in a document, or undefined when the text does not fit. */
  parse(text: string): T | undefined;
  /** Whether `value` may be written: parsing what {@link Leaf.format} gives would give it back. */
  accepts(value: unknown): value is T;
  /** The text of a value that {@link Leaf.accepts} accepts. */
  format(value: T): string;
  /** Whether two values mean the same: one instant in two zones is one value. */
  same(a: unknown, b: unknown): boolean;
  /** The validator for values. */
  readonly zod: z.ZodType<T>;
}

/** The value type of a leaf. */
export type ValueOf<L> = L extends Leaf<infer T> ? T : never;

const keep = (text: string): string => text;

interface TextRules {
  readonly name: string;
  readonly expected: string;
  readonly normalize: (text: string) => string;
  readonly fits: (text: string) => boolean;
  readonly same?: (a: unknown, b: unknown) => boolean;
}

function textLeaf({ name, expected, normalize, fits, same = Object.is }: TextRules): Leaf<string> {
  const accepts = (value: unknown): value is string =>
    typeof value === "string" && normalize(value) === value && fits(value) && isXmlText(value);
  return {
    kind: "leaf",
    name,
    expected,
    normalize,
    parse(text) {
      const value = normalize(text);
      return fits(value) ? value : undefined;
    },
    accepts,
    format: keep,
    same,
    zod: z.string().refine(accepts, { error: `expected ${expected}` }),
  };
}

/** xs:string. White space is kept. */
export const string: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:string",
  expected: "text without control characters",
  normalize: keep,
  fits: () => true,
});

/** xs:token. White space is collapsed. */
export const token: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:token",
  expected: "text without line breaks or doubled or surrounding spaces",
  normalize: collapse,
  fits: () => true,
});

/** xs:anyURI. White space is collapsed; the empty string is a (relative) URI. */
export const anyUri: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:anyURI",
  expected: "a URI",
  normalize: collapse,
  fits: isAnyUri,
});

/** xs:ID: a name without colon, unique in its document. */
export const id: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:ID",
  expected: "a name without colon",
  normalize: collapse,
  fits: isNcName,
});

/** xs:base64Binary, kept as text. */
export const base64Binary: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:base64Binary",
  expected: "base64 text",
  normalize: collapse,
  fits: isBase64,
});

function isBase64(text: string): boolean {
  const packed = text.replaceAll(" ", "");
  return packed.length % 4 === 0 && /^(?:[A-Za-z0-9+/]*)(?:[A-Za-z0-9+/][AQgw]==|[A-Za-z0-9+/]{2}[AEIMQUYcgkosw048]=)?$/.test(packed);
}

/** xs:integer, kept as text because it has no bounds. */
export const integer: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:integer",
  expected: "a whole number",
  normalize: collapse,
  fits: (text) => /^[+-]?[0-9]+$/.test(text),
});

/** xs:decimal, kept as text because it has no bounds. */
export const decimal: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:decimal",
  expected: "a decimal number",
  normalize: collapse,
  fits: (text) => /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)$/.test(text),
});

/** xs:dateTime, kept as text so that no digit and no offset is lost. */
export const dateTime: Leaf<string> = /*@__PURE__*/ textLeaf({
  name: "xs:dateTime",
  expected: "a date and time such as 2014-12-19T00:00:00Z",
  normalize: collapse,
  fits: isDateTime,
  same: (a, b) => typeof a === "string" && typeof b === "string" && compareInstants(a, b) === 0,
});

/** xs:boolean: `true`, `false`, `1` or `0` (XML-GEN-010). */
export const boolean: Leaf<boolean> = /*@__PURE__*/ makeBoolean();

function makeBoolean(): Leaf<boolean> {
  return {
    kind: "leaf",
    name: "xs:boolean",
    expected: "true, false, 1 or 0",
    normalize: collapse,
    parse(text) {
      const value = collapse(text);
      if (value === "true" || value === "1") return true;
      return value === "false" || value === "0" ? false : undefined;
    },
    accepts: (value): value is boolean => typeof value === "boolean",
    format: String,
    same: Object.is,
    zod: z.boolean(),
  };
}

function numberLeaf(name: string, expected: string, minimum: number): Leaf<number> {
  const accepts = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= minimum;
  return {
    kind: "leaf",
    name,
    expected,
    normalize: collapse,
    parse(text) {
      const lexical = collapse(text);
      if (!/^[+-]?[0-9]+$/.test(lexical)) return undefined;
      const value = Number(lexical);
      if (value < minimum) return undefined;
      // Values beyond 2^53 are legal XML; the reader reports them as over a limit, not as wrong.
      return Number.isSafeInteger(value) ? (value === 0 ? 0 : value) : Number.POSITIVE_INFINITY;
    },
    accepts,
    format: String,
    same: Object.is,
    zod: z.number().refine(accepts, { error: `expected ${expected}` }),
  };
}

/** xs:nonNegativeInteger up to 2^53 - 1. */
export const nonNegativeInteger: Leaf<number> = /*@__PURE__*/ numberLeaf("xs:nonNegativeInteger", "a whole number from 0", 0);

/** xs:positiveInteger up to 2^53 - 1. */
export const positiveInteger: Leaf<number> = /*@__PURE__*/ numberLeaf("xs:positiveInteger", "a whole number from 1", 1);

/** A closed list of texts; white space is kept, as for every restriction of xs:string. */
export function enumeration<const T extends string>(name: string, values: readonly T[]): Leaf<T> {
  const known: ReadonlySet<string> = new Set(values);
  const accepts = (value: unknown): value is T => typeof value === "string" && known.has(value);
  return {
    kind: "leaf",
    name,
    expected: values.length === 1 ? `${values[0]}` : `one of ${values.join(", ")}`,
    normalize: keep,
    parse: (text) => (accepts(text) ? text : undefined),
    accepts,
    format: keep,
    same: Object.is,
    zod: z.enum(values),
  };
}

/** A restriction by patterns, of which one has to match the whole normalised text. No pattern at all is an alias. */
export function restriction(name: string, base: Leaf<string>, patterns: readonly RegExp[] = [], expected?: string): Leaf<string> {
  return textLeaf({
    name,
    expected: expected ?? (patterns.length === 0 ? base.expected : `${base.expected} matching ${patterns.map(String).join(" or ")}`),
    normalize: (text) => base.normalize(text),
    same: (a, b) => base.same(a, b),
    fits: (text) => base.parse(text) !== undefined && (patterns.length === 0 || patterns.some((pattern) => pattern.test(text))),
  });
}

/** A union: the first member that takes the text gives the value. */
export function union<T extends string>(name: string, members: readonly Leaf<T>[]): Leaf<T> {
  const accepts = (value: unknown): value is T => members.some((member) => member.accepts(value));
  return {
    kind: "leaf",
    name,
    expected: members.map((member) => member.expected).join(", or "),
    normalize: keep,
    parse(text) {
      for (const member of members) {
        const value = member.parse(text);
        if (value !== undefined) return value;
      }
      return undefined;
    },
    accepts,
    format: keep,
    same: Object.is,
    zod: z.union(members.map((member) => member.zod)),
  };
}
