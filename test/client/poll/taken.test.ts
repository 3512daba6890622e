import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ContentBlock } from "../../../generated/taxii11/index.js";
import { fingerprintOf, followedBy, noBlocks } from "../../../src/client/poll/fingerprint.js";
import { Known, Prefix, Taken } from "../../../src/client/poll/taken.js";
import { create } from "../../../src/message/create.js";
import { block } from "./kit.js";

const day = (n: number): string => `2026-01-${String(n).padStart(2, "0")}T00:00:00Z`;

function taken(...labels: (string | undefined)[]): Taken {
  const result = new Taken();
  for (const [index, label] of labels.entries()) result.add(label, index);
  return result;
}

describe("a fingerprint", () => {
  it("is the same for the same block, and another one for a block that differs in anything that counts", () => {
    const text = fc.string({ maxLength: 20 });
    const blocks = fc.record({
      binding: text,
      subtype: fc.option(text, { nil: undefined }),
      content: text,
      isXml: fc.boolean(),
      label: fc.option(text, { nil: undefined }),
    });
    fc.assert(
      fc.property(blocks, blocks, (a, b) => {
        const make = ({ binding, subtype, content, isXml, label }: typeof a): ContentBlock =>
          create(ContentBlock, {
            contentBinding: { bindingId: binding, subtype: subtype === undefined ? undefined : { subtypeId: subtype } },
            content: isXml ? { xml: content } : { text: content },
            timestampLabel: label,
          });
        // Absent and empty is one and the same; so is text that could be either.
        const key = ({ binding, subtype = "", content, label = "" }: typeof a): string =>
          JSON.stringify([binding, subtype, content, label]);
        expect(fingerprintOf(make(a)) === fingerprintOf(make(b))).toBe(key(a) === key(b));
        expect(Number.isSafeInteger(fingerprintOf(make(a)))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it("is spread over all its bits", () => {
    const all = Array.from({ length: 20_000 }, (_, index) => fingerprintOf(block(`content ${index}`)));
    expect(new Set(all).size).toBe(all.length);
    expect(new Set(all.map((value) => value % 2 ** 26)).size).toBeGreaterThan(all.length * 0.99);
    expect(new Set(all.map((value) => Math.floor(value / 2 ** 27))).size).toBeGreaterThan(all.length * 0.99);
  });

  it("of several blocks depends on their order", () => {
    const [a, b] = [fingerprintOf(block("a")), fingerprintOf(block("b"))];
    expect(followedBy(followedBy(noBlocks, a), b)).not.toBe(followedBy(followedBy(noBlocks, b), a));
  });
});

describe("what was taken", () => {
  it("can be gone on from below the last label, as long as labels are there and in order", () => {
    expect(taken().safePoint).toBeUndefined();
    expect(taken(day(1), day(1)).safePoint).toEqual({ after: undefined, beyond: [0, 1] });
    expect(taken(day(1), day(2), "2026-01-03T01:00:00+01:00", day(3)).safePoint).toEqual({ after: day(2), beyond: [2, 3] });
    expect(taken(day(2), day(1), day(3)).safePoint).toBeUndefined();
    expect(taken(day(1), undefined, day(3)).safePoint).toBeUndefined();
  });

  it("has a latest label in any order, and lies within bounds or not", () => {
    expect(taken(day(2), day(5), undefined, day(3)).latest).toBe(day(5));
    const shuffled = taken(day(3), day(5), day(2));
    expect(shuffled.liesWithin(day(1), day(5))).toBe(true);
    expect(shuffled.liesWithin(undefined, undefined)).toBe(true);
    expect(shuffled.liesWithin(day(2), day(5))).toBe(false);
    expect(shuffled.liesWithin(day(1), day(4))).toBe(false);
    expect(taken(day(3), undefined).liesWithin(undefined, undefined)).toBe(false);
  });

  it("does not remember without limit when all share a label", () => {
    const many = taken(...Array.from({ length: 100_000 }, () => day(1)));
    expect(many.safePoint?.beyond).toHaveLength(100_000);
    many.add(day(1), 7);
    expect(many.safePoint).toBeUndefined();
    expect(many.count).toBe(100_001);
  });
});

describe("what is known", () => {
  it("is each block up to a label, and some behind it as often as they came", () => {
    const known = new Known(day(2), [7, 7, 8]);
    expect([known.takes(day(1), 1), known.takes("2026-01-02T01:00:00+01:00", 1), known.takes(day(3), 1)]).toEqual([true, true, false]);
    expect([known.takes(day(3), 7), known.takes(day(3), 7), known.takes(day(3), 7), known.takes(undefined, 8)]).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(new Known(undefined).takes(day(1), 7)).toBe(false);
  });
});

describe("the beginning of a reply", () => {
  it("is passed over when it comes again, and told from another one", () => {
    const prefix = new Prefix();
    expect([1, 2, 3].map((fingerprint) => prefix.next(fingerprint))).toEqual(["new", "new", "new"]);
    expect([prefix.isWhole, prefix.count]).toEqual([true, 3]);
    prefix.restart();
    expect([1, 2].map((fingerprint) => prefix.next(fingerprint))).toEqual(["known", "known"]);
    expect(prefix.isWhole).toBe(false);
    prefix.restart();
    expect([1, 2, 3, 4].map((fingerprint) => prefix.next(fingerprint))).toEqual(["known", "known", "known", "new"]);
    prefix.restart();
    expect([1, 2, 4, 3].map((fingerprint) => prefix.next(fingerprint))).toEqual(["known", "known", "known", "changed"]);
  });
});
