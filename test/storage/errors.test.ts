import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Driver from "better-sqlite3";
import { expect, test } from "vitest";
import { isLost, isBusy as isPostgresBusy, meaningOf as meaningOfPostgres } from "../../src/storage/sql/postgres-errors.js";
import { sqliteStorage } from "../../src/storage/sql/sqlite.js";
import { isBusy, meaningOf } from "../../src/storage/sql/sqlite-errors.js";

function failure(code: string, message = "failed"): Error {
  return Object.assign(new Error(message), { code });
}

test.each([
  ["SQLITE_FULL", "STORAGE_FULL"],
  ["ENOSPC", "STORAGE_FULL"],
  ["SQLITE_BUSY_SNAPSHOT", "UNAVAILABLE"],
  ["SQLITE_IOERR_WRITE", "UNAVAILABLE"],
  ["SQLITE_READONLY_DBMOVED", "UNAVAILABLE"],
  ["SQLITE_CANTOPEN", "UNAVAILABLE"],
  ["SQLITE_NOTADB", undefined],
  ["SQLITE_CONSTRAINT_UNIQUE", undefined],
])("SQLite: %s is %s", (code, meaning) => {
  expect(meaningOf(failure(code))).toBe(meaning);
  expect(isBusy(failure(code))).toBe(code.includes("BUSY"));
});

test.each([
  ["53100", "STORAGE_FULL", false],
  ["57P01", "UNAVAILABLE", true],
  ["57P03", "UNAVAILABLE", true],
  ["08006", "UNAVAILABLE", true],
  ["ECONNREFUSED", "UNAVAILABLE", true],
  ["57014", "UNAVAILABLE", false],
  ["25006", "UNAVAILABLE", false],
  ["53300", "UNAVAILABLE", false],
  ["40P01", "UNAVAILABLE", false],
  ["23505", undefined, false],
  ["28P01", undefined, false],
])("PostgreSQL: %s is %s", (code, meaning, lost) => {
  expect(meaningOfPostgres(failure(code))).toBe(meaning);
  expect(isLost(failure(code))).toBe(lost);
  expect(isPostgresBusy(failure(code))).toBe(code === "40P01");
});

test.each(["Connection terminated unexpectedly", "timeout exceeded when trying to connect", "Query read timeout"])(
  "PostgreSQL: %s",
  (message) => {
    expect(meaningOfPostgres(new Error(message))).toBe("UNAVAILABLE");
    expect(meaningOfPostgres(new Error("anything else"))).toBeUndefined();
    expect(meaningOfPostgres(message)).toBeUndefined();
  },
);

test("a folder in the place of the file, and a writer that does not end, are UNAVAILABLE", async () => {
  const folder = mkdtempSync(join(tmpdir(), "taxii-errors-"));
  try {
    mkdirSync(join(folder, "folder.db"));
    await expect(sqliteStorage(join(folder, "folder.db")).ping()).rejects.toMatchObject({ code: "UNAVAILABLE" });
    const path = join(folder, "busy.db");
    const storage = sqliteStorage(path, { busyTimeout: 50 });
    await storage.putCollection({ name: "a" });
    const other = new Driver(path);
    other.exec("begin immediate");
    await expect(storage.putCollection({ name: "b" })).rejects.toMatchObject({ code: "UNAVAILABLE", cause: { code: "SQLITE_BUSY" } });
    expect(await storage.collections()).toHaveLength(1);
    other.exec("rollback");
    other.close();
    await storage.putCollection({ name: "b" });
    await storage.close();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
