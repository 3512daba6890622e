/** The connection's flags for a command that talks to two servers: `--inbox-url`, `--inbox-username`, and so on. */

import { Command, Option } from "commander";
import type { Connection } from "./connection.js";
import { type ConnectionFlags, connectionOf, connectionOptions } from "./connection-options.js";
import type { Environment } from "./environment.js";
import { UsageError } from "./failure.js";
import { keepSecret } from "./secrets.js";

/** One of two servers. Its name stands before the names of its flags and, behind `TAXII_`, of its variables. */
export interface Side {
  /** In lower case: `inbox`. */
  readonly name: string;
  /** What the help calls its flags. */
  readonly heading: string;
}

/** Adds the flags for one server. What sets in a command's help apart is the heading. */
export function sideOptions(command: Command, { name, heading }: Side): Command {
  for (const { flags, description, parseArg, argChoices } of optionsOfConnection()) {
    const option = new Option(flags.replace("--", `--${name}-`), description);
    if (parseArg !== undefined) option.parseArg = parseArg;
    if (argChoices !== undefined) option.argChoices = argChoices;
    command.addOption(option.helpGroup(heading));
  }
  return command;
}

/**
 * The connection to one server: as {@link connectionOf}, out of the flags and variables with the server's name in them.
 * Those without are not for it, so that no secret goes to the wrong server.
 *
 * @param options all options of the command
 * @param url the URL given in another way
 */
export async function sideConnection(
  { name }: Side,
  options: Readonly<Record<string, unknown>>,
  environment: Environment,
  url?: string,
): Promise<Connection> {
  const flags: ConnectionFlags = Object.fromEntries(
    optionsOfConnection().map((option) => {
      const key = option.attributeName();
      return [key, options[`${name}${key.charAt(0).toUpperCase()}${key.slice(1)}`]];
    }),
  );
  const env = variablesOf(name, environment.env);
  // The URL of a default profile is not a server the user meant for both sides.
  if ((url ?? flags.url ?? flags.profile ?? env["TAXII_URL"] ?? env["TAXII_PROFILE"]) === undefined) {
    const variable = `TAXII_${name.toUpperCase()}_URL`;
    throw new UsageError(`no URL of the ${name} side is given; expected --${name}-url, ${variable} or --${name}-profile`);
  }
  const connection = await connectionOf(flags, { ...environment, env }, url);
  keepSecret(environment, connection.password, connection.token, connection.keyPassword);
  return connection;
}

function optionsOfConnection(): readonly Option[] {
  return connectionOptions(new Command()).options;
}

/** The environment as one server sees it: `TAXII_INBOX_URL` is its `TAXII_URL`. Where the configuration is holds for both. */
function variablesOf(name: string, env: Environment["env"]): Environment["env"] {
  const prefix = `TAXII_${name.toUpperCase()}_`;
  return Object.fromEntries(
    Object.entries(env).flatMap(([variable, value]) => {
      if (variable.startsWith(prefix)) return [[`TAXII_${variable.slice(prefix.length)}`, value]];
      return variable.startsWith("TAXII_") && variable !== "TAXII_CONFIG" ? [] : [[variable, value]];
    }),
  );
}
