/** Timestamps as people write them on a command line. */

import { isDateTime } from "../binding/datetime.js";
import type { Timestamp } from "../message/timestamp.js";
import type { Environment } from "./environment.js";
import { UsageError } from "./failure.js";

const form = /^(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d)(:\d\d(?:[.,]\d+)?)?)? ?([Zz]|[+-]\d\d(?::?\d\d)?)?$/;

/**
 * The timestamp label that `text` means: an ISO 8601 date, with or without a time and an offset. libtaxii's own notation,
 * with a space in the middle, is one too. A date alone is its first instant. Without an offset it is UTC, and a warning says
 * so.
 *
 * @param flag for errors, `--begin-timestamp`
 * @throws UsageError when `text` is none
 */
export function timestampFrom(text: string, flag: string, { output }: Pick<Environment, "output">): Timestamp {
  const [match, date = "", time = "00:00", seconds = ":00", zone] = form.exec(text.trim()) ?? [];
  const label = `${date}T${time}${seconds.replace(",", ".")}${offsetOf(zone ?? "Z")}`;
  if (match === undefined || !isDateTime(label))
    throw new UsageError(`${flag}: expected a timestamp such as 2014-12-19T12:00:00Z, found ${JSON.stringify(text)}`);
  if (zone === undefined) output.err(`warning: ${flag} has no UTC offset; taken as ${label}\n`);
  return label;
}

function offsetOf(zone: string): string {
  const [, sign, hours = "", minutes = "00"] = /^([+-])(\d\d):?(\d\d)?$/.exec(zone) ?? [];
  return sign === undefined ? "Z" : `${sign}${hours}:${minutes}`;
}
