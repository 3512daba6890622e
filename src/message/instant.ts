/** Timestamp labels as numbers: microseconds, the finest that labels tell apart, counted without loss. */

import { instantOf } from "../binding/datetime.js";
import type { Timestamp } from "./timestamp.js";

/** Years 1 to 9999, which are those a label can have and RFC 3339 knows (XML-TS-007), in microseconds since 1970 UTC. */
const first = -62_135_596_800_000_000n;
const last = 253_402_300_799_999_999n;

/**
 * Microseconds since 1970-01-01T00:00:00Z, negative before. The offset is taken into account; a text without one counts as
 * UTC. Digits behind the sixth, which labels cannot have, are dropped.
 *
 * @throws RangeError when `timestamp` is no xs:dateTime, or further from 1970 than numbers are exact (about 285 million years)
 */
export function toMicroseconds(timestamp: Timestamp): bigint {
  const instant = instantOf(timestamp);
  if (instant === undefined || !Number.isSafeInteger(instant.seconds)) {
    throw new RangeError(`expected a timestamp such as 2014-12-19T00:00:00.123456Z, found ${JSON.stringify(timestamp.slice(0, 100))}`);
  }
  return BigInt(instant.seconds) * 1_000_000n + BigInt(instant.fraction.slice(0, 6).padEnd(6, "0"));
}

/**
 * The timestamp in UTC, with six digits behind the point, that is `microseconds` after 1970-01-01T00:00:00Z.
 *
 * @throws RangeError outside of the years 1 to 9999
 */
export function fromMicroseconds(microseconds: bigint): Timestamp {
  if (microseconds < first || microseconds > last) {
    throw new RangeError(`expected an instant in the years 1 to 9999, found ${microseconds} microseconds from 1970`);
  }
  // Division of bigints goes towards zero; seconds before 1970 count down.
  const fraction = ((microseconds % 1_000_000n) + 1_000_000n) % 1_000_000n;
  const seconds = new Date(Number((microseconds - fraction) / 1000n)).toISOString().slice(0, 19);
  return `${seconds}.${fraction.toString().padStart(6, "0")}Z`;
}

/**
 * The timestamp that is `microseconds` later, or earlier when they are negative, in the form of {@link fromMicroseconds}.
 *
 * @throws RangeError when `timestamp` is no xs:dateTime, or the result is outside of the years 1 to 9999
 */
export function addMicroseconds(timestamp: Timestamp, microseconds: bigint): Timestamp {
  return fromMicroseconds(toMicroseconds(timestamp) + microseconds);
}
