/** libtaxii's scripts, each a program of its own with the flags its users know; docs/from-libtaxii.md tells what is different. */

import type { Command } from "commander";
import { expandAbbreviations } from "../abbreviations.js";
import { runCommand } from "../arguments.js";
import type { Environment } from "../environment.js";
import { reportFailure } from "../failure.js";
import { commandOf, type Script } from "./flags.js";
import { inboxClient, inboxClient10 } from "./inbox.js";
import { collectionInformationClient, discoveryClient, discoveryClient10, feedInformationClient10 } from "./information.js";
import { fulfillmentClient, pollClient, pollClient10 } from "./poll.js";
import { queryClient } from "./query.js";
import { includeFiles } from "./settings.js";

/** A script by the name libtaxii installs it under. */
export type LibtaxiiScript =
  | "discovery_client"
  | "discovery_client_10"
  | "collection_information_client"
  | "feed_information_client_10"
  | "poll_client"
  | "poll_client_10"
  | "fulfillment_client"
  | "inbox_client"
  | "inbox_client_10"
  | "query_client";

const scripts: Readonly<Record<LibtaxiiScript, Script>> = {
  discovery_client: discoveryClient,
  discovery_client_10: discoveryClient10,
  collection_information_client: collectionInformationClient,
  feed_information_client_10: feedInformationClient10,
  poll_client: pollClient,
  poll_client_10: pollClient10,
  fulfillment_client: fulfillmentClient,
  inbox_client: inboxClient,
  inbox_client_10: inboxClient10,
  query_client: queryClient,
};

/** Makes the command of each script. */
export const libtaxiiCommands: Readonly<Record<string, (environment: Environment) => Command>> = Object.fromEntries(
  Object.entries(scripts).map(([name, script]) => [name, (environment) => commandOf(name, script, environment)]),
);

/**
 * Runs a script with `args` (without `node` and script), which are read as argparse reads them; `--from-file` puts in options
 * of a file. Never throws.
 *
 * @returns the exit code
 */
export async function runLibtaxii(name: LibtaxiiScript, args: readonly string[], environment: Environment): Promise<number> {
  const command = commandOf(name, scripts[name], environment);
  try {
    return await runCommand(command, await includeFiles(command, expandAbbreviations(command, args), environment), environment);
  } catch (error) {
    return reportFailure(name, error, environment);
  }
}
