/** What there is to complete, taken from the commands themselves. */

import type { Command } from "commander";

/** What can stand as a value: words, files, folders, or something nobody can guess. */
export type Values = { readonly kind: "words"; readonly words: readonly string[] } | { readonly kind: "files" | "folders" | "free" };

export interface CompletedOption {
  /** `--collection`. */
  readonly long: string;
  /** `-c`. */
  readonly short: string | undefined;
  readonly description: string;
  /** Undefined for options without a value. */
  readonly values: Values | undefined;
}

export interface CompletedCommand {
  readonly name: string;
  readonly description: string;
  readonly options: readonly CompletedOption[];
  /** What its arguments are; undefined when it has none. */
  readonly values: Values | undefined;
}

/** The program's commands; options of its own are in the first one, whose name is empty. */
export function completedCommands(program: Command): CompletedCommand[] {
  const [root] = [describe(program)];
  return [{ ...root, name: "" }, ...program.createHelp().visibleCommands(program).map(describe)];
}

function describe(command: Command): CompletedCommand {
  const options = command
    .createHelp()
    .visibleOptions(command)
    .flatMap(({ long, short, description, flags, argChoices }): CompletedOption[] =>
      long === undefined || long === null ? [] : [{ long, short: short ?? undefined, description, values: valuesOf(flags, argChoices) }],
    );
  const [argument] = command.registeredArguments;
  return {
    name: command.name(),
    description: command.description(),
    options,
    values: argument === undefined ? undefined : valuesOf(`<${argument.name()}>`, argument.argChoices),
  };
}

/** By the choices, or by the name in brackets. */
function valuesOf(flags: string, choices: readonly string[] | undefined): Values | undefined {
  if (choices !== undefined && choices.length > 0) return { kind: "words", words: choices };
  const [, name] = /[<[]([^>\].]+)/.exec(flags) ?? [];
  if (name === undefined) return undefined;
  if (name === "file" || name === "files") return { kind: "files" };
  return { kind: name === "folder" ? "folders" : "free" };
}
