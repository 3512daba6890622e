/** xs:dateTime as text: lexical check and comparison without loss. */

const pattern = /^(-?)(\d{4,})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

/** The parts of an xs:dateTime. */
export interface DateTimeParts {
  /** May be negative; never 0. */
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  /** Digits behind the point, as sent; empty when there are none. */
  readonly fraction: string;
  /** Minutes east of UTC; undefined when no zone was given. */
  readonly offset: number | undefined;
}

/** The parts of `text` (white space already collapsed), or undefined when it is no xs:dateTime. Hour 24 is legal at 24:00:00 only. */
export function parseDateTime(text: string): DateTimeParts | undefined {
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, sign = "", digits = "", ...rest] = match;
  const [month = 0, day = 0, hour = 0, minute = 0, second = 0] = rest.slice(0, 5).map(Number);
  const fraction = rest[5] ?? "";
  if (digits.length > 4 && digits.startsWith("0")) return undefined;
  const year = Number(sign + digits);
  const offset = parseOffset(rest[6]);
  const midnight24 = hour === 24 && minute === 0 && second === 0 && /^0*$/.test(fraction);
  const valid =
    year !== 0 &&
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysInMonth(year, month) &&
    (hour <= 23 || midnight24) &&
    minute <= 59 &&
    second <= 59 &&
    offset !== null;
  return valid ? { year, month, day, hour, minute, second, fraction, offset } : undefined;
}

function parseOffset(zone: string | undefined): number | undefined | null {
  if (zone === undefined) return undefined;
  if (zone === "Z") return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (minutes > 59 || hours * 60 + minutes > 14 * 60) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

function daysInMonth(year: number, month: number): number {
  // There is no year 0 in XML Schema 1.0: -1 is the leap year before year 1.
  const astronomical = year < 0 ? year + 1 : year;
  const leap = astronomical % 4 === 0 && (astronomical % 100 !== 0 || astronomical % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}
