import { afterEach, describe, expect, it, vi } from "vitest";
import { type ContentBlock as Block, ContentBlock } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../../src/binding/content.js";
import { create } from "../../../src/message/create.js";
import type { QueryHandler } from "../../../src/server/query.js";
import { blocksOfPart, type ResultFailure, ResultMaker, type ResultMakerOptions } from "../../../src/server/results/index.js";
import { memoryStorage, type ResultPart, type ResultSetInit, type Storage, StorageError } from "../../../src/storage/index.js";
import { collectLists } from "../../support/collect.js";
import { eventually } from "../../support/eventually.js";

const day = 86_400_000;
const formatId = "urn:example:query";

/** Matches texts that begin with `a`; `during` runs before each block. */
function handler(during: (block: Block) => void | Promise<void> = () => undefined): QueryHandler {
  return {
    formatId,
    supported: () => [],
    prepare: () => async (block) => {
      await during(block);
      return charactersOf(block.content).startsWith("a");
    },
  };
}

interface Setting {
  readonly storage: Storage;
  readonly clock: { now: number };
  pending(init?: Partial<ResultSetInit>): Promise<string>;
  maker(options?: Partial<ResultMakerOptions>): ResultMaker;
  readonly failures: ResultFailure[];
  readonly made: string[];
}

const makers: ResultMaker[] = [];
afterEach(async () => {
  for (const maker of makers.splice(0)) await maker.stop();
});

async function setting(texts: readonly string[]): Promise<Setting> {
  const clock = { now: Date.parse("2026-05-01T12:00:00Z") };
  const storage = memoryStorage({ clock: () => clock.now });
  await storage.putCollection({ name: "feed" });
  await storage.add(
    texts.map((text) => ({
      block: create(ContentBlock, { contentBinding: { bindingId: "urn:stix" }, content: { text } }),
      collections: ["feed"],
    })),
  );
  const failures: ResultFailure[] = [];
  const made: string[] = [];
  return {
    storage,
    clock,
    failures,
    made,
    pending: async (init = {}) => {
      const until = await storage.horizon();
      const id = `urn:uuid:${crypto.randomUUID()}`;
      const whole: ResultSetInit = {
        id,
        owner: "",
        collection: "feed",
        subscriptionId: undefined,
        version: "1.1",
        after: undefined,
        until,
        stated: { begin: undefined, end: "2026-05-01T12:00:00Z" },
        contentBindings: [],
        query: undefined,
        responseType: "FULL",
        state: "PENDING",
        count: undefined,
        push: undefined,
        expires: clock.now + day,
        ...init,
      };
      await storage.results.create(whole, [], 100);
      return id;
    },
    maker: (options = {}) => {
      const maker = new ResultMaker({
        storage,
        interval: 2,
        now: () => clock.now,
        limits: { maxBlocks: 2 },
        onFailure: (failure) => failures.push(failure),
        onMade: ({ id }) => made.push(id),
        ...options,
      });
      makers.push(maker);
      return maker;
    },
  };
}

async function partsOf(storage: Storage, id: string): Promise<ResultPart[]> {
  const parts: ResultPart[] = [];
  for (let number = 1; ; number++) {
    const part = await storage.results.part(id, number);
    if (part === undefined) return parts;
    parts.push(part);
  }
}

async function textsOf(storage: Storage, id: string): Promise<string[][]> {
  const result = await storage.results.get(id);
  if (result === undefined) throw new Error(`there is no result ${id}`);
  const texts: string[][] = [];
  for (const part of await partsOf(storage, id)) {
    const own: string[] = [];
    for await (const { content, timestampLabel } of blocksOfPart(storage, result, part)) {
      expect(timestampLabel === undefined).toBe(result.stated === undefined);
      own.push(charactersOf(content));
    }
    texts.push(own);
  }
  return texts;
}

const texts = (count: number): string[] => Array.from({ length: count }, (_, index) => `a${index + 1}`);

describe("a maker", () => {
  it("cuts all parts, counts exactly, and says so [SVC-ASYNC-008] [SVC-MULTI-005]", async () => {
    const { storage, pending, maker, made } = await setting(texts(5));
    const [feed, set] = [await pending(), await pending({ stated: undefined })];
    maker().start();
    await eventually(() => made).toEqual([feed, set]);
    for (const id of [feed, set]) {
      expect(await storage.results.get(id)).toMatchObject({ state: "READY", count: { value: 5, partial: false }, error: undefined });
      expect(await textsOf(storage, id)).toEqual([["a1", "a2"], ["a3", "a4"], ["a5"]]);
      expect((await partsOf(storage, id)).map(({ last }) => last)).toEqual([false, false, true]);
    }
  });

  it("makes what comes later when it is woken, long before its next look", async () => {
    const { pending, maker, made } = await setting(texts(1));
    const worker = maker({ interval: day });
    worker.start();
    await new Promise((resolve) => setTimeout(resolve, 5));
    const id = await pending();
    worker.wake();
    await eventually(() => made).toEqual([id]);
  });

  it("evaluates queries by the handlers of the collection [QRY-GEN-006]", async () => {
    const { storage, pending, maker, made } = await setting(["a1", "b2", "a3", "b4", "a5"]);
    const query = { formatId, content: { text: "" } };
    const ids = [await pending({ query }), await pending({ query, responseType: "COUNT_ONLY" })];
    maker({ handlersFor: ({ name }) => (name === "feed" ? [handler()] : []) }).start();
    await eventually(() => made).toEqual(ids);
    for (const id of ids) expect((await storage.results.get(id))?.count).toEqual({ value: 3, partial: false });
    expect((await partsOf(storage, ids[0] ?? "")).length).toBe(2);
    expect((await partsOf(storage, ids[1] ?? "")).map(({ last }) => last)).toEqual([true]);
  });

  it("notes why a result cannot be made, reports it, and goes on with others [SVC-ASYNC-006]", async () => {
    const { storage, pending, maker, made, failures } = await setting(texts(1));
    const unknown = await pending({ query: { formatId: "urn:other", content: { text: "" } } });
    const broken = await pending({ query: { formatId, content: { text: "" } } });
    const good = await pending();
    const failing = handler(() => {
      throw new Error("broken handler");
    });
    maker({ handlersFor: () => [failing] }).start();
    await eventually(() => made).toEqual([unknown, broken, good]);
    expect(await storage.results.get(unknown)).toMatchObject({ state: "FAILED", error: expect.stringContaining("urn:other") });
    expect(await storage.results.get(broken)).toMatchObject({ state: "FAILED", error: "broken handler" });
    expect(await storage.results.get(good)).toMatchObject({ state: "READY" });
    expect(failures.map(({ resultId }) => resultId)).toEqual([unknown, broken]);
  });

  it("tries again when the storage was away", async () => {
    const { storage, pending, maker, made, failures } = await setting(texts(3));
    const id = await pending();
    const keys = vi.spyOn(storage, "keys");
    const away = (): never => {
      throw new StorageError("UNAVAILABLE", "the database went away");
    };
    for (let times = 0; times < 3; times++) keys.mockImplementationOnce(away);
    maker().start();
    await eventually(() => made).toEqual([id]);
    expect(failures).toHaveLength(3);
    expect(await textsOf(storage, id)).toEqual([["a1", "a2"], ["a3"]]);
  });

  it("gives its result back when it stops; another one goes on with the same parts", async () => {
    const { storage, pending, maker, made, failures } = await setting(texts(6));
    const id = await pending({ query: { formatId, content: { text: "" } } });
    let seen = 0;
    let stopped: Promise<void> | undefined;
    const stopping = handler(() => {
      // The third block ends the first part; the fourth time is the first block of the second.
      if (++seen === 4) stopped = first.stop();
    });
    const first = maker({ handlersFor: () => [stopping] });
    first.start();
    await eventually(() => stopped !== undefined).toBe(true);
    await stopped;
    const begun = await partsOf(storage, id);
    expect([begun.length, made, failures]).toEqual([1, [], []]);
    maker({ handlersFor: () => [handler()] }).start();
    await eventually(() => made).toEqual([id]);
    expect((await partsOf(storage, id)).slice(0, 1)).toEqual(begun);
    expect(await storage.results.get(id)).toMatchObject({ state: "READY", count: { value: 6, partial: false } });
  });

  it("takes a result over when the one that made it is gone, once the lease has run out", async () => {
    const { storage, clock, pending, maker, made } = await setting(texts(5));
    const id = await pending();
    const dead = { worker: "dead", until: clock.now + 60_000 };
    expect((await storage.results.claimPending({ lease: dead, now: clock.now }))?.id).toBe(id);
    const until = (await collectLists(storage.keys({ collection: "feed" }, 3)))[2]?.label ?? 0;
    await storage.results.addPart(id, { number: 1, after: undefined, until, last: false });
    const worker = maker();
    worker.start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(made).toEqual([]);
    clock.now += 60_000;
    await eventually(() => made).toEqual([id]);
    expect(await textsOf(storage, id)).toEqual([
      ["a1", "a2", "a3"],
      ["a4", "a5"],
    ]);
    expect((await storage.results.get(id))?.count).toEqual({ value: 5, partial: false });
  });

  it("renews its lease while it works, and lets go of what is somebody else's now", async () => {
    const { storage, clock, pending, maker, made, failures } = await setting(texts(2));
    const id = await pending({ query: { formatId, content: { text: "" } } });
    let goOn: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (goOn = resolve));
    let began = false;
    const slow = handler(async () => {
      began = true;
      await held;
    });
    maker({ handlersFor: () => [slow], lease: 30, worker: "slow" }).start();
    await eventually(() => began).toBe(true);
    clock.now += 25;
    await new Promise((resolve) => setTimeout(resolve, 40));
    clock.now += 25;
    const claim = { lease: { worker: "thief", until: clock.now + day }, now: clock.now };
    expect(await storage.results.claimPending(claim)).toBeUndefined();
    // Long enough asleep for the lease to run out.
    clock.now += 1000;
    expect((await storage.results.claimPending({ ...claim, now: clock.now }))?.id).toBe(id);
    await new Promise((resolve) => setTimeout(resolve, 40));
    goOn();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([made, failures]).toEqual([[], []]);
    expect(await storage.results.note(id, "thief", { state: "READY" }, { release: true })).toBe(true);
  });

  it("shares the work with others, each result made once", async () => {
    const { storage, pending, maker, made } = await setting(texts(7));
    const ids: string[] = [];
    for (let index = 0; index < 12; index++) ids.push(await pending({ query: { formatId, content: { text: "" } } }));
    const pause = handler(() => new Promise<void>((resolve) => setTimeout(resolve, 1)));
    for (let index = 0; index < 3; index++) maker({ handlersFor: () => [pause] }).start();
    await eventually(() => made.length).toBe(12);
    expect([...made].sort()).toEqual([...ids].sort());
    for (const id of ids) expect(await textsOf(storage, id)).toEqual([["a1", "a2"], ["a3", "a4"], ["a5", "a6"], ["a7"]]);
  });

  it("removes what has expired", async () => {
    const { storage, clock, pending, maker, made } = await setting([]);
    const id = await pending({ expires: clock.now + 1000 });
    maker().start();
    await eventually(() => made).toEqual([id]);
    const expire = vi.spyOn(storage.results, "expire");
    clock.now += 60_000;
    await eventually(() => expire.mock.settledResults.at(-1)).toEqual({ type: "fulfilled", value: 1 });
  });

  it("does without a collection that is gone", async () => {
    const { storage, pending, maker, made, failures } = await setting(texts(1));
    await pending();
    await storage.removeCollection("feed");
    maker().start();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect([made, failures]).toEqual([[], []]);
  });
});
