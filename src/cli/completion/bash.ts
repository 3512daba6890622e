/** Completion for bash. */

import type { CompletedCommand, Values } from "./tree.js";

/** A script that bash evaluates; it needs nothing beside bash. */
export function bashCompletion(program: string, commands: readonly CompletedCommand[]): string {
  const name = `_${program.replace(/\W/g, "_")}`;
  const subcommands = commands.map((command) => command.name).filter((command) => command !== "");
  const withValue = commands.flatMap((command) =>
    command.options.flatMap(({ long, short, values }) =>
      values === undefined ? [] : [long, short].flatMap((flag) => (flag === undefined ? [] : [`${command.name}:${flag}`])),
    ),
  );
  return `# bash completion for ${program}. Put this into ~/.bashrc: source <(${program} completion bash)
${name}() {
  local current=\${COMP_WORDS[COMP_CWORD]} command= option= word i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    word=\${COMP_WORDS[i]}
    if [[ -n $option ]]; then
      # Bash makes a word of its own of the sign in --option=value.
      [[ $word == "=" ]] || option=
    elif [[ $word == -* ]]; then
      case "$command:$word" in
        ${alternatives(withValue)}) option=$word ;;
      esac
    elif [[ -z $command ]]; then
      command=$word
    fi
  done
  [[ $current == "=" ]] && current=
  case "$command:$option" in
${commands.map(valueCases).join("")}  esac
  [[ -n $option ]] && return
  if [[ $current == -* ]]; then
    case "$command" in
${commands.map(({ name: command, options }) => `      ${quote(command)}) ${words(options.map(({ long }) => long))} ;;\n`).join("")}    esac
    return
  fi
  case "$command" in
    '') ${words(subcommands)} ;;
${commands.map(argumentCase).join("")}  esac
}
complete -F ${name} ${program}
`;
}

function valueCases({ name, options }: CompletedCommand): string {
  return options
    .flatMap(({ long, short, values }) => {
      const action = values === undefined ? "" : completed(values);
      const flags = [long, short].flatMap((flag) => (flag === undefined ? [] : [`${name}:${flag}`]));
      return action === "" ? [] : [`    ${alternatives(flags)}) ${action} ;;\n`];
    })
    .join("");
}

function argumentCase({ name, values }: CompletedCommand): string {
  const action = values === undefined || name === "" ? "" : completed(values);
  return action === "" ? "" : `    ${quote(name)}) ${action} ;;\n`;
}

function completed(values: Values): string {
  switch (values.kind) {
    case "words":
      return words(values.words);
    case "files":
      return names("-f");
    case "folders":
      return names("-d");
    case "free":
      return "";
  }
}

// Outside of a completion, as in tests, there are no options to change.
const names = (kind: string): string => `compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen ${kind} -- "$current")`;
const words = (list: readonly string[]): string => `mapfile -t COMPREPLY < <(compgen -W ${quote(list.join(" "))} -- "$current")`;
const alternatives = (list: readonly string[]): string => list.map(quote).join("|");
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
