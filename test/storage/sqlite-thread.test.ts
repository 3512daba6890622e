/** The thread that writes content: what it may not lose, and when it ends. */

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import Driver from "better-sqlite3";
import { afterAll, expect, test } from "vitest";
import { StorageError } from "../../src/storage/index.js";
import { type ContentWriter, writingTo } from "../../src/storage/sql/add.js";
import { SqlConnection } from "../../src/storage/sql/connection.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { connectionTo } from "../../src/storage/sql/sqlite-open.js";
import { SqliteThread } from "../../src/storage/sql/sqlite-thread.js";
import { block } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-thread-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("errors keep their class, code and text on their way between threads", async () => {
  const storage = sqliteStorage(join(folder, "errors.db"), { thread: true });
  await storage.putCollection({ name: "a" });
  const [good, bad] = await Promise.allSettled([
    storage.add([{ block: block("1"), collections: ["a"] }]),
    storage.add([{ block: block("2"), collections: ["gone"] }]),
  ]);
  expect(good).toMatchObject({ status: "fulfilled" });
  expect(bad).toMatchObject({ reason: { code: "UNKNOWN_COLLECTION", message: 'there is no collection "gone"' } });
  expect(bad.status === "rejected" && bad.reason instanceof StorageError).toBe(true);
  await storage.close();
});

test("it waits for another writer, and gives up when that takes too long", async () => {
  const path = join(folder, "busy.db");
  const storage = sqliteStorage(path, { thread: true, busyTimeout: 200 });
  await storage.putCollection({ name: "a" });
  const other = new Driver(path);
  other.exec("begin immediate");
  await expect(storage.add([{ block: block("1"), collections: ["a"] }])).rejects.toMatchObject({ code: "UNAVAILABLE" });
  const waiting = storage.add([{ block: block("2"), collections: ["a"] }]);
  setTimeout(() => other.exec("commit"), 100);
  await expect(waiting).resolves.toHaveLength(1);
  other.close();
  expect(await storage.count({ collection: "a" })).toBe(1);
  await storage.close();
});

/** What writes while a thread is not ready, counting how often. */
function counting(writer: ContentWriter): ContentWriter & { count: number } {
  return {
    count: 0,
    commit(jobs, now, index) {
      this.count++;
      return writer.commit(jobs, now, index);
    },
    close: () => writer.close(),
  };
}

/** Commits until the thread does it. */
async function untilReady(thread: SqliteThread, meanwhile: { readonly count: number }): Promise<void> {
  for (let before = -1; before !== meanwhile.count; ) {
    before = meanwhile.count;
    await pause(50);
    await thread.commit([], Date.now(), null);
  }
}

const nothing: ContentWriter = { commit: async () => [], close: async () => undefined };

test("where no thread can be had, the connection goes on writing", async () => {
  const meanwhile = counting(nothing);
  const thread = new SqliteThread({ path: join(folder, "no", "\0", "file.db"), busyTimeout: 0 }, meanwhile);
  for (let round = 0; round < 20; round++) {
    await thread.commit([], 0, null);
    await pause(20);
  }
  expect(meanwhile.count).toBe(20);
  await thread.close();
  await thread.close();
});

test("a storage that was closed can be used again", async () => {
  const storage = sqliteStorage(join(folder, "again.db"), { thread: true });
  await storage.putCollection({ name: "a" });
  await storage.add([{ block: block("1"), collections: ["a"] }]);
  await storage.close();
  await storage.add([{ block: block("2"), collections: ["a"] }]);
  expect(await storage.count({ collection: "a" })).toBe(2);
  await storage.close();
});

test("a thread that ends leaves the commit undecided, and the next one gets another", async () => {
  const path = join(folder, "ends.db");
  const connection = new SqlConnection({ ...connectionTo(path, 1000), clock: Date.now });
  await connection.open();
  const meanwhile = counting(writingTo(connection));
  const thread = new SqliteThread({ path, busyTimeout: 1000 }, meanwhile);
  await untilReady(thread, meanwhile);
  expect(meanwhile.count).toBeGreaterThan(0);
  const undecided = thread.commit([], Date.now(), null);
  await thread.terminate();
  // It may have been done already.
  await undecided.catch((error: unknown) => expect(error).toMatchObject({ code: "UNAVAILABLE" }));
  await untilReady(thread, meanwhile);
  await thread.close();
  await connection.close();
});

test("neither an idle thread nor an open storage keeps the process, but an unfinished commit does", async () => {
  const path = join(folder, "process.db");
  const script = `
    import { sqliteStorage } from ${JSON.stringify(join(import.meta.dirname, "../../src/storage/sql/sqlite.ts"))};
    const storage = sqliteStorage(${JSON.stringify(path)}, { thread: true });
    await storage.putCollection({ name: "a" });
    const block = { contentBinding: { bindingId: "urn:x" }, content: { text: "x" } };
    await storage.add([{ block, collections: ["a"] }]);
    void storage.add([{ block, collections: ["a"] }]);`;
  await promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", script], { timeout: 30_000 });
  const storage = sqliteStorage(path);
  expect(await storage.count({ collection: "a" })).toBe(2);
  await storage.close();
});
