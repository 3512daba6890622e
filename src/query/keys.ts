/**
 * What values are found by in an index: for each test of a query there is a key, or a range of keys, that the values it holds for
 * have. Other values may have it as well, so whatever is found has to be looked at.
 */

import { decimalOf, trimmed } from "./decimal.js";
import { type Moment, momentOf } from "./moment.js";

/** UTF-16 units of a text that are in its key. */
export const longestKey = 200;

/**
 * The key of a text: its beginning, the same whatever the case. Texts that are equal have equal keys; of texts of which one begins
 * with the other, its key begins with that of the other, or is the same where both are long. That holds for texts without lone
 * surrogates, and where the comparison is one of lower case, too.
 */
export function textKey(text: string): string {
  // Nothing gets shorter by lower case, so that no more than this can have a part in the key.
  const lower = withoutHalf(text.slice(0, 2 * longestKey)).toLowerCase();
  // The one letter whose lower case depends on what stands beside it.
  return withoutHalf(lower.replaceAll("ς", "σ").slice(0, longestKey));
}

/** `text` without the first half of a surrogate pair at its end. */
function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? text.slice(0, -1) : text;
}

// What numbers and instants begin with, to be done quickly with what is neither.
const mayBeNumber = /^[\t\n\r ]*[-+.\d]/;
const mayBeInstant = /^[\t\n\r ]*-?\d{4}/;

/** The key of the number a text says; undefined when it says none. Greater numbers have keys that are greater, or equal. */
export function numberKey(text: string): number | undefined {
  if (!mayBeNumber.test(text) || decimalOf(text) === undefined) return undefined;
  // Rounded to the nearest, which keeps the order; what is beyond all doubles becomes the last of them.
  const rounded = Number(trimmed(text));
  // Databases know one zero.
  return rounded === 0 ? 0 : Math.min(Math.max(rounded, -Number.MAX_VALUE), Number.MAX_VALUE);
}

/** The key of the instant a text says, without a zone in UTC; undefined when it says none. Later ones have keys that are greater, or equal. */
export function instantKey(text: string): number | undefined {
  const moment = mayBeInstant.test(text) ? momentOf(text) : undefined;
  return moment && keyOf(moment);
}

/** Milliseconds; those of a leap second are the last of the second before it. */
function keyOf({ seconds, leap, fraction }: Moment): number {
  return seconds * 1000 + (leap === 1 ? 999 : Number(fraction.slice(0, 3).padEnd(3, "0")));
}
