/** cabby's commands: programs of the same name, with the same flags. */

import type { Command } from "commander";
import { runLikeArgparse } from "../abbreviations.js";
import type { Environment } from "../environment.js";
import { collections } from "./collections.js";
import { clientCommand } from "./command.js";
import { discovery } from "./discovery.js";
import { poll } from "./poll.js";
import { proxyCommand } from "./proxy.js";
import { push } from "./push.js";
import { subscription } from "./subscription.js";

/** The commands by name. `taxii-subscriptions` is the name in the help of cabby's image. */
export const cabbyCommands = {
  "taxii-discovery": (environment) => clientCommand("taxii-discovery", discovery, environment),
  "taxii-collections": (environment) => clientCommand("taxii-collections", collections, environment),
  "taxii-poll": (environment) => clientCommand("taxii-poll", poll, environment),
  "taxii-push": (environment) => clientCommand("taxii-push", push, environment),
  "taxii-subscription": (environment) => clientCommand("taxii-subscription", subscription, environment),
  "taxii-subscriptions": (environment) => clientCommand("taxii-subscriptions", subscription, environment),
  "taxii-proxy": (environment) => proxyCommand("taxii-proxy", environment),
} as const satisfies Readonly<Record<string, (environment: Environment) => Command>>;

/** Runs a command with its arguments (without `node` and script). @returns the exit code */
export function runCabby(name: keyof typeof cabbyCommands, args: readonly string[], environment: Environment): Promise<number> {
  return runLikeArgparse(cabbyCommands[name](environment), args, environment);
}
