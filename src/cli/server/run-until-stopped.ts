/** Processes that run until they are told to stop. */

import { once } from "node:events";
import type { Environment } from "../environment.js";
import { failureText, UsageError } from "../failure.js";
import { exitCodes } from "../output.js";
import { unknownVariables } from "./config/overrides.js";

/** Something that runs. */
export interface Running {
  /** Reads its files again. */
  reload?(): Promise<void>;
  close(): Promise<void>;
}

/** Exit codes of such processes. */
export const runExitCodes = {
  0: "stopped",
  1: "it cannot run, such as when the port is taken or the database cannot be reached",
  2: "the command line or the configuration is wrong, or not safe",
} as const;

/**
 * Starts something, and stops it when the process is told to.
 *
 * @returns the exit code
 * @throws UsageError when what it is given cannot be used
 */
export async function runUntilStopped(environment: Environment, start: () => Promise<Running>): Promise<number> {
  const { output, signal, env, onHangup } = environment;
  for (const { name, meant } of unknownVariables(env)) output.err(`${name} is no setting; did you mean ${meant}?\n`);
  try {
    const running = await start();
    const offHangup = onHangup?.(() => void running.reload?.());
    if (!signal.aborted) await once(signal, "abort");
    offHangup?.();
    await running.close();
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    output.err(`${failureText(error, environment)}\n`);
    return exitCodes.notOk;
  }
}
