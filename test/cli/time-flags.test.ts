import { InvalidArgumentError } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationFlag, timestampFlag } from "../../src/cli/time-flags.js";

describe("timestampFlag", () => {
  it.each([
    ["2024-05-31", "2024-05-31T00:00:00Z"],
    ["2024-05-31T12:00:00", "2024-05-31T12:00:00Z"],
    ["2024-05-31T12:00:00.123456Z", "2024-05-31T12:00:00.123456Z"],
    ["2024-05-31T12:00:00+02:00", "2024-05-31T12:00:00+02:00"],
  ])("reads %s", (text, timestamp) => expect(timestampFlag(text)).toBe(timestamp));

  it.each(["", "now", "2024", "2024-13-01", "2023-02-29", "2024-05-31 12:00", "31.05.2024", "2024-05-31T25:00:00Z"])("refuses %j", (text) =>
    expect(() => timestampFlag(text)).toThrow(InvalidArgumentError),
  );
});

describe("durationFlag", () => {
  it("takes a number with a unit", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 365 }), fc.constantFrom("s", "m", "h", "d", "w"), (number, unit) => {
        expect(durationFlag(`${number}${unit}`)).toBe(`${number}${unit}`);
      }),
    );
  });

  it.each(["", "7", "0d", "-1d", "d", "1.5h", "7 days", "99999999999w"])("refuses %j", (text) =>
    expect(() => durationFlag(text)).toThrow(InvalidArgumentError),
  );
});
