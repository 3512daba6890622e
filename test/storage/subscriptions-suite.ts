/** What every storage of subscriptions has to do. */

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SubscriptionManagementRequest } from "../../generated/taxii11/index.js";
import { isChecked } from "../../src/binding/content.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import type { DeliveryLag, DeliveryState, Label, Lease, Subscription } from "../../src/storage/index.js";
import {
  addBlock,
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
  subscriptionInit,
  type World,
} from "./records.js";

interface Entry {
  subscription: Subscription;
  lease: Lease | undefined;
  turn: number;
}

/** Subscriptions, in the order they were made. */
interface Model {
  entries: Entry[];
  readonly newest: Map<string, Label>;
  readonly unavailable: Set<string>;
  ids: number;
  turns: number;
}

const beginning = (since: Label): DeliveryState => ({
  delivered: since,
  scanned: since,
  pending: undefined,
  attempts: 0,
  notBefore: 0,
  parked: false,
  error: undefined,
});

function isWaiting({ newest, unavailable }: Model, { subscription: { status, push: target, collection, delivery } }: Entry): boolean {
  const wanted = status === "ACTIVE" && target !== undefined && !delivery.parked && !unavailable.has(collection);
  return wanted && (newest.get(collection) ?? -1) > delivery.scanned;
}

/** Whether a worker may claim it. */
function isDue(model: Model, entry: Entry, now: number): boolean {
  const isFree = entry.lease === undefined || entry.lease.until <= now;
  return isWaiting(model, entry) && entry.subscription.delivery.notBefore <= now && isFree;
}

const run = (name: string, work: (model: Model, world: World) => Promise<void>) =>
  command<Model>(name, async (model, world) => {
    await work(model, world);
    expect(await world.other.subscriptions.find({})).toEqual(model.entries.map(({ subscription }) => subscription));
  });

const pick = (model: Model, index: number): Entry | undefined => model.entries[index % Math.max(1, model.entries.length)];

const owner = fc.constantFrom("", "alice", "bob");
const collection = fc.constantFrom("a", "b");
const index = fc.nat(9);
const worker = fc.constantFrom("w1", "w2", "w3");

const subscribe = fc.record({ owner, collection, fingerprint: fc.constantFrom("f", "g"), pushed: fc.boolean(), late: fc.boolean() });
const change = fc.record<Partial<DeliveryState>>(
  {
    pending: fc.option(fc.nat(99), { nil: undefined }),
    attempts: fc.nat(9),
    parked: fc.boolean(),
    error: fc.option(fc.constant("refused"), { nil: undefined }),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Partial<DeliveryState>>;
const note = fc.record({
  index,
  worker,
  change,
  move: fc.constantFrom("none", "delivered", "scanned", "both"),
  delay: fc.constantFrom(undefined, 0, 50),
  options: fc.constantFrom({}, { release: true }, { renew: true }, undefined),
});

const commands = fc.commands<Model, World, false>(
  [
    subscribe.map((what) =>
      run(`subscribe ${JSON.stringify(what)}`, async (model, { storage, now }) => {
        const since = what.late ? (model.newest.get(what.collection) ?? 0) : 0;
        const { pushed, late: _, ...rest } = what;
        const init = subscriptionInit({ ...rest, id: `s${model.ids++}`, since, push: pushed ? push : undefined });
        const same = model.entries.find(
          ({ subscription }) =>
            subscription.owner === what.owner &&
            subscription.collection === what.collection &&
            subscription.fingerprint === what.fingerprint,
        );
        const made: Subscription = { ...init, status: "ACTIVE", created: now, delivery: beginning(since) };
        expect(await storage.subscriptions.subscribe(init)).toEqual({
          subscription: same?.subscription ?? made,
          created: same === undefined,
        });
        if (same === undefined) model.entries.push({ subscription: made, lease: undefined, turn: 0 });
      }),
    ),
    fc.tuple(index, fc.constantFrom("ACTIVE" as const, "PAUSED" as const), owner, collection).map(([at, status, who, where]) =>
      run(`set status ${at} ${status} ${who} ${where}`, async (model, { storage }) => {
        const entry = pick(model, at);
        const meant = entry?.subscription.owner === who && entry.subscription.collection === where;
        if (meant) entry.subscription = { ...entry.subscription, status };
        const filter = { id: entry?.subscription.id ?? "none", owner: who, collection: where };
        expect(await storage.subscriptions.setStatus(filter, status)).toEqual(meant ? entry.subscription : undefined);
      }),
    ),
    fc.tuple(index, owner).map(([at, who]) =>
      run(`remove ${at} ${who}`, async (model, { storage }) => {
        const entry = pick(model, at);
        const meant = entry?.subscription.owner === who;
        expect(await storage.subscriptions.remove({ id: entry?.subscription.id ?? "none", owner: who })).toBe(meant);
        if (meant) model.entries = model.entries.filter((each) => each !== entry);
      }),
    ),
    collection.map((name) => run(`add to ${name}`, async (model, world) => void model.newest.set(name, await addBlock(world, name)))),
    fc.integer({ min: 1, max: 80 }).map((step) =>
      run(`${step} ms later`, async (_, world) => {
        world.now += step;
      }),
    ),
    worker.map((who) =>
      run(`${who} claims`, async (model, { storage, now }) => {
        const due = model.entries.filter((entry) => isDue(model, entry, now));
        const [next] = due.sort((a, b) => a.turn - b.turn);
        const lease = { worker: who, until: now + 100 };
        expect(await storage.subscriptions.claim({ lease, now })).toEqual(next?.subscription);
        if (next !== undefined) Object.assign(next, { lease, turn: ++model.turns });
      }),
    ),
    note.map(({ index: at, worker: who, change: some, move, delay, options }) =>
      run(`${who} notes ${at} ${move} ${JSON.stringify([some, delay, options])}`, async (model, { storage, now }) => {
        const entry = pick(model, at);
        const to = model.newest.get(entry?.subscription.collection ?? "") ?? 7;
        const moved = move === "none" ? {} : move === "both" ? { delivered: to, scanned: to } : { [move]: to };
        const changes: Partial<DeliveryState> = { ...some, ...moved, ...(delay === undefined ? {} : { notBefore: now + delay }) };
        const { release, renew } = { release: undefined, renew: undefined, ...options };
        const until = renew === true ? now + 200 : undefined;
        const holds = entry?.lease?.worker === who;
        expect(await storage.subscriptions.note(entry?.subscription.id ?? "none", who, changes, { release, until })).toBe(holds);
        if (!holds) return;
        const delivery = { ...entry.subscription.delivery, ...changes };
        entry.subscription = {
          ...entry.subscription,
          delivery: { ...delivery, scanned: Math.max(delivery.scanned, delivery.delivered) },
        };
        if (release === true) entry.lease = undefined;
        else if (until !== undefined) entry.lease = { worker: who, until };
      }),
    ),
    index.map((at) =>
      run(`retry ${at}`, async (model, { storage }) => {
        const entry = pick(model, at);
        expect(await storage.subscriptions.retry(entry?.subscription.id ?? "none")).toBe(entry !== undefined);
        if (entry === undefined) return;
        const { delivery } = entry.subscription;
        entry.subscription = { ...entry.subscription, delivery: { ...delivery, parked: false, attempts: 0, notBefore: 0 } };
      }),
    ),
    fc.tuple(collection, fc.boolean()).map(([name, available]) =>
      run(`${name} available: ${available}`, async (model, { storage }) => {
        await storage.putCollection({ name, available });
        if (available) model.unavailable.delete(name);
        else model.unavailable.add(name);
      }),
    ),
    collection.map((name) =>
      run(`remove collection ${name}`, async (model, { storage }) => {
        await storage.removeCollection(name);
        await storage.putCollection({ name });
        model.newest.delete(name);
        model.unavailable.delete(name);
        model.entries = model.entries.filter(({ subscription }) => subscription.collection !== name);
      }),
    ),
    fc.constantFrom("alice", "bob").map((name) =>
      run(`remove account ${name}`, async (model, { storage: { directory } }) => {
        await directory.putAccount({ name, passwordHash: undefined, admin: false, disabled: false, permissions: {}, certificates: [] });
        await directory.removeAccount(name);
        model.entries = model.entries.filter(({ subscription }) => subscription.owner !== name);
      }),
    ),
    fc.constant(
      run("lag", async (model, { storage, now }) => {
        const pushing = model.entries.filter(({ subscription }) => subscription.push !== undefined);
        const { oldest, late, ...counts } = await storage.subscriptions.lag(now);
        expect(counts).toEqual({
          pushing: pushing.length,
          parked: pushing.filter(({ subscription }) => subscription.delivery.parked).length,
        });
        expect(oldest !== undefined).toBe(model.entries.some((entry) => isWaiting(model, entry)));
        expect(late !== undefined).toBe(model.entries.some((entry) => isDue(model, entry, now)));
      }),
    ),
  ],
  { maxCommands: 40, size: "+1" },
);

export function subscriptionsSuite(name: string, subject: RecordSubject): void {
  describe(`subscriptions: ${name}`, () => {
    const open = openWorld(subject);

    async function filled(): Promise<World> {
      const world = open();
      await fresh(world);
      return world;
    }

    test(
      "[SVC-SUB-012] property: they behave as a simple model does, whoever asks for whatever",
      async () => {
        await holdAgainstModel(open(), commands, () => ({
          entries: [],
          newest: new Map<string, Label>(),
          unavailable: new Set<string>(),
          ids: 0,
          turns: 0,
        }));
      },
      modelTimeout,
    );

    test("[SVC-SUB-006] equal requests that arrive at once make one subscription", async () => {
      const { storage, other } = await filled();
      const asked = Array.from({ length: 16 }, (_, at) =>
        (at % 2 === 0 ? storage : other).subscriptions.subscribe(subscriptionInit({ id: `s${at}`, fingerprint: "same" })),
      );
      const answers = await Promise.all(asked);
      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map(({ subscription }) => subscription.id)).size).toBe(1);
      expect(await storage.subscriptions.find({})).toHaveLength(1);
      await storage.subscriptions.setStatus({ id: answers[0]?.subscription.id, owner: "alice", collection: "a" }, "PAUSED");
      const again = await other.subscriptions.subscribe(subscriptionInit({ id: "new", fingerprint: "same", since: 9 }));
      expect(again).toMatchObject({ created: false, subscription: { status: "PAUSED", since: 0 } });
    });

    test("[SVC-SUB-013] an id that is taken is not given again", async () => {
      const { storage } = await filled();
      await storage.subscriptions.subscribe(subscriptionInit({ id: "one" }));
      for (const init of [{ fingerprint: "other" }, { collection: "b" }, { owner: "bob" }]) {
        await expect(storage.subscriptions.subscribe(subscriptionInit({ id: "one", ...init }))).rejects.toMatchObject({
          code: "ALREADY_EXISTS",
        });
      }
      expect(await storage.subscriptions.find({})).toHaveLength(1);
    });

    test("a subscription needs its collection", async () => {
      const { storage } = await filled();
      for (const where of ["none", "A", "a\0"]) {
        await expect(storage.subscriptions.subscribe(subscriptionInit({ id: "one", collection: where }))).rejects.toMatchObject({
          code: "UNKNOWN_COLLECTION",
        });
      }
    });

    test("each of many workers claims others", async () => {
      const world = await filled();
      const { storage, other, now } = world;
      await addBlock(world, "a");
      for (let at = 0; at < 12; at++) await storage.subscriptions.subscribe(subscriptionInit({ id: `s${at}` }));
      const claims = Array.from({ length: 24 }, async (_, at) => {
        const { subscriptions } = at % 2 === 0 ? storage : other;
        const claimed: (string | undefined)[] = [];
        for (let turn = 0; turn < 3; turn++) {
          claimed.push((await subscriptions.claim({ lease: { worker: `w${at}`, until: now + 100 }, now }))?.id);
        }
        return claimed;
      });
      const claimed = (await Promise.all(claims)).flat().filter((id) => id !== undefined);
      expect(claimed.sort()).toEqual(Array.from({ length: 12 }, (_, at) => `s${at}`).sort());
    });

    test("a lease that ran out is taken over, and its first holder can note nothing any more", async () => {
      const world = await filled();
      const { storage, other } = world;
      await addBlock(world, "a");
      await storage.subscriptions.subscribe(subscriptionInit({ id: "one" }));
      const claim = (who: string) => ({ lease: { worker: who, until: world.now + 100 }, now: world.now });
      expect(await storage.subscriptions.claim(claim("w1"))).toBeDefined();
      world.now += 99;
      expect(await other.subscriptions.claim(claim("w2"))).toBeUndefined();
      expect(await storage.subscriptions.note("one", "w1", {}, { until: world.now + 100 })).toBe(true);
      world.now += 99;
      expect(await other.subscriptions.claim(claim("w2"))).toBeUndefined();
      world.now += 1;
      expect((await other.subscriptions.claim(claim("w2")))?.id).toBe("one");
      expect(await storage.subscriptions.note("one", "w1", { delivered: 5 })).toBe(false);
      expect(await other.subscriptions.note("one", "w2", { delivered: 6 }, { release: true })).toBe(true);
      expect(await other.subscriptions.note("one", "w2", { delivered: 7 })).toBe(false);
      expect((await storage.subscriptions.find({ id: "one" }))[0]?.delivery.delivered).toBe(6);
    });

    test("parameters come back as they were asked for, and their markup is known to be well-formed", async () => {
      const { storage, other } = await filled();
      const document = `<Subscription_Management_Request xmlns="http://taxii.mitre.org/messages/taxii_xml_binding-1.1"
        xmlns:q="urn:example:query" message_id="1" collection_name="a" action="SUBSCRIBE"><Subscription_Parameters>
          <Content_Binding binding_id="urn:x"><Subtype subtype_id="urn:s"/></Content_Binding>
          <Query format_id="urn:example:query"><q:is a='"'>1 &lt; 2 <![CDATA[<&]]></q:is></Query>
        </Subscription_Parameters></Subscription_Management_Request>`;
      const request = fromXml(SubscriptionManagementRequest, document);
      await storage.subscriptions.subscribe(subscriptionInit({ id: "one", parameters: request.subscriptionParameters }));
      const [stored] = await other.subscriptions.find({ id: "one" });
      const { query } = stored?.parameters ?? {};
      expect(query !== undefined && "xml" in query.content && isChecked(query.content)).toBe(true);
      // Equal to the last character: what was absent, such as Response_Type, is absent again.
      const echo = toXml(SubscriptionManagementRequest, { ...request, subscriptionParameters: stored?.parameters });
      expect(echo).toBe(toXml(SubscriptionManagementRequest, request));
      expect(echo).not.toContain("Response_Type");
      const stated = { responseType: "FULL" as const, contentBindings: [] };
      await storage.subscriptions.subscribe(subscriptionInit({ id: "two", parameters: stated }));
      const [second] = await other.subscriptions.find({ id: "two" });
      expect(toXml(SubscriptionManagementRequest, { ...request, subscriptionParameters: second?.parameters })).toContain("Response_Type");
    });

    test("callers cannot change what is stored", async () => {
      const { storage } = await filled();
      const parameters = { responseType: "FULL" as const, contentBindings: [{ bindingId: "urn:x", subtypes: [] }] };
      const target = { ...push };
      await storage.subscriptions.subscribe(subscriptionInit({ id: "one", parameters, push: target }));
      parameters.contentBindings.push({ bindingId: "urn:y", subtypes: [] });
      target.address = "https://elsewhere.example/";
      const [first] = await storage.subscriptions.find({});
      Reflect.set(first?.parameters?.contentBindings ?? [], 0, { bindingId: "urn:z", subtypes: [] });
      const [second] = await storage.subscriptions.find({});
      expect(second?.parameters?.contentBindings).toEqual([{ bindingId: "urn:x", subtypes: [] }]);
      expect(second?.push).toEqual(push);
    });

    test("names are compared code point by code point", async () => {
      const { storage, other } = await filled();
      for (const [at, who] of hostileNames.entries()) {
        const id = `${who}`.slice(0, 700) + at;
        const init = subscriptionInit({ id, owner: who, fingerprint: who.repeat(20) });
        expect((await storage.subscriptions.subscribe(init)).created).toBe(true);
        expect((await other.subscriptions.subscribe(init)).created).toBe(false);
        expect((await other.subscriptions.find({ owner: who })).map((each) => each.id)).toEqual([id]);
        expect(await other.subscriptions.find({ id: id.toUpperCase(), owner: `${who} ` })).toEqual([]);
      }
      expect(await storage.subscriptions.find({})).toHaveLength(hostileNames.length);
    });

    test("names no database can keep are refused, and nothing is found by them", async () => {
      const world = await filled();
      const { subscriptions } = world.storage;
      for (const bad of impossibleNames) {
        await expectInvalid(subscriptions.subscribe(subscriptionInit({ id: bad, fingerprint: "f" })), "id");
        await expectInvalid(subscriptions.subscribe(subscriptionInit({ id: "one", owner: bad })), "owner");
        expect(await subscriptions.find({ owner: bad })).toEqual([]);
        expect(await subscriptions.setStatus({ id: bad, owner: bad, collection: bad }, "PAUSED")).toBeUndefined();
        expect(await subscriptions.remove({ id: bad })).toBe(false);
        expect(await subscriptions.retry(bad)).toBe(false);
        expect(await subscriptions.note(bad, "w", {})).toBe(false);
      }
      await expectInvalid(subscriptions.subscribe(subscriptionInit({ id: "" })), "id");
      await expectInvalid(subscriptions.subscribe(subscriptionInit({ id: "one", since: 0.5 })), "since");
      expect(await subscriptions.find({})).toEqual([]);
    });

    test("what went wrong is kept, whatever characters the peer made of it", async () => {
      const world = await filled();
      const { subscriptions } = world.storage;
      await addBlock(world, "a");
      await subscriptions.subscribe(subscriptionInit({ id: "one" }));
      await subscriptions.claim({ lease: { worker: "w", until: world.now + 100 }, now: world.now });
      expect(await subscriptions.note("one", "w", { error: "a\0b\ud800 \u{1f600}" })).toBe(true);
      expect((await subscriptions.find({}))[0]?.delivery.error).toBe("a\ufffdb\ufffd \u{1f600}");
    });

    test("a delivery is late since it was due, and not while it was put off or is at hand", async () => {
      const world = await filled();
      const { subscriptions } = world.storage;
      await subscriptions.subscribe(subscriptionInit({ id: "one" }));
      const arrived = Math.floor((await addBlock(world, "a")) / 1000);
      world.now = arrived + 1000;
      const lag = (): Promise<DeliveryLag> => subscriptions.lag(world.now);
      expect(await lag()).toEqual({ pushing: 1, parked: 0, oldest: 1000, late: 1000 });
      await subscriptions.claim({ lease: { worker: "w", until: world.now + 100 }, now: world.now });
      expect(await lag()).toMatchObject({ oldest: 1000, late: undefined });
      await subscriptions.note("one", "w", { attempts: 1, notBefore: arrived + 5000 }, { release: true });
      world.now = arrived + 4999;
      expect(await lag()).toMatchObject({ oldest: 4999, late: undefined });
      world.now = arrived + 5001;
      expect(await lag()).toMatchObject({ oldest: 5001, late: 1 });
    });

    test("an id is needed to change or to end one", async () => {
      const { storage } = await filled();
      await storage.subscriptions.subscribe(subscriptionInit({ id: "one" }));
      expect(await storage.subscriptions.remove({ id: undefined, owner: "alice" })).toBe(false);
      expect(await storage.subscriptions.setStatus({ id: undefined, owner: "alice", collection: "a" }, "PAUSED")).toBeUndefined();
      expect(await storage.subscriptions.find({})).toMatchObject([{ id: "one", status: "ACTIVE" }]);
    });
  });
}
