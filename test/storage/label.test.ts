import fc from "fast-check";
import { expect, test } from "vitest";
import { compareTimestamps } from "../../src/message/timestamp.js";
import { floorLabel, formatLabel } from "../../src/storage/index.js";

test("labels are written in UTC with six digits", () => {
  expect(formatLabel(0)).toBe("1970-01-01T00:00:00.000000Z");
  expect(formatLabel(1_700_000_000_123_456)).toBe("2023-11-14T22:13:20.123456Z");
  expect(formatLabel(-1)).toBe("1969-12-31T23:59:59.999999Z");
});

test("instants become the label at or before them", () => {
  expect(floorLabel("1970-01-01T01:00:00.000001+01:00")).toBe(1);
  expect(floorLabel("1970-01-01T00:00:00.0000019Z")).toBe(1);
  expect(floorLabel("1969-12-31T23:59:59.9999999Z")).toBe(-1);
  expect(floorLabel("1969-12-31T24:00:00Z")).toBe(0);
  expect(floorLabel("1970-01-01T00:00:00")).toBe(0);
  expect(floorLabel("9999-12-31T23:59:59Z")).toBe(Number.MAX_SAFE_INTEGER);
  expect(floorLabel("-4000-01-01T00:00:00Z")).toBe(Number.MIN_SAFE_INTEGER);
  expect(floorLabel("123456-01-01T00:00:00Z")).toBe(Number.MAX_SAFE_INTEGER);
  expect(() => floorLabel("yesterday")).toThrow(RangeError);
});

test("property: a label survives being written, and order is kept", () => {
  const label = fc.integer({ min: Number.MIN_SAFE_INTEGER, max: Number.MAX_SAFE_INTEGER });
  fc.assert(
    fc.property(label, label, (a, b) => {
      expect(floorLabel(formatLabel(a))).toBe(a);
      expect(Math.sign(compareTimestamps(formatLabel(a), formatLabel(b)))).toBe(Math.sign(a - b));
    }),
  );
});
