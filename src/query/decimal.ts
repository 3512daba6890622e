/** Numbers as queries compare them: exactly, whatever their size (QRY-CORE-015). */

import { withoutZerosAtEnd } from "../binding/datetime.js";

/** The value 0.digits × 10^scale, with a sign. Neither zeros in front nor at the end; no digits at all for zero. */
export interface Decimal {
  readonly negative: boolean;
  readonly digits: string;
  readonly scale: bigint;
}

const form = /^([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:[eE]([+-]?\d+))?$/;

// Powers of ten beyond any use: to reckon with longer ones could take long.
const longestExponent = 20;

/** The number a text says, white space at its ends aside; undefined when it says none. */
export function decimalOf(text: string): Decimal | undefined {
  const [, sign, whole = "", point, pointOnly, exponent = "0"] = form.exec(trimmed(text)) ?? [];
  if (sign === undefined || exponent.length > longestExponent) return undefined;
  const fraction = point ?? pointOnly ?? "";
  const all = whole + fraction;
  const significant = withoutZerosInFront(all);
  const digits = withoutZerosAtEnd(significant);
  if (digits === "") return { negative: false, digits, scale: 0n };
  return { negative: sign === "-", digits, scale: BigInt(whole.length - (all.length - significant.length)) + BigInt(exponent) };
}

/** White space as XML has it, nothing else. */
export function trimmed(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;
}

function withoutZerosInFront(digits: string): string {
  let start = 0;
  while (digits.charCodeAt(start) === 0x30) start++;
  return digits.slice(start);
}

/** Negative when `a` is less than `b`, positive when it is greater, 0 when they are equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const signs = signOf(a) - signOf(b);
  if (signs !== 0) return signs;
  return a.negative ? compareMagnitudes(b, a) : compareMagnitudes(a, b);
}

function signOf({ negative, digits }: Decimal): number {
  return digits === "" ? 0 : negative ? -1 : 1;
}

function compareMagnitudes(a: Decimal, b: Decimal): number {
  if (a.scale !== b.scale) return a.scale < b.scale ? -1 : 1;
  return a.digits === b.digits ? 0 : a.digits < b.digits ? -1 : 1;
}
