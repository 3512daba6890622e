/** Servers out of configurations, on ports of their own, with databases in a folder of their own. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach } from "vitest";
import { parseServerConfig } from "../../../src/cli/server/config/read.js";
import type { ServerConfig } from "../../../src/cli/server/config/schema.js";
import { type RunningServer, startServer } from "../../../src/cli/server/run-server.js";
import { type TestEnvironment, testEnvironment } from "../environment.js";

export const folder = mkdtempSync(join(tmpdir(), "taxii-server-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const running = new Set<{ close(): Promise<void> }>();
afterEach(async () => {
  for (const one of running) await one.close();
  running.clear();
});

let databases = 0;

/** A configuration as an object, with a database of its own unless it names one, on any free port. */
export async function configOf(value: object, environment: TestEnvironment = testEnvironment()): Promise<ServerConfig> {
  databases += 1;
  const whole = { database: join(folder, `${databases}/taxii.db`), listen: { port: 0 }, ...value };
  return parseServerConfig(JSON.stringify(whole), "test.json", environment);
}

export interface Started {
  readonly server: RunningServer;
  readonly config: ServerConfig;
  readonly environment: TestEnvironment;
  /** The lines of the log so far. */
  log(): Record<string, unknown>[];
}

/** Starts a server, which is closed behind the test. */
export async function startTestServer(value: object | ServerConfig): Promise<Started> {
  const environment = testEnvironment();
  const config = "pool" in value ? value : await configOf(value, environment);
  const server = await startServer(config, environment);
  closeLater(server);
  return { server, config, environment, log: () => linesOf(environment.err) };
}

export function closeLater(one: { close(): Promise<void> }): void {
  running.add(one);
}

/** What was closed already. */
export function forget(one: { close(): Promise<void> }): void {
  running.delete(one);
}

/** The lines that are JSON. */
export function linesOf(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
