import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { memoryStorage } from "../../src/storage/index.js";
import { postgresStorage } from "../../src/storage/sql/postgres.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { hasPostgres, postgresDatabase } from "../support/postgres-shared.js";
import { directorySuite } from "./directory-suite.js";
import type { RecordSubject } from "./records.js";
import { resultsSuite } from "./results-suite.js";
import { subscriptionsSuite } from "./subscriptions-suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-records-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;

const subjects: Record<string, RecordSubject> = {
  memory: {
    async open(clock) {
      const storage = memoryStorage({ clock });
      return [storage, storage];
    },
  },
  SQLite: {
    async open(clock) {
      const path = join(folder, `${files++}.db`);
      return [sqliteStorage(path, { clock }), sqliteStorage(path, { clock })];
    },
  },
};

if (hasPostgres) {
  subjects["PostgreSQL"] = {
    async open(clock) {
      const url = await postgresDatabase();
      return [postgresStorage(url, { clock }), postgresStorage(url, { clock })];
    },
  };
}

for (const [name, subject] of Object.entries(subjects)) {
  subscriptionsSuite(name, subject);
  resultsSuite(name, subject);
  directorySuite(name, subject);
}
