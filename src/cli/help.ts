/** What stands below the options on each help page. */

import type { Command } from "commander";
import { defaultColumns } from "./arguments.js";

/** Exit codes of the commands that talk to a server. */
const clientExitCodes = {
  0: "done",
  1: "the server said no; its status is printed",
  2: "the command line or the configuration is wrong",
  3: "no connection, no TLS, or no answer in time",
  4: "bad data: a reply that cannot be read, or a file that cannot be read or written",
  130: "interrupted with Ctrl-C",
} as const;

/** What there is to say of a command. */
export interface Notes {
  /** Paragraphs, with an empty line between them. They are wrapped anew, except those with indented lines. */
  readonly notes?: string | undefined;
  /** Default: those of the commands that talk to a server. */
  readonly exitCodes?: Readonly<Record<number, string>> | undefined;
  /** Command lines. */
  readonly examples: readonly string[];
}

/** Adds notes, exit codes and examples to a command's help. */
export function addNotes(command: Command, { notes, exitCodes = clientExitCodes, examples }: Notes): Command {
  return command.addHelpText("after", () => {
    const help = command.createHelp();
    const width = command.configureOutput().getOutHelpWidth?.() ?? defaultColumns;
    help.prepareContext({ helpWidth: width });
    const paragraphs = notes === undefined ? [] : notes.trim().split(/\n{2,}/);
    const codes = Object.entries(exitCodes).map(([code, text]) => help.formatItem(code, 3, text, help));
    const sections = [
      ...paragraphs.map((text) => (/^\s/m.test(text) ? text : help.boxWrap(text.replaceAll("\n", " "), width))),
      ["Exit codes:", ...codes].join("\n"),
      ["Examples:", ...examples.map((line) => `  ${line}`)].join("\n"),
    ];
    return `\n${sections.join("\n\n")}`;
  });
}
