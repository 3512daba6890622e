/** What every storage has to do. */

import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { ContentBlock } from "../../generated/taxii11/index.js";
import { xmlContent } from "../../src/codec/fragment.js";
import { type Arrival, type Clock, type Label, type Selection, type Storage, StorageError } from "../../src/storage/index.js";

/** A storage under test that can be closed and opened again. */
export interface Subject {
  open(clock?: Clock): Promise<Storage>;
  /** Whether data is there again after `close` and `open`. */
  readonly durable: boolean;
}

export function block(text: string, bindingId = "urn:example:binding", subtypeId?: string): ContentBlock {
  return {
    contentBinding: subtypeId === undefined ? { bindingId } : { bindingId, subtype: { subtypeId } },
    content: { text },
  };
}

function arrival(text: string, ...collections: string[]): Arrival {
  return { block: block(text), collections };
}

async function textsOf(storage: Storage, selection: Selection): Promise<string[]> {
  const texts: string[] = [];
  for await (const { block: stored } of storage.content(selection))
    texts.push("text" in stored.content ? stored.content.text : stored.content.xml);
  return texts;
}

async function labelsOf(storage: Storage, collection: string): Promise<Label[]> {
  const labels: Label[] = [];
  for await (const { label } of storage.content({ collection })) labels.push(label);
  return labels;
}

/** @param runs of properties; fewer where each takes long */
export function storageSuite(name: string, newSubject: () => Subject, runs = 30): void {
  describe(name, () => {
    const opened: Storage[] = [];
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close();
    });

    /** The subject, whose storages are closed after the test. */
    function subject(): Subject {
      const { durable, open } = newSubject();
      return {
        durable,
        async open(clock) {
          const storage = await open(clock);
          opened.push(storage);
          return storage;
        },
      };
    }

    async function filled(clock?: Clock): Promise<Storage> {
      const storage = await subject().open(clock);
      await storage.putCollection({ name: "a" });
      await storage.putCollection({ name: "b", type: "DATA_SET" });
      return storage;
    }

    test("collections get defaults, are replaced by name, and are listed by name", async () => {
      const storage = await subject().open();
      await storage.putCollection({ name: "z" });
      await storage.putCollection({ name: "__proto__", contentBindings: [{ bindingId: "urn:x", subtypes: [{ subtypeId: "urn:y" }] }] });
      await storage.putCollection({ name: "z", description: "last", type: "DATA_SET", available: false, volume: 7 });
      const empty = { blockCount: 0, size: 0, newest: undefined, retention: undefined };
      expect(await storage.collections()).toEqual([
        {
          ...empty,
          volume: undefined,
          name: "__proto__",
          type: "DATA_FEED",
          description: "",
          available: true,
          contentBindings: [{ bindingId: "urn:x", subtypes: [{ subtypeId: "urn:y" }] }],
        },
        { ...empty, name: "z", type: "DATA_SET", description: "last", available: false, contentBindings: [], volume: 7 },
      ]);
      expect((await storage.collection("z"))?.volume).toBe(7);
      expect(await storage.collection("constructor")).toBeUndefined();
      await expect(storage.putCollection({ name: "" })).rejects.toThrow("expected a URI");
      await expect(storage.putCollection({ name: "x".repeat(10_000) })).rejects.toThrow("expected at most 800 characters");
      await expect(storage.putCollection({ name: "n", contentBindings: [{ bindingId: "urn:a|urn:b" }] })).rejects.toThrow("nesting");
    });

    test("everything of a block comes back as it was", async () => {
      const storage = await filled();
      const xml = xmlContent("<a xmlns:x='urn:x'><!-- c --><x:b><![CDATA[<&>]]></x:b></a>\n");
      const signature = xmlContent('<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>');
      const blocks: ContentBlock[] = [
        {
          contentBinding: { bindingId: "urn:x|urn:y" },
          content: xml,
          message: "m\n\u{1f600}",
          padding: "  ",
          timestampLabel: "1999-01-01T00:00:00Z",
          signature,
        },
        { contentBinding: { bindingId: "", subtype: { subtypeId: "urn:s" } }, content: { text: "" } },
        { contentBinding: { bindingId: "urn:x" }, content: { text: " \r\n\t]]> \u00e9" } },
      ];
      await storage.add(blocks.map((each) => ({ block: each, collections: ["a"] })));
      const stored: ContentBlock[] = [];
      for await (const item of storage.content({ collection: "a" })) stored.push(item.block);
      expect(stored).toEqual(blocks);
    });

    test("what could not be written into a message is refused, and nothing is kept", async () => {
      const storage = await filled();
      const bad: ContentBlock[] = [
        { contentBinding: { bindingId: "urn:x" }, content: { xml: "<a>" } },
        { contentBinding: { bindingId: "urn:x" }, content: { xml: "<!DOCTYPE a><a/>" } },
        { contentBinding: { bindingId: "urn:x" }, content: { text: "\u0000" } },
        { contentBinding: { bindingId: "urn:x\ufffe" }, content: { text: "" } },
        { contentBinding: { bindingId: "urn:x" }, content: { text: "" }, message: "\ud800" },
      ];
      for (const one of bad) {
        await expect(storage.add([arrival("good", "a"), { block: one, collections: ["a"] }])).rejects.toThrow("is not valid");
      }
      expect(await storage.count({ collection: "a" })).toBe(0);
    });

    test("a block can be in several collections, once in each, under one label", async () => {
      const storage = await filled();
      const [label] = await storage.add([arrival("x", "a", "b", "a")]);
      expect(label).toBeDefined();
      expect(await labelsOf(storage, "a")).toEqual([label]);
      expect(await labelsOf(storage, "b")).toEqual([label]);
    });

    test("an unknown collection keeps everything out", async () => {
      const storage = await filled();
      await expect(storage.add([arrival("x", "a"), arrival("y", "a", "toString")])).rejects.toThrow(StorageError);
      await expect(textsOf(storage, { collection: "c" })).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
      await expect(storage.count({ collection: "c" })).rejects.toMatchObject({ code: "UNKNOWN_COLLECTION" });
      expect(await textsOf(storage, { collection: "a" })).toEqual([]);
      expect(await storage.add([])).toEqual([]);
    });

    test("begin is exclusive, end inclusive; the count agrees", async () => {
      const storage = await filled();
      const labels = await storage.add([..."12345"].map((text) => arrival(text, "a")));
      await storage.add([arrival("other", "b")]);
      const all = [undefined, ...labels];
      for (const [low, after] of all.entries()) {
        for (const [high, until] of all.entries()) {
          const selection = { collection: "a", after, until };
          const expected = "12345".slice(low, until === undefined ? 5 : Math.max(high, low));
          expect(await textsOf(storage, selection)).toEqual([...expected]);
          expect(await storage.count(selection)).toBe(expected.length);
        }
      }
    });

    test("content is chosen by binding and subtype", async () => {
      const storage = await filled();
      const all = [block("1", "urn:x"), block("2", "urn:x", "urn:s"), block("3", "urn:y", "urn:s"), block("4", "urn:x", "urn:s")];
      await storage.add(all.map((each) => ({ block: each, collections: ["a"] })));
      const asked: unknown[] = [];
      const accepts: Selection["accepts"] = (binding) => {
        asked.push(binding);
        return binding.bindingId === "urn:x" && binding.subtype?.subtypeId === "urn:s";
      };
      expect(await textsOf(storage, { collection: "a", accepts })).toEqual(["2", "4"]);
      expect(asked).toHaveLength(3);
      expect(asked).toContainEqual({ bindingId: "urn:x" });
      expect(await storage.count({ collection: "a", accepts })).toBe(2);
      expect(await textsOf(storage, { collection: "a", accepts: () => false })).toEqual([]);
    });

    test("labels increase whatever the clock does", async () => {
      let now = 1_700_000_000_000;
      const storage = await filled(() => now);
      const labels: (Label | undefined)[] = [];
      for (const step of [0, 0, 5, -60_000, 0, 3_600_000, -1]) {
        now += step;
        labels.push(...(await storage.add([arrival("x", "a"), arrival("y", "b")])));
      }
      expect(labels).toEqual([...new Set(labels)].sort((a = 0, b = 0) => a - b));
      expect(labels.every(Number.isSafeInteger)).toBe(true);
      expect(labels[0]).toBe(1_700_000_000_000_001);
    });

    test("the horizon covers what is there, and stays before what is to come", async () => {
      let now = 1_700_000_000_000;
      const storage = await filled(() => now);
      const empty = await storage.horizon();
      expect(empty).toBe(now * 1000);
      const [first = 0] = await storage.add([arrival("x", "a")]);
      expect(first).toBeGreaterThan(empty);
      expect(await storage.horizon()).toBe(first);
      now += 10;
      expect(await storage.horizon(now * 1000)).toBe(now * 1000);
      expect(await storage.horizon(first)).toBe(now * 1000);
      expect(await storage.horizon(now * 1000 + 1)).toBe(now * 1000);
      now -= 1000;
      expect((await storage.add([arrival("y", "a")]))[0]).toBeGreaterThan((now + 1000) * 1000);
    });

    test("many blocks stream in order, also when some join meanwhile", async () => {
      const storage = await filled();
      await storage.add(Array.from({ length: 2500 }, (_, index) => arrival(String(index), "a")));
      const until = await storage.horizon();
      const texts: string[] = [];
      for await (const { block: stored } of storage.content({ collection: "a", until })) {
        if (texts.length % 1000 === 0) await storage.add([arrival("late", "a")]);
        texts.push("text" in stored.content ? stored.content.text : "");
      }
      expect(texts).toEqual(Array.from({ length: 2500 }, (_, index) => String(index)));
      expect(await storage.count({ collection: "a" })).toBe(2503);
    });

    test("a batch is seen whole or not at all", async () => {
      const storage = await filled();
      const writes = Array.from({ length: 20 }, () => storage.add(Array.from({ length: 7 }, (_, index) => arrival(String(index), "a"))));
      const counts = Array.from({ length: 20 }, () => storage.count({ collection: "a" }));
      await Promise.all(writes);
      for (const count of await Promise.all(counts)) expect(count % 7).toBe(0);
    });

    test("property: reading on from each horizon gives every block once, in order", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(fc.oneof(fc.array(fc.constantFrom("a", "b", "ab"), { maxLength: 4 }), fc.constant("read" as const)), { maxLength: 30 }),
          async (actions) => {
            let now = 1_700_000_000_000;
            const storage = await filled(() => (now += (now % 3) - 1));
            const written: (Label | undefined)[] = [];
            const read: Label[] = [];
            let last: Label | undefined;
            const readOn = async (): Promise<void> => {
              const until = await storage.horizon();
              for await (const { label } of storage.content({ collection: "a", after: last, until })) read.push(label);
              last = until;
            };
            for (const action of actions) {
              if (action === "read") await readOn();
              else {
                const labels = await storage.add(action.map((where) => arrival("x", ...where)));
                written.push(...labels.filter((_, index) => action[index]?.includes("a")));
              }
            }
            await readOn();
            expect(read).toEqual(written);
            await storage.close();
          },
        ),
        { numRuns: runs },
      );
    });

    test("data outlives a restart, and labels go on from where they were", async () => {
      if (!subject().durable) return;
      const subjectOfTest = subject();
      const storage = await subjectOfTest.open(() => 1_700_000_000_000);
      await storage.putCollection({ name: "a" });
      const [before = 0] = await storage.add([arrival("x", "a")]);
      await storage.close();
      const again = await subjectOfTest.open(() => 1_600_000_000_000);
      expect(await textsOf(again, { collection: "a" })).toEqual(["x"]);
      expect(await again.horizon()).toBe(before);
      expect((await again.add([arrival("y", "a")]))[0]).toBe(before + 1);
      await again.close();
    });
  });
}
