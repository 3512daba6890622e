/** Consumers that go on from the end of the last range get every block once, whoever writes, whatever clocks do. */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { type Clock, type Label, memoryStorage, type Storage } from "../../src/storage/index.js";
import { postgresStorage } from "../../src/storage/sql/postgres.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { collectLists } from "../support/collect.js";
import { hasPostgres, postgresDatabase } from "../support/postgres-shared.js";
import { block } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-polling-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Opens storages on the same data, as servers on one database do. */
type Opener = (clock: Clock) => Promise<Storage>;

/** A consumer that notes what it gets. */
class Poller {
  readonly labels: Label[] = [];
  /** For each batch it saw something of, how many blocks in each poll. */
  readonly batches = new Map<string, number[]>();
  #last: Label | undefined;

  /** Asks for what came since the last time; behind the end of that range. */
  async poll(storage: Storage, atLeast?: Label): Promise<void> {
    const until = await storage.horizon(atLeast);
    const seen = new Map<string, number>();
    for await (const { label, block: stored } of storage.content({ collection: "feed", after: this.#last, until })) {
      this.labels.push(label);
      const batch = "text" in stored.content ? stored.content.text : "";
      seen.set(batch, (seen.get(batch) ?? 0) + 1);
    }
    for (const [batch, count] of seen) this.batches.set(batch, [...(this.batches.get(batch) ?? []), count]);
    this.#last = until;
  }
}

/** What one writer does: batches of blocks, each into the feed and perhaps elsewhere, at a clock that jumps. */
const script = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 5 }),
    jump: fc.integer({ min: -100_000, max: 1000 }),
    reopen: fc.boolean(),
    other: fc.boolean(),
  }),
  { minLength: 1, maxLength: 6 },
);

interface Written {
  readonly batch: string;
  readonly labels: readonly (Label | undefined)[];
  /** The horizon before it was written. */
  readonly before: Label;
}

async function write(
  open: Opener,
  name: string,
  steps: readonly { size: number; jump: number; reopen: boolean; other: boolean }[],
): Promise<Written[]> {
  let now = 1_700_000_000_000;
  let storage = await open(() => now);
  const written: Written[] = [];
  for (const [index, { size, jump, reopen, other }] of steps.entries()) {
    now += jump;
    if (reopen) {
      await storage.close();
      storage = await open(() => now);
    }
    const batch = `${name}.${index}`;
    const before = await storage.horizon();
    const collections = other ? ["feed", "other"] : ["feed"];
    const labels = await storage.add(Array.from({ length: size }, () => ({ block: block(batch), collections })));
    written.push({ batch, labels, before });
  }
  await storage.close();
  return written;
}

async function pollersAgree(open: Opener, scripts: Parameters<typeof write>[2][]): Promise<void> {
  const setup = await open(() => 1_700_000_000_000);
  await setup.putCollection({ name: "feed" });
  await setup.putCollection({ name: "other" });
  let writing = true;
  const pollers = [new Poller(), new Poller()];
  const polling = pollers.map(async (poller, index) => {
    const storage = await open(() => 1_700_000_000_000 + index * 5000);
    while (writing) {
      // One of them asks the way a request with an end does: the horizon moves ahead of what is there.
      await poller.poll(storage, index === 0 ? undefined : 1_700_000_000_000_000 + poller.labels.length * 7);
      await pause(1);
    }
    await poller.poll(storage);
    await storage.close();
  });
  const written = (await Promise.all(scripts.map((steps, index) => write(open, String(index), steps)))).flat();
  writing = false;
  await Promise.all(polling);
  await setup.close();

  const all = written.flatMap(({ labels }) => labels);
  const inOrder = [...new Set(all)].sort((a = 0, b = 0) => a - b);
  expect(inOrder).toHaveLength(all.length);
  for (const { labels, before } of written) expect(Math.min(...labels.map((label) => label ?? 0))).toBeGreaterThan(before);
  for (const poller of pollers) {
    expect(poller.labels).toEqual(inOrder);
    for (const { batch, labels } of written) expect(poller.batches.get(batch)).toEqual([labels.length]);
  }
}

const ids = "[SVC-RANGE-001] [SVC-RANGE-006] [SVC-TS-002] [SVC-TS-003] [SVC-TS-004]";

function pollingSuite(name: string, newOpener: () => Promise<Opener>, numRuns: number): void {
  test(`${ids} property: no poller of ${name} misses or repeats a block, or sees part of a batch`, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(script, { minLength: 2, maxLength: 5 }), async (scripts) => pollersAgree(await newOpener(), scripts)),
      { numRuns },
    );
  }, 120_000);
}

let files = 0;

describe("polling", () => {
  pollingSuite(
    "memory",
    async () => {
      const clocks: Clock[] = [];
      // What is closed is gone: all share one, and nobody closes it.
      const shared = Object.assign(memoryStorage({ clock: () => clocks.at(-1)?.() ?? 0 }), { close: async () => undefined });
      return async (clock) => {
        clocks.push(clock);
        return shared;
      };
    },
    10,
  );

  pollingSuite(
    "two storages on one SQLite file",
    async () => {
      const path = join(folder, `${files++}.db`);
      return async (clock) => sqliteStorage(path, { clock });
    },
    8,
  );

  test(`${ids} other processes that write to the same SQLite file are polled as well`, async () => {
    const path = join(folder, "processes.db");
    const storage = sqliteStorage(path);
    await storage.putCollection({ name: "feed" });
    const source = join(folder, "write.mts");
    writeFileSync(
      source,
      `import { sqliteStorage } from ${JSON.stringify(join(import.meta.dirname, "../../src/storage/sql/sqlite.ts"))};
      const storage = sqliteStorage(process.argv[2], { clock: () => Date.now() - Number(process.argv[3]) });
      const block = { contentBinding: { bindingId: "urn:x" }, content: { text: process.argv[3] } };
      for (let index = 0; index < 40; index++) await storage.add([{ block, collections: ["feed"] }, { block, collections: ["feed"] }]);
      await storage.close();`,
    );
    const run = promisify(execFile);
    let writing = true;
    const writers = Promise.all(["0", "50000"].map((behind) => run(process.execPath, ["--import", "tsx", source, path, behind]))).finally(
      () => {
        writing = false;
      },
    );
    const poller = new Poller();
    while (writing) {
      await poller.poll(storage);
      await pause(2);
    }
    await writers;
    await poller.poll(storage);
    expect(poller.labels).toHaveLength(160);
    expect(poller.labels).toEqual((await collectLists(storage.keys({ collection: "feed" }))).map(({ label }) => label));
    for (const counts of poller.batches.values()) for (const count of counts) expect(count % 2).toBe(0);
    await storage.close();
  }, 120_000);

  if (hasPostgres) {
    pollingSuite(
      "nodes on one PostgreSQL",
      async () => {
        const url = await postgresDatabase();
        return async (clock) => postgresStorage(url, { clock, maxConnections: 3 });
      },
      8,
    );
  }
});
