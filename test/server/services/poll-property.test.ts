import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PollFulfillment, type PollResponse } from "../../../generated/taxii11/index.js";
import { createClient } from "../../../src/client/index.js";
import { create } from "../../../src/message/create.js";
import { addMicroseconds } from "../../../src/message/instant.js";
import { type Clock, memoryStorage, type Storage } from "../../../src/storage/index.js";
import { sqliteStorage } from "../../../src/storage/sql/sqlite.js";
import { asPoll, block, pollRequest } from "../kit.js";
import { asPoll10, type PollKit, pollKit, textsOf10 } from "./poll-kit.js";
import { startsWithHandler } from "./poll-query.js";

/** What happens between two requests of the poller: blocks that arrive, old ones that are removed, a clock that jumps. */
const events = fc.record({
  arriving: fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 30 })), { maxLength: 6 }),
  purged: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 6 }),
  jump: fc.integer({ min: -5000, max: 20 }),
});
type Events = typeof events extends fc.Arbitrary<infer E> ? E : never;

const schedule = fc.record({
  first: events,
  rest: fc.array(events, { maxLength: 25 }),
  maxBlocks: fc.integer({ min: 1, max: 7 }),
  maxSize: fc.integer({ min: 1, max: 200 }),
  maxScanned: fc.integer({ min: 1, max: 12 }),
  queried: fc.boolean(),
});
type Schedule = typeof schedule extends fc.Arbitrary<infer S> ? S : never;

type OpenStorage = (clock: Clock) => Storage;

const storages: readonly (readonly [string, OpenStorage])[] = [
  ["memory", (clock) => memoryStorage({ clock })],
  ["SQLite", (clock) => sqliteStorage(":memory:", { clock })],
];

const startsWith = startsWithHandler();

/** A feed that changes by a schedule, and what a poller has to get of it. */
class Model {
  readonly #kit: PollKit;
  readonly #clock: { now: number };
  readonly #rest: Events[];
  /** Every block that ever arrived. */
  readonly #all: { readonly text: string; readonly label: number }[] = [];
  #purged = Number.NEGATIVE_INFINITY;
  #events = 0;

  private constructor(kit: PollKit, clock: { now: number }, rest: readonly Events[]) {
    this.#kit = kit;
    this.#clock = clock;
    this.#rest = [...rest];
  }

  static async of({ first, rest, queried: _, ...limits }: Schedule, open: OpenStorage): Promise<{ kit: PollKit; model: Model }> {
    const clock = { now: Date.parse("2026-05-01T12:00:00Z") };
    const storage = open(() => clock.now);
    const kit = await pollKit({ ...limits, queries: [startsWith] }, { storage }, { clock: () => clock.now });
    const model = new Model(kit, clock, rest);
    await model.#happen(first);
    return { kit, model };
  }

  /** Lets the next events happen, if there are any left. */
  async next(): Promise<void> {
    const some = this.#rest.shift();
    if (some !== undefined) await this.#happen(some);
  }

  /** Polls, with events in between, until nothing happens any more; `poll` says whether there may be more all the same. */
  async pollOn(poll: () => Promise<boolean>): Promise<void> {
    for (let before = -1, more = true; more || this.#events !== before; ) {
      before = this.#events;
      more = await poll();
      await this.next();
    }
  }

  /** Checks what a poller got, of the blocks that start with `start`: each once and in order, and all that was not removed. */
  check(texts: readonly string[], start: string): void {
    const wanted = this.#all.filter(({ text }) => text.startsWith(start));
    const got = new Set(texts);
    expect(texts).toEqual(wanted.filter(({ text }) => got.has(text)).map(({ text }) => text));
    const kept = wanted.filter(({ label }) => label > this.#purged);
    expect(kept.filter(({ text }) => !got.has(text))).toEqual([]);
  }

  async #happen({ arriving, purged, jump }: Events): Promise<void> {
    this.#events++;
    this.#clock.now += jump;
    const texts = arriving.map(([wanted, size], index) => `${wanted ? "a" : "b"}${this.#all.length + index} ${"x".repeat(size)}`);
    const labels = texts.length === 0 ? [] : await this.#kit.add("feed", ...texts);
    this.#all.push(...texts.map((text, index) => ({ text, label: labels[index] ?? Number.NaN })));
    const oldest = purged === null ? undefined : this.#all[purged]?.label;
    if (oldest === undefined) return;
    this.#purged = Math.max(this.#purged, oldest);
    await this.#kit.storage.purge({ collection: "feed", until: oldest });
  }
}

const textOf = ({ content }: PollResponse["contentBlocks"][number]): string => ("text" in content ? content.text : content.xml);

describe.each(storages)("in %s, whatever arrives, is removed, and however the clock jumps between requests", (_, open) => {
  it("an incremental poller of TAXII 1.1 gets every block once, in ranges that follow one another [SVC-RANGE-001] [SVC-RANGE-006] [SVC-TS-002] [SVC-MULTI-005] [SVC-MULTI-006] [SVC-MULTI-013]", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (plan) => {
        const { kit, model } = await Model.of(plan, open);
        const pollParameters = plan.queried ? { query: startsWith.query("a") } : {};
        const texts: string[] = [];
        let end: string | undefined;
        await model.pollOn(async () => {
          let response = await kit.poll({ pollParameters, exclusiveBeginTimestamp: end });
          for (let part = 1; ; part++) {
            expect([response.resultPartNumber, response.exclusiveBeginTimestamp]).toEqual([part, end]);
            end = response.inclusiveEndTimestamp;
            expect(response.recordCount?.value).toBeGreaterThanOrEqual(response.contentBlocks.length);
            texts.push(...response.contentBlocks.map(textOf));
            if (!response.more) return false;
            await model.next();
            const { resultId = "", collectionName } = response;
            const request = create(PollFulfillment, { collectionName, resultId, resultPartNumber: part + 1 });
            response = asPoll(await kit.askAs(undefined, request));
          }
        });
        model.check(texts, plan.queried ? "a" : "");
        expect(kit.failures).toEqual([]);
        await kit.storage.close();
      }),
      { numRuns: 40 },
    );
  });

  it("an incremental poller of TAXII 1.0 does as well [VER-X-008] [VER-X-009] [SVC-RANGE-001] [SVC-RANGE-006]", async () => {
    await fc.assert(
      fc.asyncProperty(schedule, async (plan) => {
        const { kit, model } = await Model.of(plan, open);
        const texts: string[] = [];
        let end: string | undefined;
        await model.pollOn(async () => {
          const response = asPoll10(await kit.poll10({ exclusiveBeginTimestamp: end }));
          expect(response.inclusiveBeginTimestamp).toBe(end === undefined ? undefined : addMicroseconds(end, 1n));
          end = response.inclusiveEndTimestamp;
          texts.push(...textsOf10(response));
          return response.contentBlocks.length > 0;
        });
        model.check(texts, "");
        await kit.storage.close();
      }),
      { numRuns: 40 },
    );
  });

  it.each(["1.1", "1.0"] as const)("so does the client of this package, in TAXII %s [SVC-RANGE-001]", async (version) => {
    await fc.assert(
      fc.asyncProperty(schedule, async (plan) => {
        const { kit, model } = await Model.of(plan, open);
        const client = createClient("http://taxii.test/poll", { fetch: kit.server.fetch, version, endpoint: "service" });
        const query = plan.queried && version === "1.1" ? startsWith.query("a") : undefined;
        const texts: string[] = [];
        let after: string | undefined;
        await model.pollOn(async () => {
          const polled = client.poll("feed", { after, query });
          for await (const received of polled) {
            texts.push(textOf(received));
            if (texts.length % 3 === 0) await model.next();
          }
          after = polled.end ?? after;
          return false;
        });
        model.check(texts, query === undefined ? "" : "a");
        await kit.storage.close();
      }),
      { numRuns: 20 },
    );
  });

  it("two parts of one poll are the same whoever asks first, on two servers of one storage [SVC-MULTI-008]", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 }), async (numbers) => {
        const storage = open(Date.now);
        const kit = await pollKit({ maxBlocks: 3 }, { storage });
        const other = await pollKit({ maxBlocks: 2 }, { storage });
        await kit.add("feed", ...Array.from({ length: 25 }, (_, index) => block(`${index}`)));
        const { resultId } = asPoll(await kit.askAs(undefined, pollRequest()));
        const replies = await Promise.all(numbers.map((number, index) => (index % 2 === 0 ? kit : other).fulfil(resultId, number)));
        const again = await Promise.all(numbers.map((number) => kit.fulfil(resultId, number)));
        const said = ({ messageId: _, inResponseTo: __, ...rest }: PollResponse) => rest;
        expect(replies.map((reply) => said(asPoll(reply)))).toEqual(again.map((reply) => said(asPoll(reply))));
        await storage.close();
      }),
      { numRuns: 20 },
    );
  });
});
