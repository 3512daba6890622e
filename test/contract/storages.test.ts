/** Our own server passes whatever it keeps its data in. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { checkService } from "../../src/contract/index.js";
import type { Storage } from "../../src/storage/index.js";
import { postgresStorage } from "../../src/storage/sql/postgres.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { hasPostgres, postgresDatabase } from "../support/postgres-shared.js";
import { alice, bob, createKit } from "./server.js";

const folder = mkdtempSync(join(tmpdir(), "taxii-contract-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What of the whole table does not hold, as lines. */
async function brokenOn(storage: Storage): Promise<string[]> {
  const kit = await createKit(storage);
  try {
    const broken: string[] = [];
    const options = { url: "https://taxii.test/discovery", auth: alice, otherAuth: bob, write: "long", fetch: kit.fetch };
    for await (const { id, version, outcome, detail } of checkService(options))
      if (outcome !== "holds") broken.push(`${version} ${id} ${outcome}: ${detail}`);
    expect(kit.failures).toEqual([]);
    return broken;
  } finally {
    await kit.stop();
    await storage.close();
  }
}

describe("our own server passes the whole table", () => {
  it("on SQLite", { timeout: 120_000 }, async () => expect(await brokenOn(sqliteStorage(join(folder, "contract.db")))).toEqual([]));

  it.skipIf(!hasPostgres)("on PostgreSQL", { timeout: 120_000 }, async () =>
    expect(await brokenOn(postgresStorage(await postgresDatabase()))).toEqual([]),
  );
});
