/** One PostgreSQL for all test files of a run, see postgres-shared.ts; vitest calls this before and after the run. */

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { attachPostgres } from "./postgres.js";
import { placeFile, readPlace } from "./postgres-meeting.js";

declare module "vitest" {
  interface ProvidedContext {
    /** The folder where test files of one run agree about their PostgreSQL. */
    readonly postgresMeeting: string;
  }
}

export default function setup(project: TestProject): () => Promise<void> {
  const meeting = mkdtempSync(join(tmpdir(), "taxii-meeting-"));
  project.provide("postgresMeeting", meeting);
  return async () => {
    if (existsSync(placeFile(meeting))) await attachPostgres(readPlace(meeting)).stop();
    rmSync(meeting, { recursive: true, force: true });
  };
}
