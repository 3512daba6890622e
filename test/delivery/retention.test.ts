/** What collections are not to keep any longer goes. */

import { describe, expect, it } from "vitest";
import { type Removed, RetentionWorker } from "../../src/delivery/index.js";
import { memoryStorage, type Storage } from "../../src/storage/index.js";
import { addBlocks, stopping, until } from "./kit.js";

const day = 24 * 3_600_000;

/** The texts a collection has. */
async function textsIn(storage: Storage, collection: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const { block } of storage.content({ collection })) if ("text" in block.content) texts.push(block.content.text);
  return texts;
}

describe("retention", () => {
  it("removes what is too old, too many or too much, and nothing else", async () => {
    let time = Date.parse("2020-01-01T00:00:00Z");
    const storage = memoryStorage({ clock: () => time });
    await storage.putCollection({ name: "days", retention: { days: 1 } });
    await storage.putCollection({ name: "blocks", retention: { blocks: 2 } });
    await storage.putCollection({ name: "bytes", retention: { bytes: 25 } });
    await storage.putCollection({ name: "both", retention: { days: 1, blocks: 1 } });
    await storage.putCollection({ name: "ever" });
    const all = ["days", "blocks", "bytes", "both", "ever"];
    for (const name of all) await addBlocks(storage, ["a".repeat(10), "b".repeat(10)], name);
    time += 2 * day;
    for (const name of all) await addBlocks(storage, ["c".repeat(10), "d".repeat(10)], name);

    const removed: Removed[] = [];
    const worker = stopping(
      new RetentionWorker({ storage, now: () => time, interval: 100_000, onRemoved: (one) => void removed.push(one) }),
    );
    worker.start();
    await until(() => removed.length === 4);
    const kept = Object.fromEntries(
      await Promise.all(all.map(async (name) => [name, (await textsIn(storage, name)).map(([first]) => first).join("")])),
    );
    expect(kept).toEqual({ days: "cd", blocks: "cd", bytes: "cd", both: "d", ever: "abcd" });
    expect(removed.map(({ collection, blocks, size }) => [collection, blocks, size]).sort()).toEqual([
      ["blocks", 2, 20],
      ["both", 3, 30],
      ["bytes", 2, 20],
      ["days", 2, 20],
    ]);
    await addBlocks(storage, ["e"], "blocks");
    worker.wake();
    await until(() => removed.length === 5);
    expect(await textsIn(storage, "blocks")).toEqual(["d".repeat(10), "e"]);
  });

  it("removes much in steps, so that nobody waits long for the storage", async () => {
    const storage = memoryStorage();
    await storage.putCollection({ name: "a", retention: { blocks: 1000 } });
    for (let at = 0; at < 26; at++) await addBlocks(storage, Array<string>(1000).fill("x"), "a");
    const purge = storage.purge.bind(storage);
    const steps: number[] = [];
    storage.purge = async (what) => {
      const purged = await purge(what);
      steps.push(purged.blocks);
      return purged;
    };
    const removed: Removed[] = [];
    const worker = stopping(new RetentionWorker({ storage, interval: 100_000, onRemoved: (one) => void removed.push(one) }));
    worker.start();
    await until(() => removed.length === 1);
    expect(steps).toEqual([10_000, 10_000, 5000]);
    expect(removed).toMatchObject([{ collection: "a", blocks: 25_000 }]);
    expect(await storage.collection("a")).toMatchObject({ blockCount: 1000 });
  });

  it("goes on with other collections when one fails, and reports it", async () => {
    const storage = memoryStorage();
    for (const name of ["a", "b"]) await storage.putCollection({ name, retention: { blocks: 0 } });
    for (const name of ["a", "b"]) await addBlocks(storage, ["x"], name);
    const purge = storage.purge.bind(storage);
    storage.purge = async (what) => {
      if (what.collection === "a") throw new Error("no");
      return purge(what);
    };
    const failures: unknown[] = [];
    const worker = stopping(new RetentionWorker({ storage, onFailure: (error) => void failures.push(error) }));
    worker.start();
    await until(async () => (await textsIn(storage, "b")).length === 0);
    expect(failures.map(String)).toEqual(["Error: no"]);
    expect(await textsIn(storage, "a")).toEqual(["x"]);
  });

  it("forgets old receipts where that is asked for", async () => {
    let time = Date.now();
    const storage = memoryStorage({ clock: () => time });
    await storage.putCollection({ name: "feed" });
    await storage.add([], { receipt: { messageId: "1", service: "/inbox", blockCount: 0 } });
    const receipts = async (): Promise<number> => {
      let count = 0;
      for await (const _ of storage.receipts()) count += 1;
      return count;
    };
    expect(await receipts()).toBe(1);
    time += 3 * day;
    const worker = stopping(new RetentionWorker({ storage, receiptDays: 2, now: () => time }));
    worker.start();
    await until(async () => (await receipts()) === 0);
  });
});
