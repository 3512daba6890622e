/** `taxii serve`: runs until it is told to stop. */

import { type Command, InvalidArgumentError } from "commander";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { readServerConfig } from "../server/config/read.js";
import type { RunningServer } from "../server/run-server.js";
import { runExitCodes, runUntilStopped } from "../server/run-until-stopped.js";

interface ServeCommandOptions {
  readonly config: string;
  /** Port instead of the configured one. */
  readonly port?: number;
}

/** Adds `serve`. */
export function addServe(program: Command, environment: Environment): void {
  const command = program
    .command("serve")
    .description("Run a TAXII server.")
    .requiredOption("--config <file>", "configuration, YAML or JSON; see samples/taxii.json and deploy/taxii.yaml")
    .option("--port <number>", "port to listen on instead of the configured one; 0 takes a free one", portOf);
  addNotes(command, {
    notes: `Serves until SIGINT or SIGTERM. Then it takes no more requests, answers those that are under way, and stops.
SIGHUP has it read its certificate, and the services in the database, again.

Every setting that is a single value can also be given as an environment variable: TAXII_LISTEN_PORT is port of listen.`,
    exitCodes: runExitCodes,
    examples: ["taxii serve --config samples/taxii.json", "TAXII_DATABASE_FILE=/run/secrets/database taxii serve --config taxii.yaml"],
  });
  act(command, async ({ config: file, port }: ServeCommandOptions) => {
    const config = await readServerConfig(file, environment);
    const { listen } = config;
    return runUntilStopped(environment, async () => {
      // Most runs of the program are about something else.
      const { startServer } = await import("../server/run-server.js");
      const server = await startServer({ ...config, listen: { ...listen, port: port ?? listen.port } }, environment);
      await environment.output.out(announcement(server));
      return server;
    });
  });
}

function announcement({ url, monitorUrl, services }: RunningServer): string {
  const monitor = monitorUrl === undefined ? "" : `Health and metrics on ${monitorUrl}\n`;
  return `Listening on ${url}\n${services.map(({ type, address }) => `  ${type} ${address}\n`).join("")}${monitor}`;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return port;
}
