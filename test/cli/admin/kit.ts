/** The commands of operators on a database of a test's own. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../../../src/cli/program.js";
import type { Storage } from "../../../src/storage/index.js";
import { sqliteStorage } from "../../../src/storage/sql/sqlite.js";
import { type TestEnvironmentOptions, testEnvironment } from "../environment.js";

/** What a command did. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  /** The lines of JSON it printed. */
  json(): Record<string, unknown>[];
}

export interface Admin {
  /** Runs a command on the database. */
  run(line: string, options?: TestEnvironmentOptions): Promise<Outcome>;
  /** Looks into the database, or prepares it. */
  use<T>(work: (storage: Storage) => Promise<T>): Promise<T>;
  readonly folder: string;
  dispose(): void;
}

export function admin(): Admin {
  const folder = mkdtempSync(join(tmpdir(), "taxii-admin-"));
  const database = join(folder, "taxii.db");
  return {
    folder,
    async run(line, options = {}) {
      const environment = testEnvironment({ env: { TAXII_DATABASE: database }, ...options });
      const code = await run(wordsOf(line), environment);
      const { out, err } = environment;
      return {
        code,
        out,
        err,
        json: () =>
          out
            .trimEnd()
            .split("\n")
            .map((text) => JSON.parse(text) as Record<string, unknown>),
      };
    },
    async use(work) {
      const storage = sqliteStorage(database);
      try {
        return await work(storage);
      } finally {
        await storage.close();
      }
    },
    dispose: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The words of a line; those in single quotes are one. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? "");
}
