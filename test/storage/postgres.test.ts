import pg from "pg";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import type { Storage } from "../../src/storage/index.js";
import { type PostgresStorageOptions, postgresStorage } from "../../src/storage/sql/postgres.js";
import { type Postgres, startPostgres } from "../support/postgres.js";
import { hasPostgres, postgresDatabase, postgresQuery } from "../support/postgres-shared.js";
import { block } from "./suite.js";

const one = (text: string) => [{ block: block(text), collections: ["a"] }];

test("without the driver the error says what to install", async () => {
  vi.doMock("pg", () => {
    throw new Error("Cannot find package 'pg'");
  });
  await expect(postgresStorage("postgres://127.0.0.1:1/x").collections()).rejects.toMatchObject({
    code: "DRIVER_MISSING",
    message: expect.stringContaining("npm install pg"),
  });
  vi.doUnmock("pg");
});

test("a database that cannot be reached is UNAVAILABLE, and the password stays out of the error", async () => {
  const storage = postgresStorage("postgres://user:secret-password@127.0.0.1:1/x");
  const failure: unknown = await storage.ping().catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: "UNAVAILABLE" });
  expect(JSON.stringify(failure, Object.getOwnPropertyNames(failure)) + String(failure)).not.toContain("secret-password");
  await storage.close();
});

describe.runIf(hasPostgres)("with PostgreSQL", () => {
  const opened: Storage[] = [];
  afterEach(async () => {
    for (const storage of opened.splice(0)) await storage.close();
  });

  function open(url: string, options: PostgresStorageOptions = {}): Storage {
    const storage = postgresStorage(url, options);
    opened.push(storage);
    return storage;
  }

  test("storages that start at the same time make the tables once", async () => {
    const url = await postgresDatabase();
    const storages = Array.from({ length: 6 }, () => open(url, { maxConnections: 2 }));
    await Promise.all(storages.map((storage) => storage.putCollection({ name: "a" })));
    const names = (await postgresQuery(url, "select name from migrations order by name")).map(({ name }) => name);
    expect(names).toContain("001-content");
    expect(new Set(names).size).toBe(names.length);
    expect(await postgresQuery(url, "select count(*)::int as count from label_allocator")).toEqual([{ count: 1 }]);
  });

  test("a database of a later version is left alone", async () => {
    const url = await postgresDatabase();
    await open(url).ping();
    await postgresQuery(url, "insert into migrations values ('999-later', '')");
    await expect(open(url).ping()).rejects.toMatchObject({ code: "INCOMPATIBLE_DATABASE" });
  });

  test("an address can be given in parts", async () => {
    const { hostname, port, username, pathname } = new URL(await postgresDatabase());
    const storage = postgresStorage({ host: hostname, port: Number(port), user: username, database: pathname.slice(1) });
    opened.push(storage);
    await storage.ping();
  });

  test("64 bits are numbers for the storage only", async () => {
    const url = await postgresDatabase();
    const storage = open(url);
    await storage.putCollection({ name: "a" });
    const [label] = await storage.add(one("x"));
    expect(Number.isSafeInteger(label)).toBe(true);
    expect(await postgresQuery(url, "select last from label_allocator")).toEqual([{ last: String(label) }]);
    expect(await postgresQuery(url, "select 1::int8 as one")).toEqual([{ one: "1" }]);
  });

  test("[SVC-RANGE-006] whoever has later labels becomes visible later", async () => {
    const url = await postgresDatabase();
    const [first, second] = [open(url), open(url)];
    await first.putCollection({ name: "a" });
    await second.ping();
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    // A writer that has its label and has not come to its end.
    await other.query("begin");
    await other.query("update label_allocator set last = last + 1");
    let done = false;
    const adding = second.add(one("late")).then((labels) => {
      done = true;
      return labels;
    });
    const before = await first.horizon();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(done).toBe(false);
    expect(await first.count({ collection: "a" })).toBe(0);
    const { rows } = await other.query<{ last: string }>("select last from label_allocator");
    await other.query("commit");
    await other.end();
    const [label = 0] = await adding;
    expect(Number(rows[0]?.last)).toBeGreaterThan(before);
    expect(label).toBeGreaterThan(Number(rows[0]?.last));
    expect(await first.horizon()).toBe(label);
  });

  test("the pool is bounded, and more calls than connections wait", async () => {
    const url = await postgresDatabase();
    const storage = open(url, { maxConnections: 2, applicationName: `bounded-${process.pid}` });
    await storage.putCollection({ name: "a" });
    await storage.add(one("x"));
    const counts = await Promise.all(Array.from({ length: 30 }, () => storage.count({ collection: "a", after: 0 })));
    expect(counts).toEqual(Array.from({ length: 30 }, () => 1));
    const [row] = await postgresQuery(
      url,
      `select count(*)::int as count from pg_stat_activity where application_name = 'bounded-${process.pid}'`,
    );
    expect(row?.["count"]).toBe(2);
  });

  test("a statement that takes too long is given up", async () => {
    const url = await postgresDatabase();
    const storage = open(url, { statementTimeout: 200 });
    await storage.putCollection({ name: "a" });
    const other = new pg.Client({ connectionString: url });
    await other.connect();
    await other.query("begin");
    await other.query("update label_allocator set last = last");
    await expect(storage.add(one("x"))).rejects.toMatchObject({ code: "UNAVAILABLE" });
    await other.query("rollback");
    await other.end();
    expect(await storage.add(one("y"))).toHaveLength(1);
    expect(await storage.count({ collection: "a" })).toBe(1);
  });

  test("connections that an operator ends are replaced", async () => {
    const url = await postgresDatabase();
    const storage = open(url, { applicationName: `ended-${process.pid}` });
    await storage.putCollection({ name: "a" });
    await Promise.all([1, 2, 3].map(() => storage.count({ collection: "a" })));
    await postgresQuery(url, `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'ended-${process.pid}'`);
    await expect.poll(() => storage.add(one("x")).then(({ length }) => length, String)).toBe(1);
    expect(await storage.collections()).toHaveLength(1);
  });

  test("purges of the same blocks from several collections at the same time leave none behind", async () => {
    const url = await postgresDatabase();
    const [first, second] = [open(url), open(url)];
    for (const name of ["a", "b", "c"]) await first.putCollection({ name });
    await first.add(Array.from({ length: 1200 }, (_, index) => ({ block: block(String(index)), collections: ["a", "b", "c"] })));
    const purged = await Promise.all([
      first.purge({ collection: "a" }),
      second.purge({ collection: "a" }),
      second.purge({ collection: "b" }),
      first.removeCollection("c"),
      first.add(one("late")),
    ]);
    expect(purged[0].blocks + purged[1].blocks).toBeGreaterThanOrEqual(1200);
    await first.purge({ collection: "a" });
    expect(await first.collections()).toMatchObject([
      { name: "a", blockCount: 0, size: 0 },
      { name: "b", blockCount: 0, size: 0 },
    ]);
    expect(
      await postgresQuery(
        url,
        "select (select count(*)::int from content_blocks) as blocks, (select count(*)::int from unused_blocks) as unused",
      ),
    ).toEqual([{ blocks: 0, unused: 0 }]);
  });

  test("reads of a range use the key, and nothing is sorted", async () => {
    const url = await postgresDatabase();
    await open(url).putCollection({ name: "a" });
    await postgresQuery(
      url,
      `insert into content_bindings values (1, 'urn:x', '');
       insert into content_blocks (label, binding, markup, content) select label, 1, 0, 'x' from generate_series(1, 20000) as label;
       insert into collection_content select 1, label, 1, 1 from generate_series(1, 20000) as label`,
    );
    await postgresQuery(url, "analyze collection_content");
    await postgresQuery(url, "analyze content_blocks");
    const range = "c.collection = 1 and c.label > 100 and c.label <= 19000 order by c.label limit 100";
    const keys = JSON.stringify(await postgresQuery(url, `explain select c.label, c.size from collection_content c where ${range}`));
    expect(keys).toMatch(/using collection_content_key.*Index Cond: \(\(collection = 1\) AND \(label > 100\) AND \(label <= 19000\)\)/);
    expect(keys).not.toContain("Sort");
    const blocks = JSON.stringify(
      await postgresQuery(url, `explain select b.* from collection_content c join content_blocks b on b.label = c.label where ${range}`),
    );
    expect(blocks).toContain("collection_content_key");
    expect(blocks).toContain("content_blocks_pkey");
    expect(blocks).not.toContain("Sort");
  });

  describe("that restarts", () => {
    let postgres: Postgres | undefined;
    afterAll(() => postgres?.stop());

    test("the next call after a restart connects again, and what was confirmed is there", async () => {
      postgres = await startPostgres();
      const storage = open(postgres.url(), { connectTimeout: 2000 });
      await storage.putCollection({ name: "a" });
      let writing = true;
      const confirmed: string[] = [];
      const codes = new Set<unknown>();
      const writers = ["v", "w"].map(async (name) => {
        for (let index = 0; writing; index++) {
          const text = `${name}${index}`;
          await storage.add(one(text)).then(
            () => confirmed.push(text),
            (error: { code?: unknown }) => codes.add(error.code),
          );
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 200));
      await postgres.restart("immediate");
      await postgres.pause();
      await expect(storage.ping()).rejects.toMatchObject({ code: "UNAVAILABLE" });
      await postgres.resume();
      const before = confirmed.length;
      await expect.poll(() => confirmed.length, { timeout: 10_000 }).toBeGreaterThan(before);
      writing = false;
      await Promise.all(writers);
      expect([...codes]).toEqual(["UNAVAILABLE"]);
      const texts = new Set<string>();
      for await (const { block: stored } of storage.content({ collection: "a" }))
        if ("text" in stored.content) texts.add(stored.content.text);
      expect(confirmed.filter((text) => !texts.has(text))).toEqual([]);
      expect((await storage.collection("a"))?.blockCount).toBe(texts.size);
    });
  });
});
