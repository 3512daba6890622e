/** Labels compared, where one that cannot be read decides nothing. */

import { compareInstants } from "../../binding/datetime.js";
import type { Timestamp } from "../../message/timestamp.js";

/** The order of two labels: negative, 0 or positive; undefined when one of them is no xs:dateTime. */
export function orderOf(a: Timestamp, b: Timestamp): number | undefined {
  return a === b ? 0 : compareInstants(a, b);
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
