/** Runs `taxii` against a server in memory. */

import { run } from "../../src/cli/program.js";
import { createKit, type Kit, type KitOptions } from "../server/kit.js";
import { type TestEnvironment, type TestEnvironmentOptions, testEnvironment } from "./environment.js";

export const discovery = "http://taxii.test/discovery";

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly environment: TestEnvironment;
}

/** Runs the program in this process. */
export async function taxii(args: readonly string[], options: TestEnvironmentOptions = {}): Promise<Run> {
  const environment = testEnvironment(options);
  const code = await run(args, environment);
  return { code, out: environment.out, err: environment.err, environment };
}

export interface Peer extends Kit {
  /** Runs a command against the server. */
  taxii(args: readonly string[], options?: TestEnvironmentOptions): Promise<Run>;
}

/** A server, and commands that reach it. */
export async function createPeer(options: KitOptions = {}): Promise<Peer> {
  const kit = await createKit(options);
  return {
    ...kit,
    taxii: (args, environment = {}) =>
      taxii(args, { fetch: kit.server.fetch, ...environment, env: { TAXII_URL: discovery, ...environment.env } }),
  };
}

/** The lines of NDJSON. */
export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
