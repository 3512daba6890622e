/** `taxii completion`: what makes the shell complete the commands and options of this program. */

import { Argument, type Command } from "commander";
import { act } from "../arguments.js";
import { bashCompletion } from "../completion/bash.js";
import { fishCompletion } from "../completion/fish.js";
import { completedCommands } from "../completion/tree.js";
import { zshCompletion } from "../completion/zsh.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";

const shells = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion };

/** Adds `completion`. */
export function addCompletion(program: Command, environment: Environment): void {
  const command = program
    .command("completion")
    .description("Print a script that has the shell complete commands and options.")
    .addArgument(new Argument("<shell>", "which shell").choices(Object.keys(shells)));
  addNotes(command, {
    exitCodes: { 0: "done", 2: "the command line is wrong" },
    examples: [
      "source <(taxii completion bash)",
      "source <(taxii completion zsh)",
      "taxii completion fish > ~/.config/fish/completions/taxii.fish",
    ],
  });
  act(command, async (shell: keyof typeof shells) => {
    await environment.output.out(shells[shell](program.name(), completedCommands(program)));
    return exitCodes.ok;
  });
}
