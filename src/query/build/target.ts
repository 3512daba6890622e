/** What the functions of the builder say about their targets. */

import { problemOfSlashes } from "../../message/targeting.js";

/**
 * Refuses what is a target in no vocabulary; what is none in one, `query` finds out.
 *
 * @throws TypeError
 */
export function checkTarget(caller: string, target: string): void {
  const problem = problemOfSlashes(target.trim());
  if (problem !== undefined) throw new TypeError(`${caller} of ${quoted(target)}: ${problem}`);
}

/** A text in a sentence. */
export function quoted(text: string): string {
  return JSON.stringify(text);
}
