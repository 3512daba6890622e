import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationInMicroseconds } from "../../../src/client/poll/duration.js";

describe("a length of time", () => {
  it.each([
    ["90s", 90_000_000n],
    ["30m", 1_800_000_000n],
    ["12h", 43_200_000_000n],
    ["7d", 604_800_000_000n],
    ["2w", 1_209_600_000_000n],
    [" 1s ", 1_000_000n],
    [1500, 1_500_000n],
    [0.5, 500n],
    ["365000d", 31_536_000_000_000_000n],
  ])("%j is %i microseconds", (given, expected) => {
    expect(durationInMicroseconds(given, "since")).toBe(expected);
  });

  it.each([
    "",
    "5",
    "s",
    "1.5h",
    "-1h",
    "1 h",
    "1y",
    "1H",
    "1h30m",
    "١s",
    "0s",
    "365001d",
    `${"9".repeat(400)}s`,
    0,
    -1,
    0.0001,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    1e300,
  ])("%j is none, and the error says what is expected", (given) => {
    expect(() => durationInMicroseconds(given, "window")).toThrow(RangeError);
    expect(() => durationInMicroseconds(given, "window")).toThrow(/^window: expected milliseconds, or a text such as 90s, .{0,200}found /);
  });

  it("is a number or a text", () => {
    for (const since of [{}, 5n, true, new Date()] as never[])
      expect(() => durationInMicroseconds(since, "since")).toThrow(
        expect.objectContaining({ name: "TypeError", message: expect.stringMatching(/^since: expected milli/) }),
      );
  });

  it("is the same in every unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), (weeks) => {
        const expected = durationInMicroseconds(`${weeks}w`, "since");
        expect(durationInMicroseconds(`${weeks * 7}d`, "since")).toBe(expected);
        expect(durationInMicroseconds(`${weeks * 7 * 24}h`, "since")).toBe(expected);
        expect(durationInMicroseconds(`${weeks * 7 * 24 * 60}m`, "since")).toBe(expected);
        expect(durationInMicroseconds(weeks * 604_800_000, "since")).toBe(expected);
      }),
    );
  });
});
