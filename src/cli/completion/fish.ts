/** Completion for fish. */

import type { CompletedCommand, CompletedOption, Values } from "./tree.js";

/** A script for `~/.config/fish/completions/`. */
export function fishCompletion(program: string, commands: readonly CompletedCommand[]): string {
  const lines = commands.flatMap((command) => {
    const isRoot = command.name === "";
    const condition = isRoot ? "__fish_use_subcommand" : `__fish_seen_subcommand_from ${command.name}`;
    const begin = `complete -c ${program} -n ${quote(condition)}`;
    const itself = isRoot
      ? []
      : [`complete -c ${program} -n __fish_use_subcommand -a ${quote(command.name)} -d ${quote(command.description)}`];
    const files = command.values?.kind === "files" ? [`${begin} -F`] : [];
    const words = command.values?.kind === "words" ? [`${begin} -a ${quote(command.values.words.join(" "))}`] : [];
    return [...itself, ...files, ...words, ...command.options.map((option) => `${begin} ${optionText(option)}`)];
  });
  const path = `~/.config/fish/completions/${program}.fish`;
  return [
    `# fish completion for ${program}. To install it: ${program} completion fish > ${path}`,
    `complete -c ${program} -f`,
    ...lines,
    "",
  ].join("\n");
}

function optionText({ long, short, description, values }: CompletedOption): string {
  const names = [`-l ${long.replace(/^--/, "")}`, ...(short === undefined ? [] : [`-s ${short.replace(/^-/, "")}`])];
  return [...names, ...(values === undefined ? [] : [valueText(values)]), `-d ${quote(description)}`].join(" ");
}

function valueText(values: Values): string {
  switch (values.kind) {
    case "words":
      return `-x -a ${quote(values.words.join(" "))}`;
    case "files":
      return "-r -F";
    case "folders":
      return `-x -a ${quote("(__fish_complete_directories)")}`;
    case "free":
      return "-x";
  }
}

const quote = (text: string): string => `'${text.replace(/[\\']/g, "\\$&")}'`;
