/** From where to where a poll asks, as its options say. */

import { addMicroseconds, fromMicroseconds, toMicroseconds } from "../../message/instant.js";
import type { Timestamp } from "../../message/timestamp.js";
import { durationInMicroseconds } from "./duration.js";
import { isLater, shortest } from "./labels.js";
import type { PollOptions } from "./options.js";

/** Labels later than `after` and not later than `before`; undefined is without end. */
export interface Bounds {
  readonly after: Timestamp | undefined;
  readonly before: Timestamp | undefined;
}

/** The label for a time of the local clock, in milliseconds since 1970. */
export function labelAt(milliseconds: number): Timestamp {
  return fromMicroseconds(BigInt(Math.round(milliseconds)) * 1000n);
}

/**
 * The bounds that options give.
 *
 * @param now milliseconds since 1970, for `since`
 * @throws TypeError for `since` together with `after`, and for what is no text or number; RangeError for what is no timestamp
 *   or length of time, and for an end that is not later than the beginning (XML-PRQ-002)
 */
export function boundsOf({ after, since, before }: Pick<PollOptions, "after" | "since" | "before">, now: number): Bounds {
  if (after !== undefined && since !== undefined) throw new TypeError("after and since both say where to begin; expected one of them");
  checkTimestamp("after", after);
  checkTimestamp("before", before);
  const begin =
    since === undefined ? after : shortest(addMicroseconds(labelAt(now - (now % 1000)), -durationInMicroseconds(since, "since")));
  if (begin !== undefined && before !== undefined && !isLater(before, begin))
    throw new RangeError(`before: expected a timestamp later than ${begin}, where the poll begins; found ${before}`);
  return { after: begin, before };
}

function checkTimestamp(option: string, given: unknown): void {
  if (given === undefined) return;
  if (typeof given !== "string")
    throw new TypeError(`${option}: expected a timestamp as text, such as 2014-12-19T00:00:00.123456Z; found ${typeof given}`);
  try {
    toMicroseconds(given);
  } catch (cause) {
    throw new RangeError(`${option}: ${cause instanceof Error ? cause.message : "no timestamp"}`, { cause });
  }
}
