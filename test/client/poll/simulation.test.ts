import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { createPoll } from "../../../src/client/poll/poll.js";
import { memoryState } from "../../../src/client/poll/state.js";
import { openBodies, producer, texts } from "./kit.js";
import { Feed, type Habits, label, type Record, well } from "./simulation.js";

afterEach(() => expect(openBodies.size).toBe(0));

const small = fc.nat({ max: 6 });

/** Records in the order of their labels, many of which are shared. */
function records(isShown: fc.Arbitrary<boolean>): fc.Arbitrary<Record[]> {
  return fc.array(fc.record({ at: fc.nat({ max: 30 }), isShown }), { maxLength: 40 }).map((list) =>
    list
      .sort((a, b) => a.at - b.at)
      // Two have the same content, and yet are two.
      .map(({ at, isShown }, index) => ({ text: index < 2 ? "same" : `${index}`, at: at * 1000, isShown })),
  );
}

const habits: fc.Arbitrary<Habits> = fc.record({
  partSizes: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 }),
  pendings: fc.array(fc.nat({ max: 2 }), { maxLength: 4 }),
  breaks: fc.array(small, { maxLength: 12 }),
  keepsSent: fc.boolean(),
  repeatsRange: fc.boolean(),
  namesAll: fc.boolean(),
  shortens: fc.boolean(),
  includesBegin: fc.constant(false),
});

const bounds = fc.record({
  after: fc.option(fc.nat({ max: 15_000 }).map(label), { nil: undefined }),
  before: fc.option(fc.integer({ min: 15_001, max: 31_000 }).map(label), { nil: undefined }),
});

const inside = (list: readonly Record[], after = "", before = "9"): string[] =>
  list.filter(({ at }) => label(at) > after && label(at) <= before).map(({ text }) => text);

const patient = { attempts: Number.POSITIVE_INFINITY };

function pollOf(feed: Feed, options: Parameters<typeof createPoll>[1]) {
  const { context, clock, sent } = producer((request) => feed.answer(request), patient);
  return { poll: createPoll("feed", options, context, clock), sent };
}

async function expectEverything(
  list: Record[],
  does: Habits,
  options: { after?: string | undefined; before?: string | undefined; window?: number },
) {
  const feed = new Feed(list, does);
  const { poll } = pollOf(feed, options);
  expect(await texts(poll)).toEqual(inside(list, options.after, options.before));
  expect(poll.end).toBeDefined();
  expect(await texts(pollOf(new Feed(list, well), { after: poll.end }).poll)).toEqual(inside(list, options.before ?? feed.horizon));
}

test("everything comes once, in order, however labelled content breaks, waits and is cut [SVC-MULTI-014] [SVC-GEN-004] [SVC-ASYNC-003]", async () => {
  await fc.assert(
    fc.asyncProperty(records(fc.constant(true)), habits, bounds, (list, does, range) => expectEverything(list, does, range)),
    { numRuns: 500 },
  );
});

test("labels that not every block has, and blocks without any, lose and repeat nothing", async () => {
  // Where labels do not help, parts have to be given again, and polls answered as before.
  const keeping = habits.map((does) => ({ ...does, keepsSent: true, partSizes: does.partSizes.slice(0, 1) }));
  await fc.assert(
    fc.asyncProperty(records(fc.boolean()), keeping, bounds, (list, does, range) => expectEverything(list, does, range)),
    { numRuns: 300 },
  );
  await fc.assert(
    fc.asyncProperty(records(fc.constant(false)), keeping, bounds, (list, does, range) => expectEverything(list, does, range)),
    { numRuns: 300 },
  );
});

test("windows give the same as all at once", async () => {
  const range = fc.record({
    after: fc.nat({ max: 15_000 }).map(label),
    before: fc.integer({ min: 15_001, max: 31_000 }).map(label),
    window: fc.integer({ min: 1, max: 12 }),
  });
  await fc.assert(
    fc.asyncProperty(records(fc.constant(true)), habits, range, (list, does, options) => expectEverything(list, does, options)),
    { numRuns: 200 },
  );
});

test("a producer that takes the beginning into its ranges does not repeat what this poll had", async () => {
  const including = habits.map((does) => ({ ...does, includesBegin: true, shortens: false }));
  await fc.assert(
    fc.asyncProperty(records(fc.constant(true)), including, async (list, does) => {
      expect(await texts(pollOf(new Feed(list, does), {}).poll)).toEqual(list.map(({ text }) => text));
      const { poll } = pollOf(new Feed(list, does), { after: label(0), before: label(31_000), window: 3 });
      expect(await texts(poll)).toEqual(list.map(({ text }) => text));
    }),
    { numRuns: 200 },
  );
});

test("a producer that always drops the connection is survived as long as something new comes each time", async () => {
  await fc.assert(
    fc.asyncProperty(records(fc.constant(true)), fc.integer({ min: 1, max: 5 }), async (list, most) => {
      const ties = Math.max(0, ...list.map(({ at }) => list.filter((other) => other.at === at).length));
      const feed = new Feed(list, { ...well, breaks: Array.from({ length: 200 }, () => ties + most) });
      const { context, clock } = producer((request) => feed.answer(request), { attempts: 2 });
      expect(await texts(createPoll("feed", {}, context, clock))).toEqual(list.map(({ text }) => text));
    }),
    { numRuns: 200 },
  );
});

test("a consumer that crashes and comes back misses nothing [SVC-POLL-018]", async () => {
  await fc.assert(
    fc.asyncProperty(
      records(fc.constant(true)),
      habits,
      fc.array(small, { maxLength: 8 }),
      fc.boolean(),
      async (list, does, crashes, forgets) => {
        const state = memoryState();
        const given = new Map<string, number>();
        let feed = new Feed(list, { ...does, breaks: [] });
        const run = async (most: number): Promise<void> => {
          let count = 0;
          for await (const { content } of pollOf(feed, { state }).poll) {
            // The block in hand when the consumer crashes is lost to it.
            if (count++ === most) return;
            const text = "text" in content ? content.text : "";
            given.set(text, (given.get(text) ?? 0) + 1);
          }
        };
        for (const most of crashes) {
          await run(most);
          if (forgets) feed = new Feed(list, { ...does, breaks: [] });
        }
        await run(Number.POSITIVE_INFINITY);
        expect([...given.keys()].sort()).toEqual([...new Set(list.map(({ text }) => text))].sort());
        // Everything was taken: there is nothing left.
        expect(await texts(pollOf(feed, { state }).poll)).toEqual([]);
      },
    ),
    { numRuns: 300 },
  );
});
