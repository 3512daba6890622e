/** `taxii worker`: does the work of a server that is not done while a peer waits. */

import type { Command } from "commander";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { readServerConfig } from "../server/config/read.js";
import { runExitCodes, runUntilStopped } from "../server/run-until-stopped.js";

/** Adds `worker`. */
export function addWorker(program: Command, environment: Environment): void {
  const command = program
    .command("worker")
    .description("Push to subscribers, make results for later, and remove what is not to be kept.")
    .requiredOption("--config <file>", "the server's configuration");
  addNotes(command, {
    notes: `Works until SIGINT or SIGTERM. Any number of workers may share a database; what one leaves, another one takes up.

A server does the same itself unless its configuration says workers.inProcess: false. With metrics.port the worker can be asked
for /healthz, /readyz and /metrics.`,
    exitCodes: runExitCodes,
    examples: ["taxii worker --config taxii.yaml"],
  });
  act(command, async ({ config: file }: { readonly config: string }) => {
    const config = await readServerConfig(file, environment);
    return runUntilStopped(environment, async () => {
      const { startWorkers } = await import("../server/run-worker.js");
      const workers = await startWorkers(config, environment);
      await environment.output.out(`Working\n${workers.monitorUrl === undefined ? "" : `Health and metrics on ${workers.monitorUrl}\n`}`);
      return workers;
    });
  });
}
