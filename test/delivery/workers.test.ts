/** Several workers on one storage, some of which die: the subscriber gets everything, in order, in contiguous ranges. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { floorLabel, type Storage, type Subscription } from "../../src/storage/index.js";
import {
  type Answer,
  accept,
  addBlocks,
  answerWith,
  createStorage,
  type Inbox,
  startInbox,
  startWorker,
  stateOf,
  subscribe,
  targetOf,
  textsOf,
  until,
} from "./kit.js";

/** A storage that dies with the process of a worker: nothing it was asked for after that has any effect, or comes back. */
function mortal(storage: Storage): { readonly storage: Storage; kill(): void } {
  let dead = false;
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get(_, property) {
        const member: unknown = Reflect.get(target, property);
        if (typeof member === "object" && member !== null) return guarded(member);
        if (typeof member !== "function") return member;
        return (...parameters: unknown[]): unknown => {
          if (!dead) return Reflect.apply(member, target, parameters);
          if (property === "content") throw new Error("killed");
          return Promise.reject(new Error("killed"));
        };
      },
    });
  return {
    storage: guarded(storage),
    kill: () => {
      dead = true;
    },
  };
}

const faults: readonly Answer[] = [
  ({ request }) => request.socket.destroy(),
  ({ response }) => void response.writeHead(500).end(),
  answerWith("RETRY", { details: { ESTIMATED_WAIT: "0" } }),
  answerWith("SUCCESS", { inResponseTo: "1" }),
  ({ response }) => void response.writeHead(200).end("<html>"),
];

type Step =
  | { readonly do: "add"; readonly count: number; readonly binding: string }
  | { readonly do: "fail"; readonly times: number; readonly how: number }
  | { readonly do: "pause" | "resume" | "wait" }
  | { readonly do: "kill"; readonly worker: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("add" as const),
      count: fc.integer({ min: 1, max: 5 }),
      binding: fc.constantFrom("urn:text", "urn:text", "urn:other"),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("fail" as const), times: fc.integer({ min: 1, max: 3 }), how: fc.nat(faults.length - 1) }),
  },
  { weight: 3, arbitrary: fc.constantFrom<Step>({ do: "pause" }, { do: "resume" }, { do: "wait" }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("kill" as const), worker: fc.nat(1) }) },
);

/** Everything around one subscription. */
class World {
  readonly #workers: { worker: ReturnType<typeof startWorker>; kill(): void }[] = [];
  readonly wanted: string[] = [];
  #blocks = 0;
  #failing: { times: number; how: number } = { times: 0, how: 0 };

  readonly storage: Storage;
  readonly inbox: Inbox;
  readonly subscription: Subscription;

  private constructor(storage: Storage, inbox: Inbox, subscription: Subscription) {
    this.storage = storage;
    this.inbox = inbox;
    this.subscription = subscription;
    inbox.answer = (received) => {
      if (this.#failing.times <= 0) return accept(received);
      this.#failing.times -= 1;
      return faults[this.#failing.how]?.(received);
    };
    for (const index of [0, 1]) this.#start(index);
  }

  static async create(): Promise<World> {
    const [storage, inbox] = [await createStorage(), await startInbox()];
    const parameters = { contentBindings: [{ bindingId: "urn:text" }] };
    return new World(storage, inbox, await subscribe(storage, targetOf(inbox), { parameters }));
  }

  async do(step: Step): Promise<void> {
    const { id, owner, collection } = this.subscription;
    switch (step.do) {
      case "add": {
        const texts = Array.from({ length: step.count }, (_, index) => `block ${this.#blocks + index}`);
        this.#blocks += step.count;
        if (step.binding === "urn:text") this.wanted.push(...texts);
        await addBlocks(this.storage, texts, "feed", { contentBinding: { bindingId: step.binding } });
        return;
      }
      case "fail":
        this.#failing = { times: step.times, how: step.how };
        return;
      case "pause":
      case "resume":
        await this.storage.subscriptions.setStatus({ id, owner, collection }, step.do === "pause" ? "PAUSED" : "ACTIVE");
        return;
      case "kill":
        this.#kill(step.worker);
        this.#start(step.worker);
        return;
      case "wait":
        await new Promise((resolve) => setTimeout(resolve, 15));
    }
  }

  /** Lets everything be delivered. */
  async settle(): Promise<void> {
    this.#failing.times = 0;
    await this.do({ do: "resume" });
    await until(async () => {
      const [newest, { delivered, pending }] = [this.wanted.at(-1), await stateOf(this.storage, this.subscription)];
      if (newest === undefined) return true;
      return pending === undefined && delivered > this.subscription.since && textsOf(this.inbox.messages).includes(newest);
    }, `the delivery of ${this.wanted.length} blocks`);
    await Promise.all(this.#workers.map(({ worker }) => worker.stop()));
  }

  /** With its storage gone, stopping a worker is no more than the end of its connections. */
  #kill(index: number): void {
    const { worker, kill } = this.#workers[index] ?? {};
    kill?.();
    void worker?.stop();
  }

  #start(index: number): void {
    const { storage, kill } = mortal(this.storage);
    this.#workers[index] = { kill, worker: startWorker(storage, { lease: 150, maxBlocks: 3, interval: 3, grace: 1 }) };
  }
}

/** Those that occur first, each once. */
function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

describe("two workers", () => {
  it("[SVC-SUBF-008] [SVC-SUBF-010] deliver everything in order and in contiguous ranges, whatever fails and whoever dies", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const world = await World.create();
        for (const one of steps) await world.do(one);
        await world.settle();
        const { messages } = world.inbox;
        expect(distinct(textsOf(messages))).toEqual(world.wanted);
        const ranges = distinct(
          messages.map(({ sourceSubscription: source }) => [source?.exclusiveBeginTimestamp, source?.inclusiveEndTimestamp]),
        );
        expect(ranges.slice(1).map(([begin]) => begin)).toEqual(ranges.slice(0, -1).map(([, end]) => end));
        if (ranges[0] !== undefined) expect(floorLabel(ranges[0][0] ?? "")).toBe(world.subscription.since);
        for (const { sourceSubscription: source, contentBlocks } of messages) {
          const [after, until] = [source?.exclusiveBeginTimestamp ?? "", source?.inclusiveEndTimestamp ?? ""].map(floorLabel);
          for (const { timestampLabel = "" } of contentBlocks) {
            expect(floorLabel(timestampLabel)).toBeGreaterThan(after ?? 0);
            expect(floorLabel(timestampLabel)).toBeLessThanOrEqual(until ?? 0);
          }
        }
      }),
      { numRuns: 20, timeout: 15_000 },
    );
  }, 120_000);

  it("never deliver one subscription at the same time, also when a message takes longer than a lease", async () => {
    const storage = await createStorage();
    const counts = { now: 0, most: 0 };
    const inbox = await startInbox((received) => {
      counts.now += 1;
      counts.most = Math.max(counts.most, counts.now);
      setTimeout(() => {
        counts.now -= 1;
        accept(received);
      }, 150);
    });
    await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a", "b", "c"]);
    const workers = [1, 2, 3].map(() => startWorker(storage, { lease: 60, maxBlocks: 1, perOrigin: 4 }));
    await until(() => inbox.received.length === 3 && counts.now === 0);
    expect(counts.most).toBe(1);
    expect(textsOf(inbox.messages)).toEqual(["a", "b", "c"]);
    expect(workers.flatMap(({ told }) => told.failed)).toEqual([]);
  });

  it("go on after the lease of one that died, with the range it had begun", async () => {
    const base = await createStorage();
    const inbox = await startInbox(() => undefined);
    await subscribe(base, targetOf(inbox));
    await addBlocks(base, ["a"]);
    const { storage, kill } = mortal(base);
    startWorker(storage, { lease: 100, grace: 1 });
    await until(() => inbox.received.length === 1);
    kill();
    await addBlocks(base, ["b"]);
    inbox.answer = accept;
    startWorker(base, { lease: 100 });
    await until(() => inbox.received.length === 3);
    expect(textsOf(inbox.messages)).toEqual(["a", "a", "b"]);
    expect(inbox.messages[1]?.sourceSubscription).toEqual(inbox.messages[0]?.sourceSubscription);
  });

  it("that lost its lease sends nothing more", async () => {
    const storage = await createStorage();
    const inbox = await startInbox();
    const subscription = await subscribe(storage, targetOf(inbox));
    await addBlocks(storage, ["a", "b"]);
    const note = storage.subscriptions.note.bind(storage.subscriptions);
    let lost = false;
    storage.subscriptions.note = async (id, worker, change, options) => (lost ? false : note(id, worker, change, options));
    inbox.answer = (received) => {
      lost = true;
      accept(received);
    };
    const worker = startWorker(storage, { maxBlocks: 1 });
    await until(() => inbox.received.length === 1);
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(inbox.received.length).toBe(1);
    expect(worker.told).toMatchObject({ failed: [], faults: [] });
    expect((await stateOf(storage, subscription)).delivered).toBe(subscription.since);
  });
});
