import fc from "fast-check";
import { afterEach, describe, expect, test } from "vitest";
import type { ContentBlock, PollResponse } from "../../../generated/taxii11/index.js";
import { checkedXml } from "../../../src/binding/content.js";
import { firstPortion, wholePortion } from "../../../src/delivery/portion.js";
import { queryBody } from "../../../src/message/query-body.js";
import { defaultQuery, indexForQueries, type QueryHandler, ResultMaker } from "../../../src/server/index.js";
import { defaultPartLimits, predicateOf } from "../../../src/server/results/index.js";
import { type Storage, StorageError } from "../../../src/storage/index.js";
import { postgresStorage } from "../../../src/storage/sql/postgres.js";
import { sqliteStorage } from "../../../src/storage/sql/sqlite.js";
import { criterion, queryOf } from "../../query/worked.js";
import { eventually } from "../../support/eventually.js";
import { hasPostgres, postgresDatabase } from "../../support/postgres-shared.js";
import { summary, textsOf } from "../kit.js";
import { markup, tree } from "../query-arbitraries.js";
import { type PollKit, pollKit } from "./poll-kit.js";

const id = "urn:example:vocabulary:test-1";
const vocabulary = { id, bindings: ["urn:stix"], preferredScopes: ["a/**", "*/b", "**/@c"], allowedScopes: ["**"] };

/** Default Query, and how many blocks it was asked about. */
function counted(narrowed: boolean): QueryHandler & { looked: number } {
  const handler = defaultQuery({ vocabularies: [vocabulary] });
  return {
    ...handler,
    looked: 0,
    async prepare(query, collection) {
      const predicate = await handler.prepare(query, collection);
      const counting = (one: ContentBlock) => {
        this.looked++;
        return predicate(one);
      };
      return narrowed ? Object.assign(counting, { narrowing: predicate.narrowing }) : counting;
    },
  };
}

const opened: Storage[] = [];
afterEach(async () => {
  for (const storage of opened.splice(0)) await storage.close();
});

interface Setting {
  readonly storage: Storage;
  readonly indexed: QueryHandler & { looked: number };
  readonly plain: QueryHandler & { looked: number };
  /** Two servers on one database: one looks into the index, the other one does not. */
  kits(options?: Parameters<typeof pollKit>[0]): Promise<readonly [indexed: PollKit, plain: PollKit]>;
}

type Open = () => Promise<Storage>;

async function setting(open: Open): Promise<Setting> {
  const storage = await open();
  opened.push(storage);
  await storage.putCollection({ name: "feed" });
  expect(await indexForQueries(storage, [vocabulary])).toBe(true);
  const [indexed, plain] = [counted(true), counted(false)];
  return {
    storage,
    indexed,
    plain,
    kits: async (options) => [
      await pollKit({ ...options, queries: [indexed] }, { storage }),
      await pollKit({ ...options, queries: [plain] }, { storage }),
    ],
  };
}

const filler = Array.from({ length: 120 }, (_, index) => `<z>${index}</z>`);

async function add(storage: Storage, records: readonly string[]): Promise<void> {
  await storage.add(
    records.map((xml, index) => ({
      block: { contentBinding: { bindingId: "urn:stix" }, content: index % 3 === 0 ? { text: xml } : checkedXml(xml) },
      collections: ["feed"],
    })),
  );
}

const pollParameters = (asked: Parameters<typeof queryOf>[0]) => ({ query: queryBody(queryOf(asked, id)) });

/** What a poller gets, however it is cut. */
function contentOf(parts: readonly PollResponse[]) {
  return { texts: parts.flatMap(textsOf), begin: parts[0]?.exclusiveBeginTimestamp, end: parts.at(-1)?.inclusiveEndTimestamp };
}

const storages: readonly (readonly [name: string, open: Open, runs: number])[] = [
  ["SQLite", async () => sqliteStorage(":memory:"), 40],
  ...(hasPostgres ? [["PostgreSQL", async () => postgresStorage(await postgresDatabase(), { maxConnections: 2 }), 12] as const] : []),
];

describe.each(storages)("polls with an index on %s", (_name, open, runs) => {
  // [QRY-EVAL-004]
  test("give what polls without one give, and count it alike", async () => {
    const { storage, indexed, plain, kits } = await setting(open);
    const records = fc.sample(markup, { numRuns: 40, seed: 42 });
    await add(storage, [...filler, ...records.slice(0, 20), ...filler, ...records.slice(20)]);
    const [whole, wholePlain] = await kits();
    const [cut] = await kits({ maxBlocks: 7, maxScanned: 100 });
    await fc.assert(
      fc.asyncProperty(tree, async (asked) => {
        const asking = { pollParameters: pollParameters(asked) };
        const [found, expected] = [await whole.poll(asking), await wholePlain.poll(asking)];
        expect(contentOf([found])).toEqual(contentOf([expected]));
        expect(found.recordCount).toEqual(expected.recordCount);
        expect(contentOf(await cut.parts(asking))).toEqual(contentOf([expected]));
        const counting = { pollParameters: { ...asking.pollParameters, responseType: "COUNT_ONLY" as const } };
        expect((await whole.poll(counting)).recordCount).toEqual(expected.recordCount);
      }),
      { numRuns: runs },
    );
    expect(indexed.looked).toBeLessThan(plain.looked * 4);
  });

  test("look at few blocks for each way a result is asked for", async () => {
    const { storage, indexed, kits } = await setting(open);
    await add(storage, [...filler, "<a><b>here</b></a>", ...filler, "<a><b>HERE</b><c>2014-05-08T09:00:00Z</c></a>"]);
    const [kit] = await kits();
    const asked = criterion("a/b", "equals", { value: "here", match_type: "case_insensitive_string" });
    const lookedAt = async (work: () => Promise<unknown>): Promise<number> => {
      indexed.looked = 0;
      await work();
      return indexed.looked;
    };
    const query = pollParameters(asked).query;
    expect(await lookedAt(() => kit.poll({ pollParameters: { query } }))).toBe(2);
    expect(await lookedAt(() => kit.poll({ pollParameters: { query, responseType: "COUNT_ONLY" } }))).toBe(2);
    const subscriptionId = await kit.subscribe({ query });
    expect(await lookedAt(async () => expect(textsOf(await kit.poll({ pollParameters: undefined, subscriptionId }))).toHaveLength(2))).toBe(
      2,
    );
    for (const [target, relationship, parameters, count] of [
      ["a/b", "begins_with", { value: "he" }, 2],
      ["a/c", "timestamp:greater_than", { value: "2014-05-08T08:00:00Z" }, 1],
      ["a/c", "exists", {}, 1],
      ["a/*", "equals", { value: "here" }, 2],
      ["z", "equals", { value: "7" }, filler.length * 2 + 2],
    ] as const)
      expect([
        target,
        relationship,
        await lookedAt(() => kit.poll({ pollParameters: pollParameters(criterion(target, relationship, parameters)) })),
      ]).toEqual([target, relationship, count]);
  });

  test("look at few blocks for results that are made later, and for what is pushed", async () => {
    const { storage, indexed, kits } = await setting(open);
    await add(storage, [...filler, "<a><b>here</b></a>"]);
    const [kit] = await kits({ asynchronous: "always" });
    const query = pollParameters(criterion("a/b", "equals", { value: "here" })).query;
    const pending = await kit.refused({ pollParameters: { query, allowAsynch: true } });
    const [, [resultId = ""] = []] = summary(pending, "RESULT_ID") as [string, string[]];
    const maker = new ResultMaker({ storage, handlersFor: () => [indexed], interval: 10 });
    indexed.looked = 0;
    maker.start();
    await eventually(async () => (await storage.results.get(resultId))?.state).toBe("READY");
    await maker.stop();
    expect(indexed.looked).toBe(1);

    const collection = await storage.collection("feed");
    if (collection === undefined) throw new StorageError("UNKNOWN_COLLECTION", "feed");
    const options = { limits: defaultPartLimits, predicate: await predicateOf(query, [indexed], collection) };
    const range = { collection, after: undefined, until: await storage.horizon(), contentBindings: [] };
    for (const portionOf of [firstPortion, wholePortion]) {
      indexed.looked = 0;
      expect(await portionOf(storage, range, options)).toMatchObject({ count: 1, last: true });
      expect(indexed.looked).toBe(1);
    }
  });
});
