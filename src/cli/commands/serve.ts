/** `taxii serve`: runs until it is told to stop. */

import { once } from "node:events";
import { type Command, InvalidArgumentError } from "commander";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes, reasonOf } from "../output.js";
import { startServer } from "../serve.js";
import { ConfigError, readServeConfig } from "../serve-config.js";

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
    .requiredOption("--config <file>", "configuration, JSON; see samples/taxii.json")
    .option("--port <number>", "port to listen on instead of the configured one; 0 takes a free one", portOf);
  addNotes(command, {
    notes: "Serves until SIGINT or SIGTERM.",
    exitCodes: {
      0: "stopped",
      1: "the server cannot run, such as when the port is taken",
      2: "the command line or the configuration is wrong",
    },
    examples: ["taxii serve --config samples/taxii.json"],
  });
  act(command, (options: ServeCommandOptions) => serve(options, environment));
}

/** Serves until it is interrupted; resolves to the exit code. */
async function serve(options: ServeCommandOptions, { output, signal, env }: Environment): Promise<number> {
  try {
    const config = await readServeConfig(options.config, env);
    const server = await startServer({ ...config, port: options.port ?? config.port });
    await output.out(`Listening on ${server.url}\n${server.services.map(({ type, address }) => `  ${type} ${address}\n`).join("")}`);
    if (!signal.aborted) await once(signal, "abort");
    output.err("Stopping.\n");
    await server.close();
    return exitCodes.ok;
  } catch (error) {
    output.err(`taxii serve: ${reasonOf(error)}\n`);
    return error instanceof ConfigError ? exitCodes.usage : exitCodes.notOk;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError("Expected a number from 0 to 65535.");
  return port;
}
