/** What cabby's commands have in common: flags, a session, and a way to run. */

import type { Command, Option } from "commander";
import { act, makeCommand } from "../arguments.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { type CommonFlags, cleartextOption, commonOptions } from "./flags.js";
import { openSession, type Session } from "./session.js";

/** A command beside its name. */
export interface CabbyCommand<F extends CommonFlags = CommonFlags> {
  readonly description: string;
  /** Beside the common ones. */
  readonly options?: readonly Option[];
  /** The arguments of a use of it, for the help. */
  readonly example: string;
  /** Does it. @returns the exit code */
  run(flags: F, session: Session): Promise<number>;
}

/** Makes the program `name` out of a command. Options are in the order of cabby's help, with what is not cabby's at the end. */
export function clientCommand<F extends CommonFlags>(name: string, command: CabbyCommand<F>, environment: Environment): Command {
  const program = plainCommand(
    name,
    { ...command, options: [...commonOptions(), ...(command.options ?? []), cleartextOption()] },
    environment,
  );
  return act(program, async (flags: F) => command.run(flags, await openSession(name, flags, environment)));
}

/** A program with these options alone, which does nothing yet. */
export function plainCommand(
  name: string,
  { description, options = [], example }: Pick<CabbyCommand, "description" | "options" | "example">,
  environment: Environment,
): Command {
  const program = makeCommand(name, environment).description(description).usage("[options]").allowExcessArguments(false);
  for (const option of options) program.addOption(option);
  return addNotes(program, {
    notes: "Long options can be cut short as long as no other begins the same.",
    examples: [`${name} ${example}`],
  });
}
