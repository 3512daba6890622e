/** How much work one record may make of the regular expressions of a query. */

import { ParseError } from "../errors.js";

/**
 * Characters times the sizes of the expressions that are asked about them; some seconds at the very worst. Expressions take
 * linear time, but a query may have many that are large, and records long values.
 */
const most = 50_000_000;

/** What is left for one record. */
export class Effort {
  #left: number;

  constructor(steps = most) {
    this.#left = steps;
  }

  /**
   * Notes what is about to be done.
   *
   * @throws ParseError `LIMIT_EXCEEDED` when it would be too much; the record is then one that cannot be looked into (QRY-EVAL-005)
   */
  spend(steps: number): void {
    this.#left -= steps;
    if (this.#left >= 0) return;
    throw new ParseError("LIMIT_EXCEEDED", "the record is too long for the regular expressions of the query", {
      line: 0,
      column: 0,
      path: "",
    });
  }
}
