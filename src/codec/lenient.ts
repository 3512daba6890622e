/** What a lenient reading tolerates, and how it tells. */

import { type Location, ParseError, type ParseErrorCode } from "../errors.js";
import type { Problem } from "./read-context.js";

/** Something in a document that is not as the schema or XML has it, and was tolerated. */
export interface Deviation extends Location {
  /** The code of the ParseError a strict reading would have thrown. */
  readonly code: ParseErrorCode;
  /** A sentence: what was found, what was expected, what was made of it. */
  readonly reason: string;
}

/** Deviations of one document that are told one by one. */
export const mostDeviations = 100;

// What is not this message is not read as one, and limits hold for everybody.
const intolerable: ReadonlySet<ParseErrorCode> = new Set(["UNKNOWN_MESSAGE", "LIMIT_EXCEEDED"]);

// Names in a document may have megabytes.
const mostCharacters = 500;

/**
 * The deviations of one document: the first {@link mostDeviations}, and how many more there were. They are kept until
 * {@link Deviations.flush}, because what a caller's function throws must not pass through the tokenizer.
 */
export class Deviations {
  readonly #tell: ((deviation: Deviation) => void) | undefined;
  #waiting: Deviation[] = [];
  #count = 0;

  constructor(tell?: (deviation: Deviation) => void) {
    this.#tell = tell;
  }

  /** Takes a problem; `describe` is only called for those that are told. @throws ParseError for what is never tolerated */
  add(code: ParseErrorCode, describe: () => Problem): void {
    if (intolerable.has(code)) {
      const problem = describe();
      throw new ParseError(code, problem.reason, problem);
    }
    this.#count++;
    if (this.#tell === undefined || this.#count > mostDeviations) return;
    const { reason, line, column, path } = describe();
    this.#waiting.push({ code, reason: cut(reason), line, column, path: cut(path) });
  }

  /** Says that the document was read, or broke off: what was not told is counted. */
  end(): void {
    const untold = this.#count - mostDeviations;
    this.#count = 0;
    if (untold <= 0) return;
    const reason = `there are ${untold} deviations more; ${mostDeviations} of a document are told one by one`;
    this.#waiting.push({ code: "LIMIT_EXCEEDED", reason, line: 0, column: 0, path: "" });
  }

  /** Tells what is waiting. */
  flush(): void {
    const waiting = this.#waiting;
    if (waiting.length === 0) return;
    this.#waiting = [];
    for (const deviation of waiting) this.#tell?.(deviation);
  }
}

function cut(text: string): string {
  return text.length > mostCharacters ? `${text.slice(0, mostCharacters - 1)}…` : text;
}
