import fc from "fast-check";
import { expect, test } from "vitest";
import { compareCodePoints, isKeepable, keepable } from "../../../src/storage/records/text.js";

const text = fc.string({ unit: "binary" });
const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes));

test("property: the order of code points is that of the bytes of UTF-8", () => {
  fc.assert(
    fc.property(text, text, (a, b) => {
      expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
    }),
  );
  expect(["\uffff", "\u{10000}", "\ud7ff", "a", "", "ab"].sort(compareCodePoints)).toEqual([
    "",
    "a",
    "ab",
    "\ud7ff",
    "\uffff",
    "\u{10000}",
  ]);
});

test("property: keepable texts survive UTF-8 and have no NUL; the others are made keepable", () => {
  fc.assert(
    fc.property(units, (any) => {
      expect(isKeepable(any)).toBe(Buffer.from(any).toString() === any && !any.includes("\0"));
      expect(isKeepable(keepable(any))).toBe(true);
      if (isKeepable(any)) expect(keepable(any)).toBe(any);
    }),
  );
});
