import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { addMicroseconds, fromMicroseconds, toMicroseconds } from "../../src/message/instant.js";
import { compareTimestamps } from "../../src/message/timestamp.js";

const first = -62_135_596_800_000_000n;
const last = 253_402_300_799_999_999n;
const instants = fc.oneof(fc.constantFrom(first, first + 1n, -1n, 0n, 1n, 999_999n, last), fc.bigInt({ min: first, max: last }));
const minutes = fc.oneof(fc.constantFrom(-14 * 60, 0, 14 * 60), fc.integer({ min: -14 * 60, max: 14 * 60 }));

/** The same instant as a text with an offset. */
function withOffset(microseconds: bigint, offset: number): string {
  const local = fromMicroseconds(microseconds + BigInt(offset) * 60_000_000n);
  const [hours, rest] = [Math.floor(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) => String(part).padStart(2, "0"));
  return `${local.slice(0, -1)}${offset < 0 ? "-" : "+"}${hours}:${rest}`;
}

describe("timestamps as numbers", () => {
  it("[XML-TS-005] count microseconds from 1970, before and after", () => {
    expect(toMicroseconds("1970-01-01T00:00:00Z")).toBe(0n);
    expect(toMicroseconds("1970-01-01T00:00:00.000001Z")).toBe(1n);
    expect(toMicroseconds("1969-12-31T23:59:59.999999Z")).toBe(-1n);
    expect(toMicroseconds("2014-12-19T10:00:00.5+02:00")).toBe(BigInt(Date.UTC(2014, 11, 19, 8)) * 1000n + 500_000n);
    expect(toMicroseconds("2014-12-19T10:00:00")).toBe(toMicroseconds("2014-12-19T10:00:00Z"));
    expect(toMicroseconds("2014-12-19T24:00:00Z")).toBe(toMicroseconds("2014-12-20T00:00:00Z"));
  });

  it("drop digits that labels cannot have, towards the past", () => {
    expect(toMicroseconds("1970-01-01T00:00:00.0000019Z")).toBe(1n);
    expect(toMicroseconds("1969-12-31T23:59:59.9999999Z")).toBe(-1n);
    expect(toMicroseconds(`1970-01-01T00:00:00.${"9".repeat(1000)}Z`)).toBe(999_999n);
  });

  it("come back as texts in UTC with six digits", () => {
    fc.assert(
      fc.property(instants, (instant) => {
        const text = fromMicroseconds(instant);
        expect(text).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
        expect(toMicroseconds(text)).toBe(instant);
      }),
    );
  });

  it("[XML-TS-006] are the same whatever the offset", () => {
    const inner = fc.bigInt({ min: first + 50_400_000_000n, max: last - 50_400_000_000n });
    fc.assert(
      fc.property(inner, minutes, (instant, offset) => {
        expect(toMicroseconds(withOffset(instant, offset))).toBe(instant);
      }),
    );
  });

  it("have the order of the texts", () => {
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(Math.sign(compareTimestamps(fromMicroseconds(a), fromMicroseconds(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });

  it("agree with Date, which knows milliseconds", () => {
    fc.assert(
      fc.property(
        fc.date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true }),
        (date) => {
          expect(toMicroseconds(date.toISOString())).toBe(BigInt(date.getTime()) * 1000n);
        },
      ),
    );
  });

  it("add up, there and back", () => {
    expect(addMicroseconds("2014-12-31T23:59:59.999999+01:00", 1n)).toBe("2014-12-31T23:00:00.000000Z");
    expect(addMicroseconds("1970-01-01T00:00:00Z", -1n)).toBe("1969-12-31T23:59:59.999999Z");
    fc.assert(
      fc.property(instants, instants, (a, b) => {
        expect(addMicroseconds(fromMicroseconds(a), b - a)).toBe(fromMicroseconds(b));
      }),
    );
  });

  it("are refused where there is nothing to count", () => {
    expect(() => toMicroseconds("yesterday")).toThrow('expected a timestamp such as 2014-12-19T00:00:00.123456Z, found "yesterday"');
    expect(() => toMicroseconds("999999999-01-01T00:00:00Z")).toThrow(RangeError);
    expect(() => addMicroseconds("x".repeat(1_000_000), 1n)).toThrow(/^.{1,200}$/);
    expect(() => fromMicroseconds(first - 1n)).toThrow("expected an instant in the years 1 to 9999");
    expect(() => addMicroseconds("9999-12-31T23:59:59.999999Z", 1n)).toThrow(RangeError);
  });
});
