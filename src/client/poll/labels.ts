/** Labels compared, where one that cannot be read decides nothing. */

import { compareInstants } from "../../binding/datetime.js";
import type { Timestamp } from "../../message/timestamp.js";

/** The order of two labels: negative, 0 or positive; undefined when one of them is no xs:dateTime. */
export function orderOf(a: Timestamp, b: Timestamp): number | undefined {
  if (a === b) return 0;
  // There is one comparison for each block, and nearly all labels are written alike.
  if (a.length === b.length && isPlain(a) && isPlain(b)) return a < b ? -1 : 1;
  return compareInstants(a, b);
}

/** Whether a label is in UTC, with four digits of year and no hour 24: of those of one length the order is that of the texts. */
function isPlain(label: Timestamp): boolean {
  return label.length >= 20 && label.charAt(4) === "-" && label.endsWith("Z") && !label.startsWith("24", 11);
}

/** Whether `a` is later than `b`. */
export function isLater(a: Timestamp, b: Timestamp): boolean {
  return (orderOf(a, b) ?? 0) > 0;
}

/** The later of two labels, the first when they are the same instant; undefined is earlier than all. */
export function laterOf(a: Timestamp | undefined, b: Timestamp | undefined): Timestamp | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isLater(b, a) ? b : a;
}

/** A computed label without a fraction that says nothing: some producers take whole seconds only. */
export function shortest(label: Timestamp): Timestamp {
  return label.replace(/\.000000Z$/, "Z");
}
