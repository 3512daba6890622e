/** xs:dateTime as text: lexical check and comparison without loss. */

const pattern = /^(-?)(\d{4,9})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?$/;

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

/**
 * The parts of `text` (white space already collapsed), or undefined when it is no xs:dateTime. Hour 24 is legal at 24:00:00
 * only. Years have nine digits at most, which XML Schema leaves to processors.
 */
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

const usual = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)$/;

/** Whether `text` is an xs:dateTime. The usual form, in UTC and on a day every month has, is told without taking it apart. */
export function isDateTime(text: string): boolean {
  if (!usual.test(text)) return parseDateTime(text) !== undefined;
  const [month, day] = [twoDigits(text, 5), twoDigits(text, 8)];
  const everyday = month >= 1 && month <= 12 && day >= 1 && day <= 28 && !text.startsWith("0000");
  const inDay = twoDigits(text, 11) <= 23 && twoDigits(text, 14) <= 59 && twoDigits(text, 17) <= 59;
  return (everyday && inDay) || parseDateTime(text) !== undefined;
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
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
  // XML Schema 1.0 part 2 appendix E goes by the number of the year as written, also before year 1, although there is no year 0.
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** An instant: whole seconds since 1970 UTC, and the digits behind the point without trailing zeros. */
export interface Instant {
  readonly seconds: number;
  readonly fraction: string;
}

/** The instant an xs:dateTime names, undefined when `text` is none; a text without zone counts as UTC. */
export function instantOf(text: string): Instant | undefined {
  const parts = parseDateTime(text);
  if (parts === undefined) return undefined;
  const days = daysFromCivil(parts.year < 0 ? parts.year + 1 : parts.year, parts.month, parts.day);
  const seconds = days * 86_400 + parts.hour * 3600 + (parts.minute - (parts.offset ?? 0)) * 60 + parts.second;
  return { seconds, fraction: withoutZerosAtEnd(parts.fraction) };
}

/** Digits without the zeros behind them. By hand: a pattern that looks for the end takes quadratic time on long runs of zeros. */
export function withoutZerosAtEnd(digits: string): string {
  let end = digits.length;
  while (end > 0 && digits.charCodeAt(end - 1) === 0x30) end--;
  return digits.slice(0, end);
}

/** Days from 1970-01-01 in the proleptic Gregorian calendar; Date would stop at the year 275760 and knows milliseconds only. */
function daysFromCivil(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

/**
 * The order of two xs:dateTime texts by instant, to the last digit; a text without zone counts as UTC.
 *
 * @returns a negative number, 0 or a positive number; undefined when a text is no xs:dateTime
 */
export function compareInstants(a: string, b: string): number | undefined {
  const first = instantOf(a);
  const second = instantOf(b);
  if (first === undefined || second === undefined) return undefined;
  if (first.seconds !== second.seconds) return first.seconds < second.seconds ? -1 : 1;
  if (first.fraction === second.fraction) return 0;
  const length = Math.max(first.fraction.length, second.fraction.length);
  return first.fraction.padEnd(length, "0") < second.fraction.padEnd(length, "0") ? -1 : 1;
}
