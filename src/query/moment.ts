/** Timestamps as queries compare them: as instants, with every digit they have (QRY-TIM-002, QRY-TIM-005). */

import { instantOf } from "../binding/datetime.js";
import { isRfc3339 } from "../message/rfc3339.js";
import { trimmed } from "./decimal.js";

/** An instant. */
export interface Moment {
  /** Whole seconds since 1970-01-01T00:00:00Z. */
  readonly seconds: number;
  /** 1 within a leap second, which comes behind all of the second before it. */
  readonly leap: 0 | 1;
  /** Digits behind the point, without zeros at the end. */
  readonly fraction: string;
}

/**
 * The instant a text says, as xs:dateTime or as RFC 3339, white space at its ends aside; undefined when it says none.
 *
 * @param zoneless whether a text without a zone is UTC, or says no instant (QRY-TIM-004)
 */
export function momentOf(text: string, zoneless: "utc" | "none" = "utc"): Moment | undefined {
  const label = trimmed(text);
  if (zoneless === "none" && !/(?:[Zz]|[+-]\d\d:\d\d)$/.test(label)) return undefined;
  const instant = instantOf(label);
  if (instant !== undefined) return { seconds: instant.seconds, leap: 0, fraction: instant.fraction };
  return isRfc3339(label) ? leapMoment(label.toUpperCase()) : undefined;
}

/** What RFC 3339 has and xs:dateTime has not: a small t or z, and the second 60. */
function leapMoment(label: string): Moment | undefined {
  const isLeap = label.slice(17, 19) === "60";
  const instant = instantOf(isLeap ? `${label.slice(0, 17)}59${label.slice(19)}` : label);
  return instant && { seconds: instant.seconds, leap: isLeap ? 1 : 0, fraction: instant.fraction };
}

/** Negative when `a` is before `b`, positive when it is behind it, 0 when they are the same. */
export function compareMoments(a: Moment, b: Moment): number {
  if (a.seconds !== b.seconds) return a.seconds - b.seconds;
  if (a.leap !== b.leap) return a.leap - b.leap;
  return a.fraction === b.fraction ? 0 : a.fraction < b.fraction ? -1 : 1;
}
