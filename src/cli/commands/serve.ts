/** `taxii serve`: runs until it is told to stop. */

import { exitCodes, type Output, reasonOf } from "../output.js";
import { startServer } from "../serve.js";
import { ConfigError, readServeConfig } from "../serve-config.js";

export interface ServeCommandOptions {
  readonly config: string;
  /** Port instead of the configured one. */
  readonly port?: string;
}

/** Serves until SIGINT or SIGTERM; resolves to the exit code. */
export async function serve(options: ServeCommandOptions, output: Output): Promise<number> {
  try {
    const config = await readServeConfig(options.config);
    const port = options.port === undefined ? config.port : portOf(options.port);
    const server = await startServer({ ...config, port });
    output.out(`Listening on ${server.url}\n${server.services.map(({ type, address }) => `  ${type} ${address}\n`).join("")}`);
    await stopSignal();
    output.err("Stopping.\n");
    await server.close();
    return exitCodes.ok;
  } catch (error) {
    output.err(`taxii serve: ${reasonOf(error)}\n`);
    return error instanceof ConfigError || error instanceof RangeError ? exitCodes.usage : exitCodes.notOk;
  }
}

function portOf(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new RangeError(`--port is ${JSON.stringify(text)}; expected a number from 0 to 65535`);
  return port;
}

function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
