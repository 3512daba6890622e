import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";
import { memoryStorage } from "../../src/storage/index.js";
import { postgresStorage } from "../../src/storage/sql/postgres.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { hasPostgres, postgresDatabase } from "../support/postgres-shared.js";
import { contentSuite } from "./content-suite.js";
import { type Subject, storageSuite } from "./suite.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-storage-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

const subjects: Readonly<Record<string, () => Subject>> = {
  memory: () => ({ durable: false, open: async (clock) => memoryStorage({ clock }) }),
  "SQLite in a file": () => {
    const path = join(folder, `deep/${files++}.db`);
    return { durable: true, open: async (clock) => sqliteStorage(path, { clock }) };
  },
  "SQLite with a thread": () => {
    const path = join(folder, `deep/${files++}.db`);
    return { durable: true, open: async (clock) => sqliteStorage(path, { clock, thread: true }) };
  },
  "SQLite in memory": () => ({ durable: false, open: async (clock) => sqliteStorage(":memory:", { clock }) }),
};

for (const [name, subject] of Object.entries(subjects)) {
  storageSuite(name, subject);
  contentSuite(name, subject);
}

if (hasPostgres) {
  const postgres = (): Subject => {
    let database: Promise<string> | undefined;
    return {
      durable: true,
      async open(clock) {
        database ??= postgresDatabase();
        return postgresStorage(await database, { clock });
      },
    };
  };
  storageSuite("PostgreSQL", postgres, 10);
  contentSuite("PostgreSQL", postgres, 10);
}
