import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { memoryStorage } from "../../src/storage/index.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { storageSuite } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-storage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

storageSuite("memory", () => ({ durable: false, open: async (clock) => memoryStorage(clock === undefined ? {} : { clock }) }));

let files = 0;
storageSuite("SQLite in a file", () => {
  const path = join(folder, `deep/${files++}.db`);
  return { durable: true, open: async (clock) => sqliteStorage(path, clock === undefined ? {} : { clock }) };
});

storageSuite("SQLite in memory", () => ({
  durable: false,
  open: async (clock) => sqliteStorage(":memory:", clock === undefined ? {} : { clock }),
}));
