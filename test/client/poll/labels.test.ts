import fc from "fast-check";
import { expect, it } from "vitest";
import { compareInstants } from "../../../src/binding/datetime.js";
import { isLater, laterOf, orderOf } from "../../../src/client/poll/labels.js";

const two = (max: number) => fc.integer({ min: 0, max }).map((n) => String(n).padStart(2, "0"));
const label = fc
  .tuple(
    fc.constantFrom("2025", "2026", "10000", "-0001"),
    fc.constantFrom("01-01", "01-02"),
    fc.oneof(
      fc.tuple(two(23), two(1), two(1)).map((time) => time.join(":")),
      fc.constant("24:00:00"),
    ),
    fc.constantFrom("", ".0", ".1", ".10", ".000001"),
    fc.constantFrom("Z", "", "+00:00", "+01:00"),
  )
  .map(([year, date, time, fraction, zone]) => `${year}-${date}T${time}${fraction}${zone}`);

it("labels are in the order of their instants, however they are written [XML-TS-006]", () => {
  fc.assert(
    fc.property(label, label, (a, b) => {
      fc.pre(!(a.includes("T24") && /\.\d*[1-9]/.test(a)) && !(b.includes("T24") && /\.\d*[1-9]/.test(b)));
      expect(Math.sign(orderOf(a, b) ?? Number.NaN)).toBe(Math.sign(compareInstants(a, b) ?? Number.NaN));
      expect(isLater(a, b)).toBe((compareInstants(a, b) ?? 0) > 0);
      expect(laterOf(a, b)).toBe(isLater(b, a) ? b : a);
    }),
    { numRuns: 3000 },
  );
});

it("what is no label decides nothing", () => {
  expect(orderOf("now", "2026-01-01T00:00:00Z")).toBeUndefined();
  expect([isLater("now", "then"), laterOf("now", "2026-01-01T00:00:00Z")]).toEqual([false, "now"]);
  expect([laterOf(undefined, "a"), laterOf("a", undefined), laterOf(undefined, undefined)]).toEqual(["a", "a", undefined]);
});
