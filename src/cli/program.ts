/** The program `taxii`: its commands. */

import type { Command } from "commander";
import { makeCommand, runCommand } from "./arguments.js";
import { addCollections } from "./commands/collections.js";
import { addCompletion } from "./commands/completion.js";
import { addConvert } from "./commands/convert.js";
import { addDiscovery } from "./commands/discovery.js";
import { addDoctor } from "./commands/doctor.js";
import { addFulfil } from "./commands/fulfil.js";
import { addMirror } from "./commands/mirror.js";
import { addPoll } from "./commands/poll.js";
import { addProxy } from "./commands/proxy.js";
import { addPush } from "./commands/push.js";
import { addQuery } from "./commands/query.js";
import { addServe } from "./commands/serve.js";
import { addSubscribe } from "./commands/subscribe.js";
import { addPause, addResume, addUnsubscribe } from "./commands/subscription-actions.js";
import { addSubscriptions } from "./commands/subscriptions.js";
import { addValidate } from "./commands/validate.js";
import { connectionVariables } from "./connection/variables.js";
import { type Environment, processEnvironment } from "./environment.js";
import { packageVersion } from "./version.js";

const commands = [
  addDiscovery,
  addCollections,
  addPoll,
  addFulfil,
  addPush,
  addSubscribe,
  addUnsubscribe,
  addPause,
  addResume,
  addSubscriptions,
  addQuery,
  addProxy,
  addMirror,
  addDoctor,
  addServe,
  addValidate,
  addConvert,
  addCompletion,
];

const variables = Object.entries(connectionVariables).map(([name, { text }]) => `  ${name.padEnd(24)} ${text}\n`);

const help = `
Every command has its own help: taxii poll --help

Flags come before environment variables, and these before profiles. The
credentials of each go to the origin of its own URL only.

Environment:
${variables.join("")}  TAXII_PROFILE            profile to use
  TAXII_CONFIG             configuration file; default: taxii/config.yaml in
                           XDG_CONFIG_HOME, or in ~/.config

Configuration:
  # Settings are the flags with _ for -. Secrets stand here, or in files.
  default: example
  profiles:
    example:
      url: https://taxii.example.com/taxii-discovery-service
      username: alice
      password_file: ~/.config/taxii/example.password`;

/** Runs the program with `args` (without `node` and script). Resolves to the exit code; `serve` resolves when it is stopped. */
export async function run(args: readonly string[], environment: Environment = processEnvironment()): Promise<number> {
  return runCommand(taxiiCommand(environment), args, environment);
}

/** The program with all its commands. */
export function taxiiCommand(environment: Environment): Command {
  const program = makeCommand("taxii", environment)
    .description("TAXII 1.0, 1.1 and Default Query on the command line.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", help);
  for (const add of commands) add(program, environment);
  return program;
}
