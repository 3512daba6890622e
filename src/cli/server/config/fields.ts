/** Kinds of values in a configuration, each with what to say when it is something else. */

import { z } from "zod";

/** A text that is not empty. */
export const text = z.string("expected a text; put it in quotes").min(1, "expected a text that is not empty");

/** A path of the file system, relative to the working directory. */
export const file = text;

export const flag = z.boolean("expected true or false");

/** A whole number of at least `least`. */
export function count(least = 1): z.ZodInt {
  return z.int("expected a whole number").min(least, `expected a whole number of at least ${least}`);
}

/** A duration in seconds; fractions are welcome. */
export const seconds = z.number("expected a number of seconds").positive("expected a number of seconds above 0");

/** 0 for any that is free. */
export const port = z
  .int("expected a port: a whole number from 0 to 65535")
  .min(0, "expected a port: a whole number from 0 to 65535")
  .max(65_535, "expected a port: a whole number from 0 to 65535");

/** The path of a service. */
export const path = z.string("expected a path").regex(/^\/(?!\/)[^?#\s]*$/, "expected a path that starts with one slash, without query");

/** A whole address. */
export const httpUrl = z.url({ protocol: /^https?$/, error: "expected an http or https URL" });

/** One of several words. */
export function oneOf<const T extends readonly [string, ...string[]]>(words: T): z.ZodEnum<{ [K in T[number]]: K }> {
  return z.enum(words, `expected ${[words.slice(0, -1).join(", "), words.at(-1)].filter((part) => part !== "").join(" or ")}`);
}

/** A list. */
export function list<T extends z.ZodType>(element: T): z.ZodArray<T> {
  return z.array(element, "expected a list");
}

/** An object with these keys and no others. */
export function keys<T extends z.core.$ZodLooseShape>(shape: T): z.ZodObject<T, z.core.$strict> {
  return z.strictObject(shape, `expected the keys ${Object.keys(shape).join(", ")}`);
}

/** An object with these keys, each with its default when it is not there at all. */
export function section<T extends z.core.$ZodLooseShape>(shape: T): z.ZodPrefault<z.ZodObject<T, z.core.$strict>> {
  return keys(shape).prefault({} as z.input<z.ZodObject<T, z.core.$strict>>);
}

/** What accounts may do, by collection name. */
export const permissions = z.record(
  z.string(),
  z.array(oneOf(["read", "write"]), "expected a list of read and write"),
  "expected lists of read and write by collection names",
);

// YAML takes 1.0 and 1.1 for numbers.
const version = z
  .union([z.literal([1, "1.0"]), z.literal([1.1, "1.1"])], "expected 1.0 or 1.1")
  .transform((given) => (Number(given) === 1 ? "1.0" : "1.1"));

/** Versions of TAXII; at least one. */
export const versions = list(version).min(1, "expected at least one version");

/** A content binding: its identifier, or that and its subtypes. */
export const contentBinding = z
  .union([text, keys({ bindingId: text, subtypes: list(text).default([]) })], "expected a binding, or { bindingId, subtypes }")
  .transform((given) => (typeof given === "string" ? { bindingId: given, subtypes: [] } : given))
  .transform(({ bindingId, subtypes }) => ({ bindingId, subtypes: subtypes.map((subtypeId) => ({ subtypeId })) }));
