/** What the suites of subscriptions, result sets and the directory have in common. */

import fc from "fast-check";
import { afterAll, beforeAll, expect } from "vitest";
import type { Clock, ResultSetInit, Storage, SubscriptionInit } from "../../src/storage/index.js";
import { block } from "./suite.js";

/** A kind of storage under test. */
export interface RecordSubject {
  /** Two storages of the same data, as two servers have them, empty at first. */
  open(clock: Clock): Promise<readonly [Storage, Storage]>;
}

/** Two storages of the same data, and the time they are told. */
export interface World {
  readonly storage: Storage;
  readonly other: Storage;
  /** Milliseconds since 1970. */
  now: number;
}

/** Opens the storages for all tests of a suite; each test begins with what {@link fresh} leaves. */
export function openWorld(subject: RecordSubject): () => World {
  let now = 1_700_000_000_000;
  let world: World | undefined;
  beforeAll(async () => {
    const [storage, other] = await subject.open(() => now);
    world = {
      storage,
      other,
      get now() {
        return now;
      },
      set now(time) {
        now = time;
      },
    };
  });
  afterAll(async () => {
    await world?.storage.close();
    await world?.other.close();
  });
  return () => {
    if (world === undefined) throw new Error("not open yet");
    return world;
  };
}

/** Removes everything, and adds the collections `a` and `b` again. */
export async function fresh({ storage }: World): Promise<void> {
  for (const { name } of await storage.collections()) await storage.removeCollection(name);
  for (const { name } of await storage.directory.accounts()) await storage.directory.removeAccount(name);
  for (const { id } of await storage.directory.services()) await storage.directory.removeService(id);
  await storage.putCollection({ name: "a" });
  await storage.putCollection({ name: "b" });
}

/** Adds a block to a collection; its label. */
export async function addBlock({ storage }: World, collection: string): Promise<number> {
  const [label] = await storage.add([{ block: block("x"), collections: [collection] }]);
  if (label === undefined) throw new Error("nothing was added");
  return label;
}

export const push = { protocolBinding: "urn:example:protocol", address: "https://peer.example/inbox", messageBinding: "urn:example:xml" };

export function subscriptionInit(init: Partial<SubscriptionInit> & Pick<SubscriptionInit, "id">): SubscriptionInit {
  return {
    owner: "alice",
    collection: "a",
    parameters: undefined,
    push,
    version: "1.1",
    fingerprint: init.id,
    since: 0,
    ...init,
  };
}

export function resultInit(init: Partial<ResultSetInit> & Pick<ResultSetInit, "id" | "expires">): ResultSetInit {
  return {
    owner: "alice",
    collection: "a",
    subscriptionId: undefined,
    version: "1.1",
    after: undefined,
    until: 1000,
    stated: undefined,
    contentBindings: [],
    query: undefined,
    responseType: "FULL",
    state: "READY",
    count: undefined,
    push: undefined,
    ...init,
  };
}

/** Something that is done to a model and to a storage, with equal outcomes. */
export function command<M extends object>(name: string, run: (model: M, world: World) => Promise<void>): fc.AsyncCommand<M, World> {
  return { check: () => true, run, toString: () => name };
}

/** Milliseconds a model may take: each command is a commit to disk, and machines of tests are busy. */
export const modelTimeout = 240_000;

/** Does random commands with a new model on fresh storages. */
export async function holdAgainstModel<M extends object>(
  world: World,
  commands: fc.Arbitrary<Iterable<fc.AsyncCommand<M, World>>>,
  model: (world: World) => M,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(commands, async (some) => {
      await fresh(world);
      await fc.asyncModelRun(() => ({ model: model(world), real: world }), some);
    }),
    { numRuns: 20 },
  );
}

/** Names that are nothing special, however they look. */
export const hostileNames = [
  "__proto__",
  "constructor",
  "o'clock\"; drop table accounts; --",
  "%",
  "_",
  "Straße",
  "STRASSE",
  "e\u0301",
  "\u00e9",
  " alice ",
  "\uffff",
  "\u{1f600}",
  "\\",
  "a\u202eb",
  "x".repeat(800),
  // As long as can be in UTF-8, and of no pattern a database could compress.
  Array.from({ length: 800 }, (_, at) => String.fromCharCode(0x4e00 + ((at * at * 7919 + at * 31) % 20_000))).join(""),
];

/** Names no database can carry, or can index. */
export const impossibleNames = ["a\0b", "\ud800", "\udc00x", "x".repeat(10_000)];

export async function expectInvalid(done: Promise<unknown>, path: string): Promise<void> {
  await expect(done).rejects.toMatchObject({
    code: "INVALID_MESSAGE",
    issues: expect.arrayContaining([expect.objectContaining({ path })]),
  });
}
