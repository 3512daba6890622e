import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Driver from "better-sqlite3";
import { afterAll, expect, test, vi } from "vitest";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { block } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-sqlite-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("storages that share a file share labels", async () => {
  const path = join(folder, "shared.db");
  const storages = [1, 2, 3].map(() => sqliteStorage(path));
  await Promise.all(storages.map((storage) => storage.putCollection({ name: "a" })));
  const labels = await Promise.all(
    storages.flatMap((storage) =>
      Array.from({ length: 20 }, (_, index) => storage.add([{ block: block(String(index)), collections: ["a"] }])),
    ),
  );
  expect(new Set(labels.flat()).size).toBe(60);
  expect(await storages[0]?.count({ collection: "a" })).toBe(60);
  await Promise.all(storages.map((storage) => storage.close()));
});

test("processes that share a file share labels, and start at the same time", async () => {
  const path = join(folder, "processes.db");
  const script = join(folder, "write.mts");
  writeFileSync(
    script,
    `import { sqliteStorage } from ${JSON.stringify(join(import.meta.dirname, "../../src/storage/sql/sqlite.ts"))};
    const storage = sqliteStorage(${JSON.stringify(path)});
    await storage.putCollection({ name: "a" });
    const block = { contentBinding: { bindingId: "urn:x" }, content: { text: "x" } };
    for (let index = 0; index < 50; index++) await storage.add([{ block, collections: ["a"] }, { block, collections: ["a"] }]);
    await storage.close();`,
  );
  const run = promisify(execFile);
  await Promise.all([1, 2].map(() => run(process.execPath, ["--import", "tsx", script])));
  const storage = sqliteStorage(path);
  expect(await storage.count({ collection: "a" })).toBe(200);
  await storage.close();
}, 60_000);

test("a database of a later version is left alone", async () => {
  const path = join(folder, "later.db");
  const storage = sqliteStorage(path);
  await storage.putCollection({ name: "a" });
  await storage.close();
  const raw = new Driver(path);
  raw.prepare("insert into migrations values ('999-later', '')").run();
  raw.close();
  await expect(sqliteStorage(path).collections()).rejects.toMatchObject({ code: "INCOMPATIBLE_DATABASE" });
});

test("a file that is no database is an error, each time", async () => {
  const path = join(folder, "text.db");
  writeFileSync(path, "not a database, but long enough to look like one".repeat(50));
  const storage = sqliteStorage(path);
  await expect(storage.collections()).rejects.toThrow("not a database");
  await expect(storage.collections()).rejects.toThrow("not a database");
});

test("reads of a range use the key, and nothing is sorted", async () => {
  const path = join(folder, "plan.db");
  const storage = sqliteStorage(path);
  await storage.putCollection({ name: "a" });
  await storage.close();
  const raw = new Driver(path);
  const range = "c.collection = 1 and c.label > 1 and c.label <= 9 order by c.label limit 10";
  for (const read of [
    "c.label, c.size from collection_content c",
    "b.* from collection_content c join content_blocks b on b.label = c.label",
  ]) {
    const plan = JSON.stringify(raw.prepare(`explain query plan select ${read} where ${range}`).all());
    expect(plan).toContain("SEARCH c USING PRIMARY KEY (collection=? AND label>? AND label<?)");
    expect(plan).not.toContain("TEMP B-TREE");
    expect(plan).not.toContain("SCAN");
  }
  raw.close();
});

test("without the driver the error says what to install", async () => {
  vi.doMock("better-sqlite3", () => {
    throw new Error("Cannot find package 'better-sqlite3'");
  });
  await expect(sqliteStorage(":memory:").collections()).rejects.toMatchObject({
    code: "DRIVER_MISSING",
    message: expect.stringContaining("npm install better-sqlite3"),
  });
  vi.doUnmock("better-sqlite3");
});
