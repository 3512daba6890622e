/** What the programs of `bin` have in common. */

import { type Environment, processEnvironment } from "./environment.js";

/** Runs a program in this process, with its arguments and streams; the process ends with its exit code. */
export async function main(run: (args: readonly string[], environment: Environment) => Promise<number>): Promise<void> {
  process.exitCode = await run(process.argv.slice(2), processEnvironment());
}
