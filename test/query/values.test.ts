import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareDecimals, decimalOf } from "../../src/query/decimal.js";
import { compareMoments, momentOf } from "../../src/query/moment.js";
import { compilePattern, PatternProblem } from "../../src/query/pattern.js";

// [QRY-CORE-015]
describe("numbers", () => {
  const part = fc.record({
    sign: fc.constantFrom("", "-", "+"),
    whole: fc.stringMatching(/^[0-9]{1,25}$/),
    fraction: fc.stringMatching(/^[0-9]{0,25}$/),
    exponent: fc.integer({ min: -30, max: 30 }),
  });

  it("compare as fractions of whole numbers do", () => {
    fc.assert(
      fc.property(part, part, (a, b) => {
        const texts = [a, b].map(({ sign, whole, fraction, exponent }) => `${sign}${whole}.${fraction}e${exponent}`);
        // As multiples of 10^-60, which all of them are.
        const [x = 0n, y = 0n] = [a, b].map(({ sign, whole, fraction, exponent }) => {
          const units = BigInt(whole + fraction) * 10n ** BigInt(60 + exponent - fraction.length);
          return sign === "-" ? -units : units;
        });
        const [first, second] = texts.map(decimalOf);
        if (first === undefined || second === undefined) throw new Error(texts.join(" "));
        expect(Math.sign(compareDecimals(first, second))).toBe(x < y ? -1 : x > y ? 1 : 0);
      }),
    );
  });

  it.each(["", " ", "1,000", "0x10", "INF", "NaN", "1e", ".", "+", "1 2", "١"])("%j is none", (text) =>
    expect(decimalOf(text)).toBeUndefined(),
  );

  it("tell apart what doubles do not", () => {
    const [a, b] = ["9007199254740993", "9007199254740992"].map(decimalOf);
    expect(a && b && compareDecimals(a, b)).toBe(1);
  });

  it("cost no more than their length, and none is too large", () => {
    expect(decimalOf(`${"0".repeat(1_000_000)}1${"0".repeat(1_000_000)}`)).toMatchObject({ digits: "1" });
    expect(decimalOf("1e99999999999999999999999")).toBeUndefined();
  });
});

// [QRY-TIM-002] [QRY-TIM-004] [QRY-TIM-005]
describe("timestamps", () => {
  it.each([
    ["2014-05-08T11:00:00+02:00", "2014-05-08T09:00:00Z", 0],
    ["2014-05-08T09:00:00.000001Z", "2014-05-08T09:00:00Z", 1],
    ["2014-05-08T09:00:00.1234567890123Z", "2014-05-08T09:00:00.1234567890122Z", 1],
    ["2014-05-08T09:30:00", "2014-05-08T09:30:00Z", 0],
    ["2016-12-31t23:59:60z", "2016-12-31T23:59:59.999999Z", 1],
    ["2016-12-31T23:59:60.5Z", "2017-01-01T00:00:00Z", -1],
    [" 2014-05-08T09:00:00Z\n", "2014-05-08T09:00:00.000Z", 0],
  ])("%s beside %s", (a, b, expected) => {
    const [first, second] = [momentOf(a), momentOf(b)];
    expect(first && second && Math.sign(compareMoments(first, second))).toBe(expected);
  });

  it.each(["2014", "2014-05-08", "yesterday", "2014-13-01T00:00:00Z", ""])("%j is none", (text) => expect(momentOf(text)).toBeUndefined());
  it("may need a zone", () => expect(momentOf("2014-05-08T09:30:00", "none")).toBeUndefined());
  it("cost no more than their length", () => expect(momentOf(`2014-05-08T09:00:00.${"0".repeat(1_000_000)}1Z`)).toBeDefined());
});

// [QRY-RGX-002] [QRY-RGX-004] [QRY-RGX-005]
describe("regular expressions", () => {
  it.each([
    ["\\d+", "a1", true],
    ["^a.c$", "abc", true],
    ["^a.c$", "a\nc", false],
    ["[[a]", "[", true],
    ["[\\]x-z-]+$", "]y-", true],
    ["\\x41\\101\\cA", "AA\u0001", true],
    ["[\\b]", "\b", true],
    ["\\bx\\b", "a x b", true],
    ["a{2,3}?", "caab", true],
    ["(?:ab|cd)*e", "abcde", true],
    ["\\é", "é", true],
    ["[^\\s]", " \t", false],
  ])("%s in %j: %s", (pattern, text, expected) => {
    expect(compilePattern(pattern, true).find(text)).toBe(expected);
    expect(new RegExp(pattern).test(text)).toBe(expected);
  });

  it("fold case when asked to", () => {
    expect(compilePattern("BEACON", true).find("beacon")).toBe(false);
    expect(compilePattern("BEACON", false).find("a beacon")).toBe(true);
  });

  it.each(["(?=a)b", "(?!a)", "(a", "a**", "\\1", "(?<n>a)", "x".repeat(1001), "((((a{100}){100}){100}){100})"])(
    "%s is refused",
    (pattern) => expect(() => compilePattern(pattern, true)).toThrow(PatternProblem),
  );

  it("take linear time", () => {
    expect(compilePattern("^(a+)+$", true).find(`${"a".repeat(50_000)}b`)).toBe(false);
    expect(compilePattern("(x+x+)+y", true).find("x".repeat(50_000))).toBe(false);
  });
});
