import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Driver from "better-sqlite3";
import { Kysely, SqliteDialect } from "kysely";
import { afterAll, expect, test } from "vitest";
import { contentSteps } from "../../src/storage/sql/migration-content.js";
import { migrate } from "../../src/storage/sql/migrations.js";
import type { Tables } from "../../src/storage/sql/schema.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { sqliteDialect } from "../../src/storage/sql/sqlite-open.js";
import { block } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-migrations-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A database as version 0.2 left it: two collections that share a block, and one that is empty. */
async function versionTwo(path: string): Promise<void> {
  const database = new Driver(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  await migrate(db, sqliteDialect, contentSteps.slice(0, 1));
  database.exec(`
    insert into label_allocator values (1, 1700000000000003);
    insert into collections (name, type, description, available, content_bindings) values
      ('a', 'DATA_FEED', 'first', 1, '[]'), ('b', 'DATA_SET', '', 1, '[]'), ('empty', 'DATA_FEED', '', 0, '[]');
    insert into content_bindings (binding_id, subtype_id) values ('urn:x', ''), ('urn:x', 'urn:s');
    insert into content_blocks (label, binding, markup, content) values
      (1700000000000001, 1, 0, 'one'), (1700000000000002, 2, 1, '<two/>'), (1700000000000003, 1, 0, 'three');
    insert into collection_content (collection, label, binding, size) values
      (1, 1700000000000001, 1, 3), (1, 1700000000000002, 2, 6), (2, 1700000000000002, 2, 6), (2, 1700000000000003, 1, 5);
  `);
  await db.destroy();
}

test("a database of 0.2 comes up with its content, and with totals that are right", async () => {
  const path = join(folder, "two.db");
  await versionTwo(path);
  const storage = sqliteStorage(path, { clock: () => 0 });
  expect(await storage.collections()).toMatchObject([
    { name: "a", description: "first", available: true, blockCount: 2, size: 9, newest: 1700000000000002, retention: undefined },
    { name: "b", type: "DATA_SET", blockCount: 2, size: 11, newest: 1700000000000003 },
    { name: "empty", available: false, blockCount: 0, size: 0, newest: undefined },
  ]);
  expect(await storage.bindingsOf("a")).toEqual(["urn:x"]);
  expect(await storage.horizon()).toBe(1700000000000003);

  // What is there is known as present, and can be removed.
  const again = ["one", "four"].map((text) => ({ block: block(text, "urn:x"), collections: ["a"] }));
  expect(await storage.add(again, { unlessPresent: true })).toEqual([undefined, 1700000000000004]);
  expect(await storage.purge({ collection: "a" })).toEqual({ blocks: 3, size: 13 });
  expect(await storage.count({ collection: "b" })).toBe(2);
  await storage.close();

  const raw = new Driver(path);
  expect(raw.prepare("select content from content_blocks order by label").pluck().all()).toEqual(["<two/>", "three"]);
  raw.close();
});

test("a version that knows fewer steps leaves the database alone", async () => {
  const path = join(folder, "newer.db");
  const storage = sqliteStorage(path);
  await storage.ping();
  await storage.close();
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: new Driver(path) }) });
  await expect(migrate(db, sqliteDialect, contentSteps.slice(0, 1))).rejects.toMatchObject({ code: "INCOMPATIBLE_DATABASE" });
  await db.destroy();
});

test("a step that fails leaves the database as it was", async () => {
  const path = join(folder, "failing.db");
  await versionTwo(path);
  const database = new Driver(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  const failing = {
    name: "002-fails",
    up: async () => {
      database.exec("create table half (id integer)");
      throw new Error("half way");
    },
  };
  await expect(migrate(db, sqliteDialect, [...contentSteps.slice(0, 1), failing])).rejects.toThrow("half way");
  await db.destroy();
  const storage = sqliteStorage(path);
  expect(await storage.collections()).toHaveLength(3);
  await storage.close();
});
