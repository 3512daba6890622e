/** What every storage has to do with collections and content beyond keeping them in order: totals, duplicates, removal, receipts. */

import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { ContentBlock } from "../../generated/taxii11/index.js";
import { xmlContent } from "../../src/codec/fragment.js";
import type { Arrival, Clock, Collection, Label, Purge, Storage, StoredReceipt } from "../../src/storage/index.js";
import { collect, collectLists } from "../support/collect.js";
import { turnsDuring } from "../support/turns.js";
import { block, type Subject } from "./suite.js";

const day = 1_700_000_000_000;

/** @param runs of properties; fewer where each takes long */
export function contentSuite(name: string, subject: () => Subject, runs = 30): void {
  describe(name, () => {
    const opened: Storage[] = [];
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close();
    });

    async function filled(clock: Clock = () => day): Promise<Storage> {
      const storage = await subject().open(clock);
      opened.push(storage);
      for (const collection of ["a", "b", "c"]) await storage.putCollection({ name: collection });
      return storage;
    }

    async function add(storage: Storage, texts: string, ...collections: string[]): Promise<Label[]> {
      const labels = await storage.add([...texts].map((text) => ({ block: block(text), collections })));
      return labels.filter((label) => label !== undefined);
    }

    async function texts(storage: Storage, collection: string): Promise<string> {
      let all = "";
      for await (const { block: stored } of storage.content({ collection })) all += "text" in stored.content ? stored.content.text : "?";
      return all;
    }

    async function totals(storage: Storage, collection: string): Promise<Pick<Collection, "blockCount" | "size" | "newest">> {
      const { blockCount, size, newest } = (await storage.collection(collection)) ?? { blockCount: -1, size: -1, newest: undefined };
      return { blockCount, size, newest };
    }

    test("collections keep their retention, and their content when they are replaced", async () => {
      const storage = await filled();
      const retention = { days: 0.5, bytes: 1e12, blocks: 0 };
      const [label] = await add(storage, "x", "a");
      await storage.putCollection({ name: "a", retention, description: "new" });
      expect(await storage.collection("a")).toMatchObject({ retention, description: "new", blockCount: 1, size: 1, newest: label });
      await storage.putCollection({ name: "a", retention: { blocks: 7 } });
      expect((await storage.collection("a"))?.retention).toEqual({ blocks: 7 });
      await storage.putCollection({ name: "a" });
      expect((await storage.collection("a"))?.retention).toBeUndefined();
      await expect(storage.putCollection({ name: "a", retention: { days: -1 } })).rejects.toThrow("retention.days");
      await expect(storage.putCollection({ name: "a", retention: { bytes: Number.NaN } })).rejects.toThrow("retention.bytes");
    });

    test("collections know how much they have, and their newest label", async () => {
      const storage = await filled();
      expect(await totals(storage, "a")).toEqual({ blockCount: 0, size: 0, newest: undefined });
      const whole: ContentBlock = { ...block("12345"), message: "123", padding: "12", signature: xmlContent("<s/>") };
      const [first] = await storage.add([{ block: whole, collections: ["a", "b"] }]);
      expect(await totals(storage, "a")).toEqual({ blockCount: 1, size: 14, newest: first });
      const [second] = await add(storage, "x", "b");
      expect(await totals(storage, "a")).toEqual({ blockCount: 1, size: 14, newest: first });
      expect(await totals(storage, "b")).toEqual({ blockCount: 2, size: 15, newest: second });
      expect((await storage.collections()).map(({ blockCount }) => blockCount)).toEqual([1, 2, 0]);
    });

    test("the bindings of a collection are those of the content it has now", async () => {
      const storage = await filled();
      const [first] = await storage.add([{ block: block("1", "urn:z"), collections: ["a"] }]);
      await storage.add([
        { block: block("2", "urn:y", "urn:s"), collections: ["a"] },
        { block: block("3", "urn:y", "urn:t"), collections: ["a"] },
        { block: block("4", "urn:x"), collections: ["b"] },
      ]);
      expect(await storage.bindingsOf("a")).toEqual(["urn:y", "urn:z"]);
      await storage.purge({ collection: "a", until: first });
      expect(await storage.bindingsOf("a")).toEqual(["urn:y"]);
      expect(await storage.bindingsOf("c")).toEqual([]);
      await expect(storage.bindingsOf("d")).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
    });

    test("counting stops at a limit; keys come without content", async () => {
      const storage = await filled();
      const labels = await add(storage, "12345", "a");
      await storage.add([{ block: block("678", "urn:other"), collections: ["a"] }]);
      const others = { collection: "a", accepts: ({ bindingId }: { bindingId: string }) => bindingId === "urn:other" };
      for (const range of [{}, { after: 0 }]) {
        expect(await storage.count({ collection: "a", ...range }, 3)).toBe(3);
        expect(await storage.count({ collection: "a", ...range }, 6)).toBe(6);
        expect(await storage.count({ collection: "a", ...range }, 100)).toBe(6);
        expect(await storage.count({ collection: "a", ...range }, 0)).toBe(0);
        expect(await storage.count({ ...others, ...range })).toBe(1);
        expect(await storage.count({ ...others, ...range, accepts: () => false })).toBe(0);
      }
      expect(await collectLists(storage.keys({ collection: "a", after: labels[1] }, 2))).toEqual([
        { label: labels[2], size: 1 },
        { label: labels[3], size: 1 },
      ]);
      expect(await collectLists(storage.keys(others))).toMatchObject([{ size: 3 }]);
      expect(await collectLists(storage.keys({ collection: "a" }, 0))).toEqual([]);
      await expect(collectLists(storage.keys({ collection: "d" }))).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
    });

    test("many keys come by label, as many as are wanted", async () => {
      const storage = await filled();
      const labels = await add(storage, "x".repeat(2500), "a");
      const keys = labels.map((label) => ({ label, size: 1 }));
      for (const limit of [undefined, 999, 1000, 1001, 2000, 2500, 3000])
        expect(await collectLists(storage.keys({ collection: "a" }, limit))).toEqual(keys.slice(0, limit));
      expect(await collectLists(storage.keys({ collection: "a", after: labels[99], until: labels[2199] }))).toEqual(keys.slice(100, 2200));
    });

    test("reading much lets others have their turn", async () => {
      const storage = await filled();
      await storage.add(Array.from({ length: 40 }, () => ({ block: block("x".repeat(50_000)), collections: ["a"] })));
      expect(await turnsDuring(() => collect(storage.content({ collection: "a" })))).toBeGreaterThan(10);
      expect(await turnsDuring(() => collect(storage.content({ collection: "a", accepts: () => true })))).toBeGreaterThan(10);
    });

    describe("unless present", () => {
      const unlessPresent = { unlessPresent: true };

      test("content that a collection has is left out there, and only there", async () => {
        const storage = await filled();
        await add(storage, "x", "a");
        const arrival = { block: block("x"), collections: ["a", "b"] };
        const [joined] = await storage.add([arrival], unlessPresent);
        expect(joined).toBeDefined();
        expect(await totals(storage, "a")).toMatchObject({ blockCount: 1 });
        expect(await totals(storage, "b")).toMatchObject({ blockCount: 1, newest: joined });
        expect(await storage.add([arrival], unlessPresent)).toEqual([undefined]);
        expect(await storage.add([arrival])).not.toEqual([undefined]);
        expect([await texts(storage, "a"), await texts(storage, "b")]).toEqual(["xx", "xx"]);
      });

      test("binding, subtype, and whether it is markup, make a difference; remarks do not", async () => {
        const storage = await filled();
        const markup = xmlContent("<a/>");
        const blocks: ContentBlock[] = [
          block("<a/>"),
          { ...block(""), content: markup },
          block("<a/>", "urn:x"),
          block("<a/>", "urn:x", "urn:s"),
          block("<a/> "),
        ];
        const arrivals = blocks.map((each) => ({ block: each, collections: ["a"] }));
        expect(await storage.add(arrivals, unlessPresent)).not.toContain(undefined);
        const remarked = arrivals.map(({ block: each }) => ({
          block: { ...each, message: "again", timestampLabel: "2000-01-01T00:00:00Z" },
          collections: ["a"],
        }));
        expect(await storage.add(remarked, unlessPresent)).toEqual(blocks.map(() => undefined));
      });

      test("repetitions within one call, and in calls at the same time, count", async () => {
        const storage = await filled();
        await add(storage, "old", "a");
        const arrivals = [..."xyxo"].map((text) => ({ block: block(text), collections: ["a"] }));
        const answers = await Promise.all([1, 2, 3].map(() => storage.add(arrivals, unlessPresent)));
        expect(answers.flat().filter((label) => label !== undefined)).toHaveLength(2);
        expect(await texts(storage, "a")).toBe("oldxy");
      });

      test("what was purged is no longer present, also when it was there before anybody asked", async () => {
        const storage = await filled();
        await add(storage, Array.from({ length: 250 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join(""), "a");
        const first = { block: block("\u4e00"), collections: ["a"] };
        expect(await storage.add([first], unlessPresent)).toEqual([undefined]);
        await storage.purge({ collection: "a", keepBlocks: 249 });
        const [label] = await storage.add([first], unlessPresent);
        expect(label).toBeDefined();
        expect(await totals(storage, "a")).toMatchObject({ blockCount: 250, newest: label });
      });

      test("property: a collection ends up with each content once", async () => {
        const calls = fc.array(
          fc.record({
            texts: fc.array(fc.constantFrom("x", "y", "z"), { maxLength: 4 }),
            unlessPresent: fc.boolean(),
            to: fc.constantFrom("a", "b", "ab"),
          }),
          { maxLength: 12 },
        );
        await fc.assert(
          fc.asyncProperty(calls, async (all) => {
            const storage = await filled();
            const expected: Record<string, string> = { a: "", b: "" };
            for (const call of all) {
              await storage.add(
                call.texts.map((text) => ({ block: block(text), collections: [...call.to] })),
                { unlessPresent: call.unlessPresent },
              );
              for (const text of call.texts) {
                for (const to of call.to) if (!call.unlessPresent || !expected[to]?.includes(text)) expected[to] += text;
              }
            }
            for (const to of ["a", "b"]) expect(await texts(storage, to)).toBe(expected[to]);
            await storage.close();
          }),
          { numRuns: runs },
        );
      });
    });

    describe("purge", () => {
      test("takes a range, or the oldest, from one collection, and keeps totals and the newest label", async () => {
        const storage = await filled();
        const labels = await add(storage, "123456", "a", "b");
        const before = await totals(storage, "a");
        expect(await storage.purge({ collection: "a", after: labels[0], until: labels[1] })).toEqual({ blocks: 1, size: 1 });
        expect(await texts(storage, "a")).toBe("13456");
        expect(await storage.purge({ collection: "a", keepBlocks: 4 })).toEqual({ blocks: 1, size: 1 });
        expect(await storage.purge({ collection: "a", keepSize: 2 })).toEqual({ blocks: 2, size: 2 });
        expect(await texts(storage, "a")).toBe("56");
        expect(await storage.purge({ collection: "a", keepBlocks: 2 })).toEqual({ blocks: 0, size: 0 });
        expect(await storage.purge({ collection: "a", after: labels[4], keepBlocks: 0 })).toEqual({ blocks: 1, size: 1 });
        expect(await storage.purge({ collection: "a" })).toEqual({ blocks: 1, size: 1 });
        expect(await totals(storage, "a")).toEqual({ ...before, blockCount: 0, size: 0 });
        expect(await texts(storage, "b")).toBe("123456");
        expect(await totals(storage, "b")).toEqual(before);
        await expect(storage.purge({ collection: "d" })).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
      });

      test("takes blocks without characters, and nothing from a collection that never had any", async () => {
        const storage = await filled();
        await storage.add([{ block: block(""), collections: ["a"] }]);
        expect(await storage.purge({ collection: "b", keepBlocks: 1 })).toEqual({ blocks: 0, size: 0 });
        expect(await storage.purge({ collection: "a" })).toEqual({ blocks: 1, size: 0 });
      });

      test("leaves a reader undisturbed, which misses at most what was removed", async () => {
        const storage = await filled();
        const labels = await add(storage, "x".repeat(3000), "a");
        const read: Label[] = [];
        for await (const { label } of storage.content({ collection: "a" })) {
          read.push(label);
          if (read.length === 10) await storage.purge({ collection: "a", after: labels[99], until: labels[2899] });
        }
        expect(read).toEqual([...new Set(read)].sort((x, y) => x - y));
        expect(read).toEqual(expect.arrayContaining([...labels.slice(0, 100), ...labels.slice(2900)]));
      });

      test("property: it does what removing from a list would do", async () => {
        const bound = fc.option(fc.nat({ max: 9 }), { nil: undefined });
        const purges = fc.array(
          fc.record({ from: fc.constantFrom("a", "b"), after: bound, until: bound, keepBlocks: bound, keepSize: bound }),
          { maxLength: 4 },
        );
        const content = fc.array(fc.record({ size: fc.nat({ max: 3 }), to: fc.constantFrom("a", "b", "ab") }), {
          minLength: 1,
          maxLength: 10,
        });
        await fc.assert(
          fc.asyncProperty(content, purges, async (blocks, all) => {
            const storage = await filled();
            const labels = await storage.add(blocks.map(({ size, to }) => ({ block: block("x".repeat(size)), collections: [...to] })));
            const model = blocks.map(({ size, to }, index) => ({ size, label: labels[index] ?? 0, in: new Set(to) }));
            for (const { from, after, until, keepBlocks, keepSize } of all) {
              const purge: Purge = {
                collection: from,
                after: after === undefined ? undefined : labels[after],
                until: until === undefined ? undefined : labels[until],
                keepBlocks,
                keepSize,
              };
              let left = model.filter((each) => each.in.has(from));
              for (const each of [...left]) {
                const inRange = each.label > (purge.after ?? 0) && each.label <= (purge.until ?? Number.MAX_SAFE_INTEGER);
                const size = left.reduce((sum, one) => sum + one.size, 0);
                if (!inRange || left.length <= (keepBlocks ?? -1) || size <= (keepSize ?? -1)) continue;
                each.in.delete(from);
                left = left.filter((one) => one !== each);
              }
              await storage.purge(purge);
              for (const name of ["a", "b"]) {
                const expected = model.filter((each) => each.in.has(name)).map(({ label, size }) => ({ label, size }));
                expect(await collectLists(storage.keys({ collection: name }))).toEqual(expected);
                expect(await totals(storage, name)).toMatchObject({
                  blockCount: expected.length,
                  size: expected.reduce((sum, { size }) => sum + size, 0),
                });
              }
            }
            await storage.close();
          }),
          { numRuns: runs },
        );
      });
    });

    test("a collection goes with its content, which stays in other collections; the name can be used again", async () => {
      const storage = await filled();
      const revision = await storage.directory.revision();
      await add(storage, "12", "a", "b");
      await add(storage, "3", "a");
      expect(await storage.directory.revision()).toBe(revision);
      expect(await storage.removeCollection("a")).toBe(true);
      expect(await storage.removeCollection("a")).toBe(false);
      expect(await storage.directory.revision()).toBeGreaterThan(revision);
      expect(await storage.collection("a")).toBeUndefined();
      await expect(storage.count({ collection: "a" })).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
      expect(await texts(storage, "b")).toBe("12");
      await storage.putCollection({ name: "a" });
      expect(await totals(storage, "a")).toEqual({ blockCount: 0, size: 0, newest: undefined });
      expect(await texts(storage, "a")).toBe("");
    });

    describe("receipts", () => {
      async function receipts(storage: Storage, range?: Parameters<Storage["receipts"]>[0]): Promise<StoredReceipt[]> {
        const all: StoredReceipt[] = [];
        for await (const receipt of storage.receipts(range)) all.push(receipt);
        return all;
      }

      test("come with the content, oldest first, within a range of time, and can be forgotten", async () => {
        let now = day;
        const storage = await filled(() => now);
        const raw = Uint8Array.from([0, 255, 13, 10, 0]);
        const full = { messageId: "1", account: "me", service: "/inbox", subscriptionId: "s", resultId: "r", blockCount: 3, raw };
        const labels = await storage.add(
          [..."xy"].map((text) => ({ block: block(text), collections: ["a"] })),
          { receipt: full },
        );
        now += 1000;
        const bare = { messageId: "2", service: "/inbox", blockCount: 0 };
        await storage.add([], { receipt: bare });
        await storage.add([{ block: block("x"), collections: ["a"] }], { receipt: { ...bare, messageId: "3" }, unlessPresent: true });
        const all = await receipts(storage);
        expect(all[0]).toEqual({ ...full, received: day, labels });
        expect(all.slice(1)).toMatchObject([
          { messageId: "2", labels: [], received: day + 1000 },
          { messageId: "3", labels: [], received: day + 1000 },
        ]);
        expect(all[1]?.raw).toBeUndefined();
        expect(await receipts(storage, { since: day + 1 })).toHaveLength(2);
        expect(await receipts(storage, { since: day, until: day + 1000 })).toHaveLength(1);
        expect(await storage.purgeReceipts(day + 1000)).toBe(1);
        expect(await storage.purgeReceipts(day + 1000)).toBe(0);
        expect(await receipts(storage)).toHaveLength(2);
      });

      test("are not kept of what failed", async () => {
        const storage = await filled();
        const receipt = { messageId: "1", service: "/inbox", blockCount: 1 };
        const lost: Arrival = { block: block("x"), collections: ["nowhere"] };
        const answers = await Promise.allSettled([
          storage.add([lost], { receipt }),
          storage.add([{ block: block("y"), collections: ["a"] }], { receipt: { ...receipt, messageId: "2" } }),
        ]);
        expect(answers.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
        expect((await receipts(storage)).map(({ messageId }) => messageId)).toEqual(["2"]);
      });

      test("many of one time come once each", async () => {
        const storage = await filled();
        const ids = Array.from({ length: 1100 }, (_, index) => String(index));
        await Promise.all(ids.map((messageId) => storage.add([], { receipt: { messageId, service: "/", blockCount: 0 } })));
        expect((await receipts(storage)).map(({ messageId }) => messageId)).toEqual(ids);
      });
    });

    test("calls at the same time each get their own labels, and one that fails does not fail the others", async () => {
      const storage = await filled();
      const answers = await Promise.allSettled(
        Array.from({ length: 60 }, (_, index) =>
          storage.add(
            [1, 2].map((part) => ({ block: block(`${index}.${part} `), collections: index % 3 === 0 ? ["a", "nowhere"] : ["a"] })),
          ),
        ),
      );
      const labels = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
      expect(labels).toHaveLength(40);
      expect(labels.flat()).toEqual([...new Set(labels.flat())].sort((x = 0, y = 0) => x - y));
      for (const answer of answers.filter(({ status }) => status === "rejected")) {
        expect(answer).toMatchObject({ reason: { code: "UNKNOWN_COLLECTION" } });
      }
      const order = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? "" : `${index}.1 ${index}.2 `));
      expect(await texts(storage, "a")).toBe(order.join(""));
      expect(await totals(storage, "a")).toMatchObject({ blockCount: 80 });
    });

    test("it answers, and can be closed", async () => {
      const storage = await filled();
      await storage.ping();
      const added = add(storage, "x", "a");
      await storage.close();
      expect(await added).toHaveLength(1);
    });
  });
}
