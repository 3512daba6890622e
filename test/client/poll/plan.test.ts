import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { halvesOf, Plan, type Range, windows } from "../../../src/client/poll/plan.js";
import { addMicroseconds, fromMicroseconds, toMicroseconds } from "../../../src/message/instant.js";
import { noon } from "./kit.js";

const range = (after: string | undefined, before: string | undefined, continues = false): Range => ({
  after,
  before,
  continues,
  counted: false,
});
const label = fc.integer({ min: 0, max: noon * 1000 }).map((microseconds) => fromMicroseconds(BigInt(microseconds)));

describe("windows", () => {
  it("follow one another to the end that was asked for", () => {
    const list = [...windows("2026-01-01T00:00:00+01:00", "2026-01-01T12:00:00Z", 21_600_000_000n, noon)];
    expect(list).toEqual([
      range("2026-01-01T00:00:00+01:00", "2026-01-01T05:00:00Z"),
      range("2026-01-01T05:00:00Z", "2026-01-01T11:00:00Z", true),
      range("2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z", true),
    ]);
  });

  it("go to now; the last one, near now, has no end", () => {
    const list = [...windows("2026-01-02T00:00:00Z", undefined, 7_200_000_000n, noon)];
    expect(list).toHaveLength(6);
    expect(list.at(-2)?.before).toBe("2026-01-02T10:00:00Z");
    expect(list.at(-1)).toEqual(range("2026-01-02T10:00:00Z", undefined, true));
    // A window that ends less than five minutes before now is the last one.
    const narrow = [...windows("2026-01-02T11:54:00Z", undefined, 30_000_000n, noon)];
    expect(narrow.at(-1)).toEqual(range("2026-01-02T11:54:30Z", undefined, true));
    expect([...windows("2026-01-03T00:00:00Z", undefined, 1n, noon)]).toEqual([range("2026-01-03T00:00:00Z", undefined)]);
  });

  it("with an end still to come are one behind now", () => {
    const list = [...windows("2026-01-02T11:00:00Z", "2027-01-01T00:00:00Z", 1_800_000_000n, noon)];
    expect(list.map(({ before }) => before)).toEqual(["2026-01-02T11:30:00Z", "2027-01-01T00:00:00Z"]);
  });

  it("leave no gap and have no overlap", () => {
    fc.assert(
      fc.property(label, fc.bigInt({ min: 1n, max: 10n ** 15n }), fc.integer({ min: 1, max: 50 }), (after, width, count) => {
        const before = addMicroseconds(after, width * BigInt(count));
        const list = [...windows(after, before, width, Date.UTC(9000, 0))];
        expect(list).toHaveLength(count);
        expect([list[0]?.after, list.at(-1)?.before]).toEqual([after, before]);
        for (const [index, { after: begin }] of list.entries()) if (index > 0) expect(begin).toBe(list[index - 1]?.before);
      }),
    );
  });
});

describe("halves", () => {
  it("meet in the middle and together are the whole", () => {
    fc.assert(
      fc.property(label, fc.bigInt({ min: 2_000_000n, max: 10n ** 15n }), (after, width) => {
        const before = addMicroseconds(after, width);
        const [first, second] = halvesOf({ ...range(after, before), counted: true }, noon) ?? [];
        expect(first).toEqual({ ...range(after, first?.before), counted: true });
        expect(second).toEqual({ ...range(first?.before, before, true), counted: true });
        const middle = toMicroseconds(first?.before ?? "");
        // At a whole second, where there is one in the first half: some producers take no others.
        const off = width / 2n - (middle - toMicroseconds(after));
        expect([off >= 0n && off < 1_000_000n, off === 0n || middle % 1_000_000n === 0n, middle > toMicroseconds(after)]).toEqual(
          Array(3).fill(true),
        );
      }),
    );
  });

  it("of a range without end are divided before now, and the second has no end either", () => {
    expect(halvesOf(range("2026-01-02T00:00:00Z", undefined), noon)).toEqual([
      range("2026-01-02T00:00:00Z", "2026-01-02T06:00:00Z"),
      range("2026-01-02T06:00:00Z", undefined, true),
    ]);
  });

  it("are at least a second long, and need a beginning", () => {
    expect(halvesOf(range("2026-01-02T00:00:00Z", "2026-01-02T00:00:01.999999Z"), noon)).toBeUndefined();
    expect(halvesOf(range(undefined, "2026-01-02T00:00:00Z"), noon)).toBeUndefined();
    expect(halvesOf(range("2026-02-02T00:00:00Z", undefined), noon)).toBeUndefined();
  });
});

describe("a plan", () => {
  it("gives what was put in before the others, in its order, until it is ended", () => {
    const [a, b, c, d] = ["a", "b", "c", "d"].map((before) => range(undefined, before));
    if (a === undefined || b === undefined || c === undefined || d === undefined) throw new Error();
    const plan = new Plan([a, d]);
    expect(plan.next()).toBe(a);
    plan.insert(b, c);
    expect([plan.next(), plan.next(), plan.next(), plan.next()]).toEqual([b, c, d, undefined]);
    const ended = new Plan([a, b]);
    ended.insert(c);
    ended.end();
    expect(ended.next()).toBeUndefined();
  });
});
