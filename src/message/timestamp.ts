/** Timestamp labels: texts that are compared by the instant they name (XML-TS-005, XML-TS-006). */

import { compareInstants } from "../binding/datetime.js";

/** A timestamp label as sent: `2014-12-19T00:00:00.123456+01:00`. */
export type Timestamp = string;

/**
 * The order of two timestamp labels by instant, to the last digit of their fractions, whatever their offsets.
 *
 * @returns a negative number when `a` is earlier, 0 for the same instant, a positive number when `a` is later
 * @throws RangeError when one of them is no xs:dateTime
 */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  const order = compareInstants(a, b);
  if (order === undefined) throw new RangeError(`expected two timestamps, found ${JSON.stringify(a)} and ${JSON.stringify(b)}`);
  return order;
}
