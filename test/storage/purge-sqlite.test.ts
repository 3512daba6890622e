/** What is left of removed content in an SQLite file. */

import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Driver from "better-sqlite3";
import { afterAll, afterEach, expect, test } from "vitest";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { block } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-purge-"));
const path = join(folder, "taxii.db");
afterEach(() => rmSync(path, { force: true }));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const many = (count: number, ...collections: string[]) =>
  Array.from({ length: count }, (_, index) => ({ block: block(`${index} ${"x".repeat(2000)}`), collections }));

function raw<T>(work: (database: Driver.Database) => T): T {
  const database = new Driver(path);
  try {
    return work(database);
  } finally {
    database.close();
  }
}

const blocksLeft = (): unknown => raw((database) => database.prepare("select count(*) from content_blocks").pluck().get());

test("blocks that are in no collection any more are gone, and their space is used again", async () => {
  const storage = sqliteStorage(path);
  for (const name of ["a", "b", "c"]) await storage.putCollection({ name });
  await storage.add([...many(1100, "a"), ...many(5, "a", "b"), ...many(3, "a", "c")]);
  await storage.purge({ collection: "a" });
  expect(blocksLeft()).toBe(8);
  await storage.removeCollection("c");
  expect(blocksLeft()).toBe(5);
  await storage.purge({ collection: "b" });
  expect(blocksLeft()).toBe(0);
  raw((database) => database.pragma("wal_checkpoint(truncate)"));
  const { size } = statSync(path);
  await storage.add(many(1000, "a"));
  raw((database) => database.pragma("wal_checkpoint(truncate)"));
  expect(statSync(path).size).toBe(size);
  await storage.close();
});

test("what a crash left to be removed is removed with the next purge", async () => {
  const storage = sqliteStorage(path);
  await storage.putCollection({ name: "a" });
  await storage.putCollection({ name: "b" });
  await storage.add(many(3, "a"));
  // The end of a purge's first transaction: nobody has the blocks, and they are noted.
  raw((database) =>
    database.exec(
      "insert into unused_blocks select label from content_blocks; delete from collection_content; delete from collection_totals",
    ),
  );
  await storage.purge({ collection: "b" });
  expect(blocksLeft()).toBe(0);
  await storage.close();
});
