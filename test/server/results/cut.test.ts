import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../../src/binding/content.js";
import {
  blocksOfRange,
  type ContentRange,
  type Cut,
  type CutOptions,
  countRange,
  cut,
  measure,
} from "../../../src/server/results/index.js";
import { type Feed, feedOf, type Item } from "./feed.js";

const whole: ContentRange = {
  collection: { name: "urn:feed", type: "DATA_FEED" },
  after: undefined,
  until: 1_000_000,
  contentBindings: [],
};
const limits = { maxBlocks: 10, maxSize: 1000, maxScanned: 50 };
const isWantedText = (text: string): boolean => text.startsWith("+");
const isWanted = ({ content }: ContentBlock): boolean => isWantedText(charactersOf(content));

const numbered = (count: number, step = 1): Item[] =>
  Array.from({ length: count }, (_, index) => ({ label: (index + 1) * step, text: "+" }));

/** All parts of a range. */
async function cutAll(feed: Feed, options: CutOptions, between: (feed: Feed) => void = () => undefined): Promise<Cut[]> {
  const cuts: Cut[] = [];
  for (let after: number | undefined; cuts.at(-1)?.last !== true; after = cuts.at(-1)?.until) {
    cuts.push(await cut(feed, { ...whole, after }, options));
    between(feed);
  }
  return cuts;
}

async function textsBetween(feed: Feed, after: number | undefined, until: number, predicate?: CutOptions["predicate"]): Promise<string[]> {
  const texts: string[] = [];
  for await (const { content } of blocksOfRange(feed, { ...whole, after, until }, predicate)) texts.push(charactersOf(content));
  return texts;
}

describe("a cut", () => {
  it("is the whole range when that is small enough, without reading content", async () => {
    const feed = feedOf(numbered(10));
    expect(await cut(feed, whole, { limits })).toEqual({ until: whole.until, last: true, blocks: 10, scanned: 10, content: undefined });
    expect(feed.read).toEqual({ keys: 10, content: 0 });
    expect(await cut(feedOf([]), whole, { limits })).toMatchObject({ last: true, blocks: 0, content: [] });
  });

  it("looks at no more keys than a part has, and one", async () => {
    const feed = feedOf(numbered(1000));
    expect(await cut(feed, whole, { limits })).toMatchObject({ until: 10, last: false, blocks: 10 });
    expect(feed.read).toEqual({ keys: 11, content: 0 });
  });

  it("ends before the block that makes the part too big, but has one", async () => {
    const feed = feedOf([
      { label: 1, text: "+".repeat(600) },
      { label: 2, text: "+".repeat(400) },
      { label: 3, text: "+" },
      { label: 4, text: "+".repeat(5000) },
      { label: 5, text: "+" },
    ]);
    const ends = [2, 3, 4, whole.until];
    expect((await cutAll(feed, { limits })).map(({ until }) => until)).toEqual(ends);
    expect((await cutAll(feed, { limits, predicate: isWanted })).map(({ until }) => until)).toEqual(ends);
  });

  it("keeps fifteen blocks of one label together though ten are the limit [SVC-MULTI-005]", async () => {
    const batch = Array.from({ length: 15 }, () => ({ label: 5, text: "+" }));
    const feed = feedOf([...numbered(3), ...batch, { label: 6, text: "+" }]);
    for (const predicate of [undefined, isWanted]) {
      const cuts = await cutAll(feed, { limits, predicate });
      expect(cuts.map(({ until, blocks }) => [until, blocks])).toEqual([
        [3, 3],
        [5, 15],
        [whole.until, 1],
      ]);
    }
    expect(await cut(feedOf(batch), whole, { limits })).toMatchObject({ until: whole.until, last: true, blocks: 15 });
  });

  it("announces no part that nothing is in [SVC-MULTI-004]", async () => {
    expect(await cutAll(feedOf(numbered(20)), { limits })).toHaveLength(2);
    const padded = [...numbered(10), ...Array.from({ length: 15 }, (_, index) => ({ label: 100 + index, text: "-" }))];
    expect(await cutAll(feedOf(padded), { limits, predicate: isWanted })).toMatchObject([{ blocks: 10, last: true, scanned: 25 }]);
  });

  it("evaluates a query for so many blocks only, also when none matches [SVC-MULTI-006]", async () => {
    const feed = feedOf(Array.from({ length: 120 }, (_, index) => ({ label: index + 1, text: index === 119 ? "+" : "-" })));
    const cuts = await cutAll(feed, { limits, predicate: isWanted });
    expect(cuts.map(({ until, blocks, last }) => [until, blocks, last])).toEqual([
      [50, 0, false],
      [100, 0, false],
      [whole.until, 1, true],
    ]);
    expect(feed.read.content).toBeLessThanOrEqual(122);
  });

  it("brings the blocks along that a query had to read, when they are few", async () => {
    const few = await cut(feedOf(numbered(30)), whole, { limits, predicate: isWanted });
    expect(few.content?.map(({ label }) => label)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    const large = feedOf(Array.from({ length: 5 }, (_, index) => ({ label: index + 1, text: "+".repeat(300_000) })));
    const many = await cut(large, whole, { limits: { ...limits, maxSize: 10_000_000 }, predicate: isWanted });
    expect(many).toMatchObject({ blocks: 5, last: true, content: undefined });
  });

  it("ends with its signal", async () => {
    const stop = new AbortController();
    const predicate = (): boolean => {
      stop.abort(new Error("enough"));
      return true;
    };
    const feed = feedOf(numbered(30));
    await expect(cut(feed, whole, { limits, predicate, signal: stop.signal })).rejects.toThrow("enough");
    expect(feed.read.content).toBe(2);
  });

  const items = fc
    .array(fc.record({ gap: fc.integer({ min: 0, max: 3 }), size: fc.integer({ min: 0, max: 30 }), wanted: fc.boolean() }), {
      maxLength: 60,
    })
    .map((steps) => {
      let label = 0;
      return steps.map(({ gap, size, wanted }, index): Item => {
        label += gap;
        return { label, text: `${wanted ? "+" : "-"}${index} ${"x".repeat(size)}` };
      });
    });

  it("and those behind it have every block once, in contiguous ranges, each label in one of them, whatever is deleted meanwhile [SVC-MULTI-002] [SVC-MULTI-005] [SVC-MULTI-006] [SVC-MULTI-013]", async () => {
    await fc.assert(
      fc.asyncProperty(
        items,
        fc.record({
          maxBlocks: fc.integer({ min: 1, max: 12 }),
          maxSize: fc.integer({ min: 1, max: 200 }),
          maxScanned: fc.integer({ min: 1, max: 20 }),
        }),
        fc.boolean(),
        async (all, partLimits, queried) => {
          const predicate = queried ? isWanted : undefined;
          const feed = feedOf(all);
          const cuts = await cutAll(feed, { limits: partLimits, predicate });
          const parts: string[][] = [];
          for (const [index, { until }] of cuts.entries()) parts.push(await textsBetween(feed, cuts[index - 1]?.until, until, predicate));
          expect(parts.flat()).toEqual(all.filter(({ text }) => !queried || isWantedText(text)).map(({ text }) => text));
          expect(cuts.map(({ blocks }) => blocks)).toEqual(parts.map(({ length }) => length));
          for (const [index, { until, content }] of cuts.entries()) {
            expect(until).toBeGreaterThan(cuts[index - 1]?.until ?? -1);
            if (content !== undefined) expect(content.map(({ block }) => charactersOf(block.content))).toEqual(parts[index]);
            const wanted = all.filter(({ text }) => !queried || isWantedText(text));
            const labels = new Set(
              wanted.map(({ label }) => label).filter((label) => label > (cuts[index - 1]?.until ?? -1) && label <= until),
            );
            if (labels.size > 1) expect(parts[index]?.length).toBeLessThanOrEqual(partLimits.maxBlocks);
          }
          // A purge between two cuts shifts nothing into or out of what was cut.
          const purged = feedOf(all);
          let gone = 0;
          const ends = (
            await cutAll(purged, { limits: partLimits, predicate }, (now) => {
              gone++;
              now.items = now.items.filter(({ label }) => label > gone);
            })
          ).map(({ until }) => until);
          expect(ends).toEqual([...new Set(ends)].sort((a, b) => a - b));
          expect(ends.at(-1)).toBe(whole.until);
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a count", () => {
  it("is exact up to the limit, and a lower bound beyond [SVC-POLL-013]", async () => {
    const feed = feedOf(numbered(20));
    expect(await countRange(feed, whole, { limits }, 20)).toEqual({ value: 20, partial: false });
    expect(await countRange(feed, whole, { limits }, 19)).toEqual({ value: 20, partial: true });
    expect(await countRange(feed, whole, { limits }, 5)).toEqual({ value: 6, partial: true });
  });

  it("has what matches a query, among so many blocks [QRY-GEN-006]", async () => {
    const half = numbered(50).map((item, index) => (index % 2 === 0 ? item : { ...item, text: "-" }));
    expect(await countRange(feedOf(half), whole, { limits, predicate: isWanted }, 5)).toEqual({ value: 25, partial: false });
    const more = feedOf([...half, { label: 51, text: "-" }]);
    expect(await countRange(more, whole, { limits, predicate: isWanted }, 5)).toEqual({ value: 25, partial: true });
    expect(await measure(more, whole, { predicate: isWanted })).toMatchObject({ blocks: 25 });
    expect(await measure(more, whole, {})).toEqual({ blocks: 51, content: undefined });
  });
});
