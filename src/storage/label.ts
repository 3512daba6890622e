/** Timestamp labels as storages keep them: microseconds since 1970, so that order is a comparison of numbers. */

import { parseDateTime } from "../binding/datetime.js";
import type { Timestamp } from "../message/timestamp.js";

/**
 * A timestamp label in microseconds since 1970-01-01T00:00:00Z: the finest step TAXII knows (XML-TS-003), which a Date would
 * lose (XML-TS-005). A safe integer until the year 2255.
 */
export type Label = number;

/** Tells the time in milliseconds since 1970, as `Date.now` does. */
export type Clock = () => number;

/** The label as it stands in messages, in UTC and always with six digits, so that the order of texts is that of time. */
export function formatLabel(label: Label): Timestamp {
  const milliseconds = Math.floor(label / 1000);
  if (lastFormatted.milliseconds !== milliseconds) {
    lastFormatted = { milliseconds, text: new Date(milliseconds).toISOString().slice(0, -1) };
  }
  const rest = String(label - milliseconds * 1000).padStart(3, "0");
  return `${lastFormatted.text}${rest}Z`;
}

/** Labels come in runs, of which up to a thousand share the millisecond. */
let lastFormatted = { milliseconds: Number.NaN, text: "" };

/**
 * The latest label at or before an instant. Instants no label can have become the first or last possible label, so that both
 * bounds of a range can be taken through this: `label > floorLabel(begin)` and `label <= floorLabel(end)` hold for exactly
 * the labels behind `begin` and not behind `end` (SVC-POLL-011).
 *
 * @param timestamp an xs:dateTime; without zone it is taken as UTC
 * @throws RangeError when it is none
 */
export function floorLabel(timestamp: Timestamp): Label {
  const parts = parseDateTime(timestamp);
  if (parts === undefined) throw new RangeError(`expected a timestamp, found ${JSON.stringify(timestamp)}`);
  if (Math.abs(parts.year) > 9999) return parts.year > 0 ? Number.MAX_SAFE_INTEGER : Number.MIN_SAFE_INTEGER;
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for those of the last century. There is no year 0 in XML Schema.
  date.setUTCFullYear(parts.year < 0 ? parts.year + 1 : parts.year, parts.month - 1, parts.day);
  date.setUTCHours(parts.hour, parts.minute - (parts.offset ?? 0), parts.second);
  const label = date.getTime() * 1000 + Number(parts.fraction.slice(0, 6).padEnd(6, "0"));
  return Math.min(Math.max(label, Number.MIN_SAFE_INTEGER), Number.MAX_SAFE_INTEGER);
}
