/** Lengths of time as people write them. */

import type { Duration } from "./options.js";

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };

/** Longer ones are slips of the pen; labels do not reach back that far either. */
const longest = 365_000 * 86_400_000;

/**
 * A length of time in microseconds.
 *
 * @param option what it was given for, to be named in errors
 * @throws TypeError when it is neither number nor text; RangeError when it is none, not longer than nothing, or longer than 1,000 years
 */
export function durationInMicroseconds(duration: Duration, option: string): bigint {
  const given: unknown = duration;
  if (typeof given !== "number" && typeof given !== "string")
    throw new TypeError(`${option}: expected milliseconds, or a text such as 90s, 30m, 12h, 7d or 2w; found ${typeof given}`);
  const milliseconds = typeof given === "number" ? given : parse(given);
  const microseconds = Math.round(milliseconds * 1000);
  if (!(microseconds > 0 && milliseconds <= longest)) {
    const shown = typeof given === "number" ? String(given) : JSON.stringify(given.slice(0, 100));
    throw new RangeError(`${option}: expected milliseconds, or a text such as 90s, 30m, 12h, 7d or 2w, up to 1,000 years; found ${shown}`);
  }
  return BigInt(microseconds);
}

function parse(text: string): number {
  const [, number = "", unit = ""] = /^(\d{1,15})([smhdw])$/.exec(text.trim()) ?? [];
  return Number(number || Number.NaN) * (units[unit] ?? Number.NaN);
}
