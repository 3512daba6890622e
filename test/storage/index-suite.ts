/** What every storage with an index has to do: find the same as without it, at any moment. */

import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { ContentBlock } from "../../generated/taxii11/index.js";
import type { ContentIndexer, IndexedContent, Narrowing, NarrowingCondition, Storage } from "../../src/storage/index.js";

/** Opens storages on the same, empty database. */
export type OpenNodes = () => Promise<() => Promise<Storage>>;

/**
 * Records of the test: words. `k1=v k2=7` has nodes `k1` and `k2`. A definition is a list of nodes that are in the index; a record
 * `?` is always a candidate.
 */
export const words: ContentIndexer = {
  read(definition) {
    if (!definition.startsWith("words:")) return undefined;
    const known = definition.slice(6).split(",");
    const content: IndexedContent = {
      entriesOf({ content: given }) {
        const text = "text" in given ? given.text : given.xml;
        if (text === "?") return undefined;
        return text.split(" ").flatMap((word) => {
          const [path = "", value = ""] = word.split("=");
          const number = /^\d+$/.test(value) ? Number(value) : undefined;
          return known.includes(path) ? [{ path, text: value, number, instant: number }] : [];
        });
      },
      covers: (target, bindings) =>
        (known.includes(target) || (target === "*" && known.length === 3)) && bindings.every((one) => one === "urn:words"),
      denotes: (target) => (path) => path === target || (target === "*" && path !== "d"),
    };
    return content;
  },
};

function record(text: string): ContentBlock {
  return { contentBinding: { bindingId: "urn:words" }, content: { text } };
}

const key = fc.constantFrom("a", "b", "c");
const value = fc.constantFrom("", "x", "xy", "xyz", "y", "1", "5", "9", "\u{10ffff}", "x\u{10ffff}z", "\ud7ff");
const text = fc.oneof(
  {
    weight: 20,
    arbitrary: fc
      .array(
        fc.tuple(key, value).map(([path, one]) => `${path}=${one}`),
        { maxLength: 3 },
      )
      .map((all) => all.join(" ")),
  },
  { weight: 1, arbitrary: fc.constant("?") },
  // Most blocks are about something else.
  { weight: 300, arbitrary: fc.constant("d=x") },
);

const leaf: fc.Arbitrary<NarrowingCondition> = fc.record({
  target: fc.oneof({ weight: 4, arbitrary: key }, { weight: 1, arbitrary: fc.constant("*") }),
  value: fc.oneof(
    fc.constant(undefined),
    fc.array(value, { minLength: 1, maxLength: 2 }).map((texts) => ({ kind: "equal" as const, texts })),
    value.map((one) => ({ kind: "prefix" as const, text: one })),
    fc.record({
      kind: fc.constantFrom("number" as const, "instant" as const),
      from: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
      to: fc.option(fc.integer({ min: 0, max: 9 }), { nil: undefined }),
      apart: fc.boolean(),
    }),
  ),
});

const condition = fc.letrec<{ tree: NarrowingCondition }>((tie) => {
  const parts = fc.array(fc.oneof({ maxDepth: 2 }, leaf, tie("tree")), { minLength: 1, maxLength: 3 });
  return {
    tree: fc.oneof(
      leaf,
      parts.map((all) => ({ all })),
      parts.map((any) => ({ any })),
    ),
  };
}).tree;

const everything = words.read("words:a,b,c");

/** Whether a record meets a condition, by looking at it. */
function meets(one: NarrowingCondition, block: ContentBlock): boolean {
  if ("all" in one) return one.all.every((part) => meets(part, block));
  if ("any" in one) return one.any.some((part) => meets(part, block));
  const { target, value: wanted } = one;
  if (wanted !== undefined && "apart" in wanted && wanted.apart === true)
    return [{ from: wanted.from }, { to: wanted.to }].every((bound) => meets({ target, value: { kind: wanted.kind, ...bound } }, block));
  return (everything?.entriesOf(block) ?? []).some((entry) => {
    if (entry.path !== target && target !== "*") return false;
    if (wanted === undefined) return true;
    if (wanted.kind === "equal") return wanted.texts.includes(entry.text);
    if (wanted.kind === "prefix") return entry.text.startsWith(wanted.text);
    return entry.number !== undefined && entry.number >= (wanted.from ?? 0) && entry.number <= (wanted.to ?? 9);
  });
}

async function textsOf(storage: Storage, asked: NarrowingCondition, narrowing: Narrowing | undefined, until?: number) {
  const [texts, looked]: [string[], string[]] = [[], []];
  for await (const { block } of storage.content({ collection: "a", until, narrowing })) {
    const found = "text" in block.content ? block.content.text : "";
    looked.push(found);
    if (found === "?" || meets(asked, block)) texts.push(found);
  }
  return { texts, looked: looked.length };
}

/** Something that happens to a database. */
const event = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("add" as const),
      texts: fc.array(text, { minLength: 50, maxLength: 150, size: "max" }),
      aware: fc.integer({ min: 0, max: 9 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("define" as const), keys: fc.subarray(["a", "b", "c"]) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant("index" as const), steps: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("purge" as const), keep: fc.integer({ min: 50, max: 400 }) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant("ask" as const), condition, until: fc.boolean() }) },
);

/** @param runs of the property */
export function indexSuite(name: string, nodes: OpenNodes, runs: number): void {
  describe(`the index of ${name}`, () => {
    const opened: Storage[] = [];
    afterEach(async () => {
      for (const storage of opened.splice(0)) await storage.close();
    });

    async function node(open: () => Promise<Storage>, aware = true): Promise<Storage> {
      const storage = await open();
      opened.push(storage);
      if (aware) storage.index?.use(words);
      return storage;
    }

    async function prepared(): Promise<{ storage: Storage; open: () => Promise<Storage> }> {
      const open = await nodes();
      const storage = await node(open);
      await storage.putCollection({ name: "a" });
      return { storage, open };
    }

    const add = (storage: Storage, texts: readonly string[], collections = ["a"]) =>
      storage.add(texts.map((one) => ({ block: record(one), collections })));
    const filler = Array.from({ length: 200 }, (_, index) => `a=${index} b=x`);
    const equal = (target: string, one: string) => ({ target, value: { kind: "equal" as const, texts: [one] } });
    const ask = (storage: Storage, asked: NarrowingCondition) => textsOf(storage, asked, { bindings: ["urn:words"], condition: asked });

    async function indexAll(storage: Storage): Promise<number> {
      let blocks = 0;
      for (let step = await storage.index?.index(); ; step = await storage.index?.index()) {
        blocks += step?.blocks ?? 0;
        if (step?.done !== false) return blocks;
      }
    }

    test("whatever happens, by whomever, the same is found with it as without it", async () => {
      let narrowed = 0;
      await fc.assert(
        fc.asyncProperty(fc.array(event, { minLength: 3, maxLength: 12 }), async (events) => {
          const { storage, open } = await prepared();
          const second = await node(open);
          const unaware = await node(open, false);
          await storage.index?.define("words:a,b,c");
          await add(
            storage,
            filler.map(() => "d=x"),
          );
          for (const one of events) {
            if (one.kind === "add") await add(one.aware === 0 ? unaware : one.aware < 5 ? second : storage, one.texts);
            else if (one.kind === "define") await storage.index?.define(one.keys.length === 0 ? undefined : `words:${one.keys.join()}`);
            else if (one.kind === "index") for (let step = 0; step < one.steps; step++) await second.index?.index();
            else if (one.kind === "purge") await storage.purge({ collection: "a", keepBlocks: one.keep });
            else {
              const until = one.until ? await storage.horizon() : undefined;
              const plain = await textsOf(storage, one.condition, undefined, until);
              const found = await textsOf(second, one.condition, { bindings: ["urn:words"], condition: one.condition }, until);
              expect(found.texts).toEqual(plain.texts);
              if (found.looked < plain.looked) narrowed++;
            }
          }
          for (const each of opened.splice(0)) await each.close();
        }),
        { numRuns: runs },
      );
      expect(narrowed).toBeGreaterThan(runs / 10);
    });

    test("what was there before is looked through, until it is indexed", async () => {
      const { storage } = await prepared();
      await add(storage, [...filler, "a=here", "?"]);
      expect(await storage.index?.state()).toEqual({ definition: undefined, missing: 0 });
      expect(await storage.index?.define("words:a")).toBe(true);
      expect(await storage.index?.define("words:a")).toBe(false);
      expect(await storage.index?.state()).toEqual({ definition: "words:a", missing: 202 });
      await add(storage, [...filler, "a=here"]);
      expect(await ask(storage, equal("a", "here"))).toEqual({ texts: ["a=here", "?", "a=here"], looked: 203 });
      expect(await storage.index?.index()).toEqual({ blocks: 100, done: false });
      expect(await storage.index?.state()).toMatchObject({ missing: 102 });
      expect(await ask(storage, equal("a", "here"))).toEqual({ texts: ["a=here", "?", "a=here"], looked: 105 });
      expect(await indexAll(storage)).toBe(102);
      expect(await ask(storage, equal("a", "here"))).toEqual({ texts: ["a=here", "?", "a=here"], looked: 3 });
      expect(await storage.index?.state()).toMatchObject({ missing: 0 });
    });

    test("what somebody stores who knows no index is looked through", async () => {
      const { storage, open } = await prepared();
      await storage.index?.define("words:a");
      await add(storage, filler);
      await indexAll(storage);
      expect(await ask(storage, equal("a", "7"))).toMatchObject({ looked: 1 });
      await add(await node(open, false), ["a=7"]);
      expect(await ask(storage, equal("a", "7"))).toEqual({ texts: ["a=7 b=x", "a=7"], looked: 201 });
      expect(await indexAll(storage)).toBe(201);
      expect(await ask(storage, equal("a", "7"))).toEqual({ texts: ["a=7 b=x", "a=7"], looked: 2 });
    });

    test("a definition that nobody understands is of no use, and of no harm", async () => {
      const { storage } = await prepared();
      await storage.index?.define("later:a");
      await add(storage, filler);
      expect(await ask(storage, equal("a", "7"))).toEqual({ texts: ["a=7 b=x"], looked: 200 });
      await expect(storage.index?.index()).rejects.toMatchObject({ code: "INCOMPATIBLE_DATABASE" });
      await storage.index?.define("words:a");
      await indexAll(storage);
      expect(await ask(storage, equal("a", "7"))).toMatchObject({ looked: 1 });
    });

    test("content that goes takes its entries with it, and what nobody asks for any more goes as well", async () => {
      const { storage, open } = await prepared();
      await storage.putCollection({ name: "b" });
      await storage.index?.define("words:a,b");
      await add(storage, filler);
      await add(storage, filler, ["a", "b"]);
      await storage.purge({ collection: "a" });
      // As with an index that has no blocks: nothing is found, nothing is left over.
      await add(storage, filler);
      expect(await ask(storage, equal("b", "x"))).toMatchObject({ texts: { length: 200 } });
      await storage.index?.define(undefined);
      expect(await indexAll(await node(open))).toBe(0);
      expect(await ask(storage, equal("a", "7"))).toEqual({ texts: ["a=7 b=x"], looked: 200 });
      await storage.removeCollection("b");
    });

    test("several index at the same time, while others store and remove", async () => {
      const { storage, open } = await prepared();
      for (let round = 0; round < 4; round++) await add(storage, filler);
      await storage.index?.define("words:a");
      const helpers = await Promise.all([node(open), node(open)]);
      const writing = (async () => {
        for (let round = 0; round < 5; round++) await add(storage, ["a=new", ...filler.slice(0, 20)]);
      })();
      await Promise.all([writing, storage.purge({ collection: "a", keepBlocks: 600 }), ...helpers.map(indexAll)]);
      await indexAll(storage);
      const found = await ask(storage, equal("a", "new"));
      expect(found).toEqual({ texts: Array.from({ length: 5 }, () => "a=new"), looked: 5 });
    });
  });
}
