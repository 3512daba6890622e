/** Rules: what a message has to keep to beyond its schema. */

import type { Shape } from "../binding/index.js";

/** A step from a value to one of its parts: a property, or a place in a list (from 0). */
export type Step = string | number;

/** Takes a finding: a sentence that says what was found and what was expected, and the part it is about. */
export type Report = (message: string, ...at: readonly Step[]) => void;

/**
 * Applies the rules for `shape` to a value that was found in open content. Paths of findings go on from the part `at`.
 * The value is not checked against the schema again.
 */
export type Inspect = <T>(shape: Shape<T>, value: T, ...at: readonly Step[]) => void;

/** Looks at one value, which is known to fit its schema, and reports what breaks the rule. */
export type Check<T> = (value: T, report: Report, inspect: Inspect) => void;

/**
 * What breaking a rule amounts to.
 * - `error`: the message is wrong, for whoever makes it and whoever gets it.
 * - `tolerated`: wrong to send, but a receiver has to cope with it; see `received` of {@link ValidateOptions}.
 * - `warning`: against a recommendation.
 */
export type Strictness = "error" | "tolerated" | "warning";

/** A rule for values of one shape, wherever in a message they occur. Made by {@link rule}. */
export interface Rule {
  readonly shape: Shape;
  /** Module and sentence, `taxii11/more-needs-result-id`. */
  readonly id: string;
  /** The requirements behind it, ids of the conformance table; several are separated by spaces. */
  readonly clause: string;
  readonly strictness: Strictness;
  // A method, so that rules for different types share one list: who calls it takes care that the value fits the shape.
  check(value: unknown, report: Report, inspect: Inspect): void;
}

/**
 * Makes a rule for values of `shape`, to be given to `validate`.
 *
 * ```ts
 * const one = rule(InboxMessage, "acme/one-destination", "ACME-7", (message, report) => {
 *   if (message.destinationCollectionNames.length > 1) report("expected one destination", "destinationCollectionNames");
 * });
 * validate(InboxMessage, message, { rules: [one] });
 * ```
 *
 * @param id module and sentence; it comes back in the issues
 * @param clause the requirement behind it, or several
 * @param check looks at a value that fits the schema; called for every value of the shape within a message
 * @param strictness what breaking it amounts to. Default: `error`
 */
export function rule<T>(
  shape: Shape<T>,
  id: string,
  clause: string | readonly string[],
  check: Check<T>,
  strictness: Strictness = "error",
): Rule {
  return { shape, id, clause: typeof clause === "string" ? clause : clause.join(" "), strictness, check };
}
