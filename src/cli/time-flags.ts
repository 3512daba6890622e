/** Points and lengths of time as flags have them. */

import { InvalidArgumentError } from "commander";
import { instantOf } from "../binding/datetime.js";
import { durationInMicroseconds } from "../client/poll/duration.js";
import type { Timestamp } from "../message/timestamp.js";

/** A point in time: a date, or a date and time; in UTC where no zone is given. */
export function timestampFlag(text: string): Timestamp {
  const time = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00` : text;
  const zoned = /(?:Z|[+-]\d\d:\d\d)$/.test(time) ? time : `${time}Z`;
  if (instantOf(zoned) === undefined) throw new InvalidArgumentError("Expected a date such as 2024-05-31 or 2024-05-31T12:00:00Z.");
  return zoned;
}

/** A length of time: `90s`, `30m`, `12h`, `7d`, `2w`. */
export function durationFlag(text: string): string {
  try {
    // A bare number would be milliseconds, which nobody means here.
    if (!/^\d+$/.test(text) && durationInMicroseconds(text, "it") > 0n) return text;
  } catch {
    // Said below in words that fit a flag.
  }
  throw new InvalidArgumentError("Expected a length of time such as 90s, 30m, 12h, 7d or 2w.");
}
