import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareDecimals, decimalOf } from "../../src/query/decimal.js";
import { instantKey, longestKey, numberKey, textKey } from "../../src/query/keys.js";
import { compareMoments, momentOf } from "../../src/query/moment.js";
import { compareCodePoints } from "../../src/storage/records/text.js";

const runs = { numRuns: 3000 };
const letter = fc.oneof(
  fc.string({ unit: "grapheme", minLength: 1, maxLength: 3 }),
  fc.constantFrom("Σ", "ς", "σ", "İ", "ẞ", "Ǆ", "\u{10400}", "\u{10ffff}", "\ud7ff", "\ue000", "x".repeat(190), "Σ".repeat(199)),
);
const text = fc
  .array(letter, { maxLength: 8 })
  .map((letters) => letters.join(""))
  .filter((one) => one.isWellFormed());

describe("keys of texts", () => {
  it("are short, well-formed and the same whatever the case [QRY-CORE-016]", () => {
    fc.assert(
      fc.property(text, (one) => {
        const key = textKey(one);
        expect(key.length).toBeLessThanOrEqual(longestKey);
        expect(key.isWellFormed()).toBe(true);
        expect(textKey(one.toLowerCase())).toBe(key);
      }),
      runs,
    );
    expect(textKey("ΟΔΟΣ")).toBe(textKey("οδοσ"));
    expect(textKey("Ab\u{10400}")).toBe("ab\u{10428}");
  });

  it("begin with the key of what the text begins with, in either case", () => {
    const beginsWith = (one: string, beginning: string): boolean => {
      const key = textKey(beginning);
      // As databases look for beginnings: in the order of code points.
      return textKey(one).startsWith(key) && compareCodePoints(textKey(one), key) >= 0;
    };
    fc.assert(
      fc.property(text, text, (beginning, end) => {
        expect(beginsWith(beginning + end, beginning)).toBe(true);
        expect(beginsWith((beginning + end).toUpperCase(), beginning.toUpperCase())).toBe(true);
        const lower = (beginning + end).toLowerCase();
        if (lower.startsWith(beginning.toLowerCase())) expect(beginsWith(lower, beginning)).toBe(true);
      }),
      runs,
    );
  });
});

describe("keys of numbers and instants", () => {
  const digits = fc.string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 25 });
  const number = fc
    .tuple(fc.constantFrom("", "+", "-"), digits, fc.option(digits), fc.option(fc.integer({ min: -400, max: 400 })))
    .map(
      ([sign, whole, fraction, exponent]) =>
        `${sign}${whole}${fraction === null ? "" : `.${fraction}`}${exponent === null ? "" : `e${exponent}`}`,
    );

  it("keep the order of numbers [QRY-CORE-015]", () => {
    fc.assert(
      fc.property(number, number, (one, other) => {
        const [a, b] = [decimalOf(one), decimalOf(other)];
        const [x = Number.NaN, y = Number.NaN] = [numberKey(one), numberKey(other)];
        expect(Number.isFinite(x)).toBe(true);
        if (a === undefined || b === undefined) throw new Error("expected numbers");
        const order = Math.sign(compareDecimals(a, b));
        expect([order, 0]).toContain(Math.sign(x - y));
      }),
      runs,
    );
    expect(numberKey("-1e999999")).toBe(-Number.MAX_VALUE);
    expect(numberKey(" -0 ")).toBe(0);
    expect(numberKey("0x10")).toBeUndefined();
    expect(numberKey("")).toBeUndefined();
  });

  it("keep the order of instants, those of leap seconds among them [QRY-TIM-002]", () => {
    const instant = fc
      .tuple(fc.integer({ min: -62_000_000_000, max: 4_000_000_000 }), fc.option(digits), fc.constantFrom("Z", "+00:00", ""))
      .map(([seconds, fraction, zone]) => {
        const date = new Date(seconds * 1000).toISOString().slice(0, 19);
        return `${date}${fraction === null ? "" : `.${fraction}`}${zone}`;
      });
    const leap = fc.option(digits).map((fraction) => `2016-12-31T23:59:60${fraction === null ? "" : `.${fraction}`}Z`);
    const near = fc.constantFrom("2016-12-31T23:59:59.9999Z", "2016-12-31T23:59:59Z", "2017-01-01T00:00:00Z");
    const any = fc.oneof(instant, leap, near);
    fc.assert(
      fc.property(any, any, (one, other) => {
        const [a, b] = [momentOf(one), momentOf(other)];
        const [x = Number.NaN, y = Number.NaN] = [instantKey(one), instantKey(other)];
        if (a === undefined || b === undefined) throw new Error(`expected instants, found ${one} and ${other}`);
        expect([Math.sign(compareMoments(a, b)), 0]).toContain(Math.sign(x - y));
      }),
      runs,
    );
    expect(instantKey("yesterday")).toBeUndefined();
  });
});
