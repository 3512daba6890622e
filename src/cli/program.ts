/** The program `taxii`: its commands. */

import type { Command } from "commander";
import { makeCommand, runCommand } from "./arguments.js";
import { connectionVariables } from "./connection/variables.js";
import { type Environment, processEnvironment } from "./environment.js";
import { packageVersion } from "./version.js";

type Add = (program: Command, environment: Environment) => void;

/** Where each command is, in the order of the help. A run loads the one it is about, which starts faster and is smaller. */
const commands: Readonly<Record<string, () => Promise<Add>>> = {
  discovery: async () => (await import("./commands/discovery.js")).addDiscovery,
  collections: async () => (await import("./commands/collections.js")).addCollections,
  poll: async () => (await import("./commands/poll.js")).addPoll,
  fulfil: async () => (await import("./commands/fulfil.js")).addFulfil,
  push: async () => (await import("./commands/push.js")).addPush,
  subscribe: async () => (await import("./commands/subscribe.js")).addSubscribe,
  unsubscribe: async () => (await import("./commands/subscription-actions.js")).addUnsubscribe,
  pause: async () => (await import("./commands/subscription-actions.js")).addPause,
  resume: async () => (await import("./commands/subscription-actions.js")).addResume,
  subscriptions: async () => (await import("./commands/subscriptions.js")).addSubscriptions,
  query: async () => (await import("./commands/query.js")).addQuery,
  proxy: async () => (await import("./commands/proxy.js")).addProxy,
  mirror: async () => (await import("./commands/mirror.js")).addMirror,
  doctor: async () => (await import("./commands/doctor.js")).addDoctor,
  contract: async () => (await import("./commands/contract.js")).addContract,
  serve: async () => (await import("./commands/serve.js")).addServe,
  worker: async () => (await import("./commands/worker.js")).addWorker,
  config: async () => (await import("./commands/config.js")).addConfig,
  migrate: async () => (await import("./commands/migrate.js")).addMigrate,
  sync: async () => (await import("./commands/sync.js")).addSync,
  account: async () => (await import("./commands/account.js")).addAccount,
  token: async () => (await import("./commands/token.js")).addToken,
  collection: async () => (await import("./commands/collection.js")).addCollection,
  service: async () => (await import("./commands/service.js")).addService,
  subscription: async () => (await import("./commands/subscription.js")).addSubscription,
  content: async () => (await import("./commands/content.js")).addContent,
  purge: async () => (await import("./commands/purge.js")).addPurge,
  reindex: async () => (await import("./commands/reindex.js")).addReindex,
  validate: async () => (await import("./commands/validate.js")).addValidate,
  convert: async () => (await import("./commands/convert.js")).addConvert,
  completion: async () => (await import("./commands/completion.js")).addCompletion,
};

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
  return runCommand(await taxiiCommand(environment, args), args, environment);
}

/**
 * The program with all its commands.
 *
 * @param args what it is to be run with; when they name a command that needs no other, it is the only one
 */
export async function taxiiCommand(environment: Environment, args: readonly string[] = []): Promise<Command> {
  const program = makeCommand("taxii", environment)
    .description("TAXII 1.0, 1.1 and Default Query on the command line.")
    .version(packageVersion(), "-V, --version", "print the version")
    .helpCommand("help [command]", "print the help of a command")
    .addHelpText("after", help);
  const named = args.find((arg) => !arg.startsWith("-")) ?? "";
  // The scripts of completion name them all.
  const only = Object.hasOwn(commands, named) && named !== "completion" ? commands[named] : undefined;
  for (const load of only === undefined ? Object.values(commands) : [only]) (await load())(program, environment);
  return program;
}
