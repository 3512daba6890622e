/** What every storage of result sets has to do. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isChecked } from "../../src/binding/content.js";
import { xmlContent } from "../../src/codec/fragment.js";
import type { Lease, ResultChange, ResultPart, ResultSet } from "../../src/storage/index.js";
import {
  command,
  expectInvalid,
  fresh,
  holdAgainstModel,
  hostileNames,
  impossibleNames,
  modelTimeout,
  openWorld,
  push,
  type RecordSubject,
  resultInit,
  type World,
} from "./records.js";

interface Entry {
  result: ResultSet;
  readonly parts: ResultPart[];
  lease: Lease | undefined;
  turn: number;
}

/** Result sets, in the order they were made; those that expired until they are removed. */
interface Model {
  entries: Entry[];
  ids: number;
  turns: number;
}

const quota = 3;

const isAlive = ({ result }: Entry, { now }: World): boolean => result.expires > now;

const run = (name: string, work: (model: Model, world: World) => Promise<void>) =>
  command<Model>(name, async (model, world) => {
    await work(model, world);
    for (const entry of model.entries) {
      const expected = isAlive(entry, world) ? entry.result : undefined;
      expect(await world.other.results.get(entry.result.id)).toEqual(expected);
    }
  });

function pick(model: Model, index: number, world: World): { readonly id: string; readonly entry: Entry | undefined } {
  const entry = model.entries[index % Math.max(1, model.entries.length)];
  return { id: entry?.result.id ?? "none", entry: entry !== undefined && isAlive(entry, world) ? entry : undefined };
}

function partOf(number: number, last: boolean, until = number * 10): ResultPart {
  return { number, after: number === 1 ? undefined : (number - 1) * 10, until, last };
}

function isFree({ result, lease }: Entry, { now }: World): boolean {
  return result.expires > now && result.notBefore <= now && (lease === undefined || lease.until <= now);
}

const waits = {
  claimPending: ({ state }: ResultSet) => state === "PENDING",
  claimPush: ({ state, push: target, parked, lastPart, pushed }: ResultSet) =>
    state === "READY" && target !== undefined && !parked && !(lastPart?.last === true && pushed >= lastPart.number),
};

const owner = fc.constantFrom("", "alice");
const collection = fc.constantFrom("a", "b");
const index = fc.nat(9);
const worker = fc.constantFrom("w1", "w2");
const change = fc.record<ResultChange>(
  {
    state: fc.constantFrom("READY", "FAILED"),
    count: fc.option(fc.record({ value: fc.nat(9), partial: fc.boolean() }), { nil: undefined }),
    pushed: fc.nat(3),
    attempts: fc.nat(3),
    error: fc.option(fc.constant("refused"), { nil: undefined }),
    parked: fc.boolean(),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<ResultChange>;

const commands = fc.commands<Model, World, false>(
  [
    fc
      .record({
        owner,
        collection,
        state: fc.constantFrom("PENDING" as const, "READY" as const),
        pushed: fc.boolean(),
        parts: fc.nat(2),
        last: fc.boolean(),
        lifetime: fc.constantFrom(40, 400),
      })
      .map((what) =>
        run(`create ${JSON.stringify(what)}`, async (model, world) => {
          const { pushed, parts: known, last, lifetime, ...rest } = what;
          const target = pushed ? push : undefined;
          const init = resultInit({ ...rest, id: `r${model.ids++}`, expires: world.now + lifetime, push: target });
          const parts = Array.from({ length: known }, (_, at) => partOf(at + 1, last && at === known - 1));
          const made = world.storage.results.create(init, parts, quota);
          const having = model.entries.filter((entry) => entry.result.owner === what.owner && isAlive(entry, world));
          if (having.length >= quota) {
            await expect(made).rejects.toMatchObject({ code: "QUOTA_EXCEEDED" });
            return;
          }
          const counters = { created: world.now, pushed: 0, attempts: 0, notBefore: 0, parked: false };
          const result: ResultSet = { ...init, ...counters, lastPart: parts.at(-1), error: undefined };
          expect(await made).toEqual(result);
          model.entries.push({ result, parts, lease: undefined, turn: 0 });
        }),
      ),
    fc.tuple(index, fc.nat(3)).map(([at, number]) =>
      run(`part ${number} of ${at}`, async (model, world) => {
        const { id, entry } = pick(model, at, world);
        expect(await world.other.results.part(id, number)).toEqual(entry?.parts[number - 1]);
      }),
    ),
    fc.tuple(index, fc.boolean(), fc.boolean()).map(([at, again, last]) =>
      run(`add part to ${at} again: ${again}, last: ${last}`, async (model, world) => {
        const { id, entry } = pick(model, at, world);
        const number = (entry?.parts.length ?? 0) + (again ? 0 : 1);
        if (number === 0) return;
        const part = partOf(number, last, number * 10 - 1);
        const known = entry?.parts[number - 1];
        const added = world.storage.results.addPart(id, part);
        if (known === undefined && entry?.parts.at(-1)?.last === true) {
          await expectInvalid(added, "number");
          return;
        }
        expect(await added).toEqual(known ?? part);
        if (known !== undefined || entry === undefined) return;
        entry.parts.push(part);
        entry.result = { ...entry.result, lastPart: part };
      }),
    ),
    fc.tuple(worker, fc.constantFrom("claimPending" as const, "claimPush" as const)).map(([who, claim]) =>
      run(`${who} ${claim}`, async (model, world) => {
        const [next] = model.entries.filter((entry) => isFree(entry, world) && waits[claim](entry.result)).sort((a, b) => a.turn - b.turn);
        const lease = { worker: who, until: world.now + 30 };
        expect(await world.storage.results[claim]({ lease, now: world.now })).toEqual(next?.result);
        if (next !== undefined) Object.assign(next, { lease, turn: ++model.turns });
      }),
    ),
    fc.tuple(index, worker, change, fc.constantFrom("keep", "release", "renew", "delay")).map(([at, who, some, how]) =>
      run(`${who} notes ${at} ${how} ${JSON.stringify(some)}`, async (model, world) => {
        const { id, entry } = pick(model, at, world);
        const changes = how === "delay" ? { ...some, notBefore: world.now + 20 } : some;
        const until = how === "renew" ? world.now + 90 : undefined;
        const holds = entry?.lease?.worker === who;
        expect(await world.storage.results.note(id, who, changes, { release: how === "release", until })).toBe(holds);
        if (!holds) return;
        entry.result = { ...entry.result, ...changes };
        if (how === "release") entry.lease = undefined;
        else if (until !== undefined) entry.lease = { worker: who, until };
      }),
    ),
    fc.integer({ min: 1, max: 60 }).map((step) =>
      run(`${step} ms later`, async (_, world) => {
        world.now += step;
      }),
    ),
    owner.map((who) =>
      run(`first expiry of "${who}"`, async (model, world) => {
        const times = model.entries
          .filter((entry) => entry.result.owner === who && isAlive(entry, world))
          .map(({ result }) => result.expires);
        expect(await world.storage.results.firstExpiry(who)).toBe(times.sort((a, b) => a - b)[0]);
      }),
    ),
    fc.constant(
      run("counts", async (model, world) => {
        const alive = model.entries.filter((entry) => isAlive(entry, world));
        const of = (state: string): number => alive.filter(({ result }) => result.state === state).length;
        expect(await world.storage.results.counts(world.now)).toEqual({ PENDING: of("PENDING"), READY: of("READY"), FAILED: of("FAILED") });
      }),
    ),
    fc.constant(
      run("expire", async (model, world) => {
        const alive = model.entries.filter((entry) => isAlive(entry, world));
        expect(await world.storage.results.expire(world.now)).toBe(model.entries.length - alive.length);
        model.entries = alive;
      }),
    ),
    index.map((at) =>
      run(`remove ${at}`, async (model, world) => {
        const { id, entry } = pick(model, at, world);
        expect(await world.storage.results.remove(id)).toBe(entry !== undefined);
        if (entry !== undefined) model.entries = model.entries.filter((each) => each !== entry);
      }),
    ),
    collection.map((name) =>
      run(`remove collection ${name}`, async (model, { storage }) => {
        await storage.removeCollection(name);
        await storage.putCollection({ name });
        model.entries = model.entries.filter(({ result }) => result.collection !== name);
      }),
    ),
    fc.constant(
      run("remove account", async (model, { storage: { directory } }) => {
        const account = { name: "alice", passwordHash: undefined, admin: false, disabled: false, permissions: {}, certificates: [] };
        await directory.putAccount(account);
        await directory.removeAccount("alice");
        model.entries = model.entries.filter(({ result }) => result.owner !== "alice");
      }),
    ),
  ],
  { maxCommands: 40, size: "+1" },
);

export function resultsSuite(name: string, subject: RecordSubject): void {
  describe(`result sets: ${name}`, () => {
    const open = openWorld(subject);

    async function filled(): Promise<World> {
      const world = open();
      await fresh(world);
      await world.storage.results.expire(Number.MAX_SAFE_INTEGER);
      return world;
    }

    test(
      "property: they behave as a simple model does",
      async () => {
        await filled();
        await holdAgainstModel(open(), commands, () => ({ entries: [], ids: 0, turns: 0 }));
      },
      modelTimeout,
    );

    test("all that is known of a result set comes back", async () => {
      const { storage, other, now } = await filled();
      const init = resultInit({
        id: "one",
        expires: now + 100,
        subscriptionId: "urn:uuid:1",
        version: "1.0",
        after: 5,
        until: Number.MAX_SAFE_INTEGER,
        stated: { begin: "2024-01-01T00:00:00.000001+01:00", end: "2024-01-02T00:00:00Z" },
        contentBindings: [{ bindingId: "urn:x", subtypes: [{ subtypeId: "urn:s" }] }],
        query: { formatId: "urn:q", content: xmlContent("<a b='&lt;'><![CDATA[<]]></a> and text") },
        responseType: "COUNT_ONLY",
        limits: { maxBlocks: 3, maxSize: 4 },
        state: "PENDING",
        count: { value: 7, partial: true },
        push,
      });
      const parts = [partOf(1, false), partOf(2, true)];
      const made = await storage.results.create(init, parts, 1);
      expect(made).toMatchObject({ ...init, lastPart: parts[1], created: now });
      const stored = await other.results.get("one");
      expect(stored).toEqual(made);
      expect(stored?.query !== undefined && "xml" in stored.query.content && isChecked(stored.query.content)).toBe(true);
      await storage.results.create(
        resultInit({ id: "two", owner: "bob", expires: now + 100, stated: { begin: undefined, end: "2024-01-02T00:00:00Z" } }),
        [],
        1,
      );
      expect((await other.results.get("two"))?.stated).toEqual({ begin: undefined, end: "2024-01-02T00:00:00Z" });
    });

    test("a query that cannot be put into a message is refused", async () => {
      const { storage, now } = await filled();
      const query = { formatId: "urn:q", content: { xml: "<a>" } };
      await expectInvalid(storage.results.create(resultInit({ id: "one", expires: now + 100, query }), [], 1), "query.content");
      expect(await storage.results.get("one")).toBeUndefined();
    });

    test("the quota holds when many are made at once", async () => {
      const { storage, other, now } = await filled();
      const asked = Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? storage : other).results.create(resultInit({ id: `r${at}`, expires: now + 100 }), [], 5),
      );
      const answers = await Promise.allSettled(asked);
      expect(answers.filter(({ status }) => status === "fulfilled")).toHaveLength(5);
      for (const answer of answers) {
        if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "QUOTA_EXCEEDED" });
      }
      expect(await storage.results.counts(now)).toMatchObject({ READY: 5 });
      await storage.results.create(resultInit({ id: "other", owner: "bob", expires: now + 100 }), [], 1);
    });

    test("[SVC-MULTI-013] of those who cut a part at once, all get the first one's cut", async () => {
      const { storage, other, now } = await filled();
      await storage.results.create(resultInit({ id: "one", expires: now + 100 }), [partOf(1, false)], 1);
      const cuts = Array.from({ length: 12 }, (_, at) =>
        (at % 2 === 0 ? storage : other).results.addPart("one", partOf(2, at % 3 === 0, 11 + at)),
      );
      const parts = await Promise.all(cuts);
      expect(new Set(parts.map(({ until }) => until)).size).toBe(1);
      expect(await other.results.part("one", 2)).toEqual(parts[0]);
      expect((await storage.results.get("one"))?.lastPart).toEqual(parts[0]);
    });

    test("parts follow each other without gap", async () => {
      const { storage, now } = await filled();
      const { results } = storage;
      await expectInvalid(results.create(resultInit({ id: "one", expires: now + 100 }), [partOf(2, false)], 1), "number");
      await results.create(resultInit({ id: "one", expires: now + 100 }), [partOf(1, false)], 1);
      await expectInvalid(results.addPart("one", partOf(3, false)), "number");
      await results.addPart("one", partOf(2, true));
      await expectInvalid(results.addPart("one", partOf(3, false)), "number");
      expect(await results.part("one", 3)).toBeUndefined();
      expect(await results.part("one", 1.5)).toBeUndefined();
      expect(await results.addPart("gone", partOf(4, false))).toEqual(partOf(4, false));
      expect(await results.get("gone")).toBeUndefined();
    });

    test("[SVC-MULTI-012] an id that is taken is not given again, not even when it has expired", async () => {
      const world = await filled();
      const { results } = world.storage;
      await results.create(resultInit({ id: "one", expires: world.now + 100 }), [], 1);
      world.now += 100;
      expect(await results.get("one")).toBeUndefined();
      for (const owner of ["alice", "bob"]) {
        const again = results.create(resultInit({ id: "one", owner, expires: world.now + 100 }), [], 5);
        await expect(again).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
      }
    });

    test("each of many workers claims others", async () => {
      const { storage, other, now } = await filled();
      for (let at = 0; at < 8; at++) {
        await storage.results.create(resultInit({ id: `r${at}`, expires: now + 100, state: "PENDING" }), [], 8);
      }
      const claims = Array.from({ length: 20 }, (_, at) =>
        (at % 2 === 0 ? storage : other).results.claimPending({ lease: { worker: `w${at}`, until: now + 50 }, now }),
      );
      const first = (await Promise.all(claims)).map((result) => result?.id).filter((id) => id !== undefined);
      expect(new Set(first).size).toBe(first.length);
      // On PostgreSQL those that meet somebody else's claim may come away with nothing, until they ask again.
      for (let at = first.length; at < 8; at++) {
        first.push((await storage.results.claimPending({ lease: { worker: "w", until: now + 50 }, now }))?.id ?? "nothing");
      }
      expect(first.sort()).toEqual(Array.from({ length: 8 }, (_, at) => `r${at}`));
    });

    test("a result set needs its collection", async () => {
      const { storage, now } = await filled();
      for (const where of ["none", "A", "a\0"]) {
        const made = storage.results.create(resultInit({ id: "one", expires: now + 100, collection: where }), [], 1);
        await expect(made).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
      }
    });

    test("[SEC-ID-003] ids are compared code point by code point", async () => {
      const { storage, other, now } = await filled();
      for (const id of hostileNames) await storage.results.create(resultInit({ id, owner: id, expires: now + 100 }), [partOf(1, true)], 1);
      for (const id of hostileNames) {
        expect(await other.results.get(id)).toMatchObject({ id, owner: id });
        expect(await other.results.part(id, 1)).toEqual(partOf(1, true));
        expect(await other.results.get(`${id} `)).toBeUndefined();
      }
    });

    test("names no database can keep are refused, and nothing is found by them", async () => {
      const { storage, now } = await filled();
      const { results } = storage;
      for (const bad of impossibleNames) {
        await expectInvalid(results.create(resultInit({ id: bad, expires: now + 100 }), [], 1), "id");
        await expectInvalid(results.create(resultInit({ id: "one", owner: bad, expires: now + 100 }), [], 1), "owner");
        expect(await results.get(bad)).toBeUndefined();
        expect(await results.part(bad, 1)).toBeUndefined();
        expect(await results.addPart(bad, partOf(1, true))).toEqual(partOf(1, true));
        expect(await results.note(bad, "w", {})).toBe(false);
        expect(await results.firstExpiry(bad)).toBeUndefined();
        expect(await results.remove(bad)).toBe(false);
      }
      expect(await results.counts(now)).toEqual({ PENDING: 0, READY: 0, FAILED: 0 });
    });
  });
}
