/** Where a range begins: the label before it (TAXII 1.1, and requests of 1.0), or its first label (replies of 1.0). */

import { addMicroseconds, toMicroseconds } from "../instant.js";
import type { Step } from "../rule.js";
import type { Timestamp } from "../timestamp.js";
import { NotInVersion10Error } from "./not-in-version-10.js";

const earliest = toMicroseconds("0001-01-01T00:00:00Z");
const latest = "9999-12-31T23:59:59.999999Z";

/**
 * The exclusive begin of a range with the first label `begin`: one microsecond before it, the finest that labels tell apart
 * (VER-X-009). Undefined, which is from the first record on, when there is nothing before `begin`.
 */
export function exclusiveBegin(begin: Timestamp | undefined): Timestamp | undefined {
  if (begin === undefined) return undefined;
  const instant = toMicroseconds(begin);
  if (instant <= earliest) return undefined;
  // An offset can lead beyond what can be written in UTC.
  return instant > toMicroseconds(latest) ? latest : addMicroseconds(begin, -1n);
}

/** The end of a range, if it is stated: where TAXII 1.0 demands one that is missing, a lenient reading has an empty text. */
export function statedEnd(end: Timestamp): Timestamp | undefined {
  return end === "" ? undefined : end;
}

/**
 * The first label of a range whose exclusive begin is `begin`: one microsecond behind it (VER-X-009).
 *
 * @param path where the begin stands in the message
 * @throws NotInVersion10Error when there is no label behind `begin`, or when it is before the year 1
 */
export function inclusiveBegin(begin: Timestamp | undefined, ...path: readonly Step[]): Timestamp | undefined {
  if (begin === undefined) return undefined;
  const instant = toMicroseconds(begin);
  if (instant < earliest - 1n || instant >= toMicroseconds(latest)) {
    throw new NotInVersion10Error(path, `no label in the years 1 to 9999 is the first one behind ${begin}`);
  }
  return addMicroseconds(begin, 1n);
}

/**
 * The end of a range, which TAXII 1.0 cannot leave open: there are no data sets in it (VER-X-002).
 *
 * @param path where the end would stand in the message
 * @throws NotInVersion10Error when there is none
 */
export function requiredEnd(end: Timestamp | undefined, ...path: readonly Step[]): Timestamp {
  if (end === undefined)
    throw new NotInVersion10Error(path, "a range has an end there; only data sets, which came with TAXII 1.1, have none");
  return end;
}
