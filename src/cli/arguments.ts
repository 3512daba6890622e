/** What the programs share of commander: one way to make commands, to run them, and to end. */

import { Command, InvalidArgumentError } from "commander";
import type { Environment } from "./environment.js";
import { reportFailure } from "./failure.js";
import { exitCodes, printable } from "./output.js";

/** Characters of a line where the terminal does not say. */
export const defaultColumns = 80;

/** A command that throws instead of ending the process, and writes to the environment's output. Subcommands inherit that. */
export function makeCommand(name: string, { output }: Pick<Environment, "output">): Command {
  return new Command(name)
    .helpOption("-h, --help", "print this help")
    .exitOverride()
    .configureOutput({
      writeOut: (text) => writeHelp(text, output),
      writeErr: (text) => output.err(printable(text)),
      // The value of an option that is not known may be a secret.
      outputError: (text, write) => write(text.replace(/^(error: unknown option '(?:--[^=']*=|-[^-']))[^']+.*'/s, "$1…'")),
      getOutHelpWidth: () => output.columns ?? defaultColumns,
      getErrHelpWidth: () => output.columns ?? defaultColumns,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** Who closed the output while help was written has read enough of it. */
function writeHelp(text: string, output: Environment["output"]): void {
  try {
    const writing = output.out(text);
    if (writing instanceof Promise) writing.catch(() => undefined);
  } catch {
    // As above.
  }
}

const results = new WeakMap<Command, number>();

/** What a command does; `run` gets its arguments and then its options, and gives the exit code. */
export function act<A extends unknown[]>(command: Command, run: (...args: A) => number | Promise<number>): Command {
  return command.action(async (...args) => {
    results.set(rootOf(command), await run(...(args as A)));
  });
}

/**
 * Runs a command with `args` (without `node` and script). Never throws: errors are reported in the name of the command that
 * was chosen.
 *
 * @returns the exit code: that of {@link act}, 0 for help, 2 for wrong usage, or by the error
 */
export async function runCommand(command: Command, args: readonly string[], environment: Environment): Promise<number> {
  let chosen = command;
  command.hook("preSubcommand", (_parent, child) => {
    chosen = child;
  });
  // Commands within commands are known only when they are about to run.
  command.hook("preAction", (_root, acting) => {
    chosen = acting;
  });
  try {
    await command.parseAsync([...args], { from: "user" });
    return results.get(command) ?? exitCodes.ok;
  } catch (error) {
    return reportFailure(pathOf(chosen), error, environment);
  }
}

function rootOf(command: Command): Command {
  return command.parent === null ? command : rootOf(command.parent);
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;
}

/** Collects the values of an option that may be given several times. */
export function several(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), value];
}

/** Reads a whole number of at least `least` out of an option. */
export function wholeNumber(least: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least)
      throw new InvalidArgumentError(`Expected a whole number of at least ${least}.`);
    return value;
  };
}

/** Reads a number of seconds above 0 out of an option. */
export function seconds(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || value <= 0) throw new InvalidArgumentError("Expected a number of seconds above 0.");
  return value;
}
