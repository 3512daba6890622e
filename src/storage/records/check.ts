/** Finds out what is wrong with a record, all of it at once. */

import { type Issue, ValidationError } from "../../errors.js";
import { isKeepable, longestName } from "./text.js";

// Characters of a value that are shown in an error.
const shown = 60;

/** Collects what is wrong with one record. */
export class Check {
  readonly #subject: string;
  readonly #issues: Issue[] = [];

  /** @param subject as in "the account is not valid" */
  constructor(subject: string) {
    this.#subject = subject;
  }

  /** Notes an issue unless `holds`. Values that may be secret are not given as `found`. */
  that(holds: boolean, path: string, expected: string, ...found: readonly [unknown] | readonly []): void {
    if (holds) return;
    const message = found.length === 0 ? `expected ${expected}` : `expected ${expected}, found ${excerpt(found[0])}`;
    this.#issues.push({ path, message, severity: "error" });
  }

  /** A text that every database keeps as it is. */
  text(path: string, value: unknown): void {
    this.that(typeof value === "string" && isKeepable(value), path, "text without NUL and lone surrogates", value);
  }

  optionalText(path: string, value: unknown): void {
    if (value !== undefined) this.text(path, value);
  }

  /** A text that can be looked up. */
  name(path: string, value: unknown): void {
    this.that(value !== "", path, "a text that is not empty", value);
    this.nameOrEmpty(path, value);
  }

  nameOrEmpty(path: string, value: unknown): void {
    this.text(path, value);
    if (typeof value === "string") {
      this.that(value.length <= longestName, path, `at most ${longestName} characters`, value.length);
    }
  }

  /** A whole number that no number type of a database rounds. */
  integer(path: string, value: unknown, atLeast = Number.MIN_SAFE_INTEGER): void {
    const expected = atLeast === Number.MIN_SAFE_INTEGER ? "a whole number" : `a whole number, at least ${atLeast}`;
    this.that(typeof value === "number" && Number.isSafeInteger(value) && value >= atLeast, path, expected, value);
  }

  optionalInteger(path: string, value: unknown, atLeast?: number): void {
    if (value !== undefined) this.integer(path, value, atLeast);
  }

  flag(path: string, value: unknown): void {
    this.that(typeof value === "boolean", path, "true or false", value);
  }

  oneOf(path: string, value: unknown, values: readonly string[]): void {
    this.that(typeof value === "string" && values.includes(value), path, values.map((each) => JSON.stringify(each)).join(" or "), value);
  }

  /** @throws ValidationError when there was an issue */
  done(): void {
    if (this.#issues.length > 0) throw new ValidationError(this.#subject, this.#issues);
  }
}

function excerpt(value: unknown): string {
  if (typeof value !== "string") return typeof value === "number" || typeof value === "boolean" ? String(value) : typeof value;
  return value.length <= shown ? JSON.stringify(value) : `${JSON.stringify(value.slice(0, shown))}…`;
}
