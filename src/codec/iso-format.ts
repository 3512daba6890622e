/** Dates and times in the notation of Python's `datetime.isoformat`, which is libtaxii's everywhere but in what it was sent. */

const pattern = /^(\d{4}-\d\d-\d\dT(?!24)\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(Z|[+-]\d\d:\d\d)?$/;

/**
 * `text` with `+00:00` for `Z`, and with six digits of fraction, or none where they are all 0; the offset stays. What Python
 * cannot hold stays as it is: other years than 1 to 9999, hour 24, more than six digits. So does what is no date.
 */
export function isoFormat(text: string): string {
  const match = pattern.exec(text);
  if (match === null) return text;
  const [, time = "", fraction = "", zone = ""] = match;
  const offset = zone === "Z" || zone === "-00:00" ? "+00:00" : zone;
  return `${time}${/^0*$/.test(fraction) ? "" : `.${fraction.padEnd(6, "0")}`}${offset}`;
}

/** The same with a space for the `T`: what Python's `str` makes of a date. */
export function spacedFormat(text: string): string {
  return pattern.test(text) ? isoFormat(text).replace("T", " ") : text;
}
