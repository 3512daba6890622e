/** The types of parameters that the relationships of third parties take. */

import { isQueryNumber } from "../message/capabilities.js";
import { isRfc3339 } from "../message/rfc3339.js";
import { trimmed } from "./decimal.js";

/** A type of parameters: what texts are legal, and which value each is. */
export interface ParameterType<T, Required extends boolean = boolean> {
  /** Whether a test must have the parameter. */
  readonly required: Required;
  /** What is wrong with the text of a parameter, or undefined. */
  problem(text: string): string | undefined;
  /** The value of a text that nothing is wrong with. */
  read(text: string): T;
  /** The text of a value. Whether something is wrong with it is looked at afterwards. */
  write(value: T): string;
}

/** Parameters by name. */
export type ParameterTypes = Readonly<Record<string, ParameterType<unknown>>>;

type ValueOf<P> = P extends ParameterType<infer T> ? T : never;
type RequiredIn<P extends ParameterTypes> = { [K in keyof P]: P[K]["required"] extends true ? K : never }[keyof P];

/** The values of parameters: those that are required, and those that may be left out. */
export type ParameterValues<P extends ParameterTypes> = { readonly [K in RequiredIn<P>]: ValueOf<P[K]> } & {
  readonly [K in Exclude<keyof P, RequiredIn<P>>]?: ValueOf<P[K]> | undefined;
};

/** Any text, taken literally, white space included (QRY-STR-008). */
function text(): ParameterType<string, true> {
  return { required: true, problem: () => undefined, read: (value) => value, write: (value) => value };
}

/** A number, white space at its ends aside. As a double; take {@link text} where every digit counts. */
function number(): ParameterType<number, true> {
  return {
    required: true,
    problem: (value) => (isQueryNumber(value) ? undefined : "expected a number"),
    read: (value) => Number(trimmed(value)),
    write: String,
  };
}

/** `true` or `false`. */
function boolean(): ParameterType<boolean, true> {
  return {
    required: true,
    problem: (value) => (["true", "false"].includes(trimmed(value)) ? undefined : "expected true or false"),
    read: (value) => trimmed(value) === "true",
    write: String,
  };
}

/** One of these words. */
function oneOf<const W extends string>(...words: readonly W[]): ParameterType<W, true> {
  const find = (value: string): W | undefined => words.find((word) => word === trimmed(value));
  return {
    required: true,
    problem: (value) => (find(value) === undefined ? `expected one of ${words.join(", ")}` : undefined),
    read(value) {
      const word = find(value);
      if (word === undefined) throw new TypeError(`expected one of ${words.join(", ")}, found ${JSON.stringify(value)}`);
      return word;
    },
    write: (value) => value,
  };
}

/** A date-time of RFC 3339, as its text: a `Date` would lose digits. */
function instant(): ParameterType<string, true> {
  return {
    required: true,
    problem: (value) => (isRfc3339(trimmed(value)) ? undefined : "expected a date-time of RFC 3339"),
    read: trimmed,
    write: (value) => value,
  };
}

/** A type of your own: `read` throws, saying what it expected, for texts that are not legal. */
function parsed<T>(read: (text: string) => T, write: (value: T) => string = String): ParameterType<T, true> {
  return {
    required: true,
    problem(value) {
      try {
        read(value);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    read,
    write,
  };
}

/** The same type, for a parameter that may be left out. */
function optional<T>(type: ParameterType<T>): ParameterType<T, false> {
  return {
    required: false,
    problem: (value) => type.problem(value),
    read: (value) => type.read(value),
    write: (value) => type.write(value),
  };
}

/**
 * The types of parameters, to be used in `defineCapabilityModule`: `parameter.text()`, `parameter.optional(parameter.number())`.
 */
export const parameter = { text, number, boolean, oneOf, instant, parsed, optional } as const;
