/** Completion for zsh. */

import type { CompletedCommand, CompletedOption, Values } from "./tree.js";

/** A script to be evaluated behind `compinit`, or for a folder of `fpath`. */
export function zshCompletion(program: string, commands: readonly CompletedCommand[]): string {
  const name = `_${program.replace(/\W/g, "_")}`;
  const own = commands.filter((command) => command.name !== "");
  const described = own.map((command) => `    ${quote(`${escapeColon(command.name)}:${command.description}`)}\n`);
  const root = commands.find((command) => command.name === "");
  return `#compdef ${program}
# zsh completion for ${program}. Put this into ~/.zshrc, behind compinit: source <(${program} completion zsh)
${name}() {
  local state
  local -a commands
  commands=(
${described.join("")}  )
  _arguments -C ${(root?.options ?? []).flatMap(specifications).join(" ")} '1: :->command' '*:: :->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${own.map(commandCase).join("")}      esac
      ;;
  esac
}
# From a folder of fpath this is the function itself; otherwise it is to be made known.
if [[ $funcstack[1] == ${name} ]]; then ${name} "$@"; else compdef ${name} ${program}; fi
`;
}

function commandCase({ name, options, values }: CompletedCommand): string {
  const argument = values === undefined ? [] : [quote(`*:argument:${action(values)}`)];
  const lines = [...options.flatMap(specifications), ...argument].map((line) => ` \\\n            ${line}`);
  return `        ${quote(name)})\n          _arguments${lines.join("")}\n          ;;\n`;
}

/** An option may be given again, so it is marked with an asterisk. */
function specifications({ long, short, description, values }: CompletedOption): string[] {
  const text = description.replace(/[\\[\]:]/g, "\\$&");
  const value = values === undefined ? "" : `:value:${action(values)}`;
  return [long, short].flatMap((flag) => (flag === undefined ? [] : [quote(`*${flag}[${text}]${value}`)]));
}

function action(values: Values): string {
  switch (values.kind) {
    case "words":
      return `(${values.words.join(" ")})`;
    case "files":
      return "_files";
    case "folders":
      return "_files -/";
    case "free":
      return " ";
  }
}

const escapeColon = (text: string): string => text.replaceAll(":", "\\:");
const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
