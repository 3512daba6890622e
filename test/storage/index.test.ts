import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Driver from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { type IndexedContent, memoryStorage } from "../../src/storage/index.js";
import { postgresStorage } from "../../src/storage/sql/postgres.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { hasPostgres, postgresDatabase } from "../support/postgres-shared.js";
import { indexSuite, words } from "./index-suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-index-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

async function file(thread: boolean) {
  const path = join(folder, `${files++}.db`);
  return async () => sqliteStorage(path, { thread });
}

indexSuite("SQLite", () => file(false), 60);
indexSuite("SQLite with a thread", () => file(true), 10);
if (hasPostgres)
  indexSuite(
    "PostgreSQL",
    async () => {
      const url = await postgresDatabase();
      return async () => postgresStorage(url, { maxConnections: 3 });
    },
    20,
  );

test("an index that is replaced while it is being looked into leads nobody astray", async () => {
  const path = join(folder, "replaced.db");
  const storage = sqliteStorage(path);
  storage.index?.use(words);
  await storage.putCollection({ name: "a" });
  await storage.index?.define("words:a");
  await storage.add(
    Array.from({ length: 200 }, (_, index) => ({
      block: { contentBinding: { bindingId: "urn:words" }, content: { text: `a=${index}` } },
      collections: ["a"],
    })),
  );
  const narrowing = { bindings: ["urn:words"], condition: { target: "a", value: { kind: "equal" as const, texts: ["7"] } } };
  const look = async () => {
    const texts: string[] = [];
    for await (const { block } of storage.content({ collection: "a", narrowing }))
      texts.push("text" in block.content ? block.content.text : "");
    return texts;
  };
  expect(await look()).toEqual(["a=7"]);
  const other = new Driver(path);
  let replaced = 0;
  // Asked behind the look at what is defined, and before that at the entries.
  storage.index?.use({
    read: (definition) => {
      const content = words.read(definition);
      const covers: IndexedContent["covers"] = (target, bindings) => {
        other.exec(`
          insert into content_indexes (definition, since) select 'words:b', last from label_allocator;
          update label_allocator set content_index = (select max(id) from content_indexes);
          delete from content_indexes where id < (select content_index from label_allocator);
          delete from index_texts`);
        replaced++;
        return content?.covers(target, bindings) ?? false;
      };
      return content && { entriesOf: content.entriesOf, denotes: content.denotes, covers };
    },
  });
  expect(await look()).toContain("a=7");
  expect(replaced).toBe(1);
  other.close();
  await storage.close();
});

test("a storage in memory has none, and gives all that is asked for", async () => {
  const storage = memoryStorage();
  expect(storage.index).toBeUndefined();
  await storage.putCollection({ name: "a" });
  await storage.add([{ block: { contentBinding: { bindingId: "urn:x" }, content: { text: "x" } }, collections: ["a"] }]);
  let count = 0;
  for await (const _ of storage.content({ collection: "a", narrowing: { bindings: [], condition: { any: [] } } })) count++;
  expect(count).toBe(1);
});
