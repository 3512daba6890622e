/** The flags all scripts have. */

import { type Command, InvalidArgumentError, Option } from "commander";
import { act, makeCommand, wholeNumber } from "../arguments.js";
import type { Environment } from "../environment.js";

/** What the flags of every script give. */
export interface CommonFlags {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly https?: boolean | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly username?: string | undefined;
  readonly pass?: string | undefined;
  /** A URL, {@link noProxy} or {@link systemProxy}. */
  readonly proxy: string;
  readonly verifyServer?: string | undefined;
  readonly insecure?: true | undefined;
  readonly xmlOutput?: true | undefined;
}

/** The word of `--proxy` for a direct connection. */
export const noProxy = "noproxy";
/** The word of `--proxy` for what the environment variables say. */
export const systemProxy = "None";

/** The flag that is replaced by the settings of a file before the others are read. */
export const fromFile = "--from-file";

/** One of the scripts; its name is in `index.ts`. */
export interface Script<F extends CommonFlags = CommonFlags> {
  readonly description: string;
  /** Beside the common ones. */
  readonly options?: readonly Option[];
  /** The arguments of a use of it, for the help. */
  readonly example: string;
  /** Does it. @returns the exit code */
  run(flags: F, environment: Environment): Promise<number>;
}

/** The command of a script. Its options are in the order of libtaxii's help, with what is not libtaxii's at the end. */
export function commandOf(name: string, script: Script, environment: Environment): Command {
  const command = makeCommand(name, environment)
    .usage("[options]")
    .description(script.description)
    .allowExcessArguments(false)
    .addHelpText("after", `${helpTail}\n\nExample:\n  ${name} ${script.example}`);
  for (const option of [...commonOptions(), ...(script.options ?? []), insecure()]) command.addOption(option);
  return act(command, (flags: CommonFlags) => script.run(flags, environment));
}

const helpTail = `
Long options can be cut short as long as no other begins the same.
Exit codes: 0 done, 1 the server refused, 2 wrong usage, 3 network or TLS, 4 unreadable data.`;

function commonOptions(): Option[] {
  return [
    new Option("-u, --url <url>", "address of the service; required"),
    ...deprecatedOptions(),
    new Option("--cert <file>", "client certificate, PEM"),
    new Option("--key <file>", "its key, PEM; default: in the file of the certificate"),
    new Option("--username <name>", "name for HTTP Basic authentication"),
    new Option("--pass <password>", "password; without it, it is asked for"),
    new Option("--proxy <url>", `proxy; ${noProxy} for none, ${systemProxy} for HTTPS_PROXY and its like`).default(noProxy),
    new Option("--xml-output", "print the messages as XML"),
    new Option(`${fromFile} <file>`, "take options from the section [libtaxii] of an ini file, as if they stood here"),
    new Option("--verify-server <file>", "certificates of the authorities to trust, PEM; default: those of Node"),
  ];
}

/** Kept for command lines that have them; libtaxii hides them as well. */
function deprecatedOptions(): Option[] {
  return [
    new Option("--host <name>").hideHelp(),
    new Option("--port <number>").argParser(port).hideHelp(),
    new Option("--path <path>").hideHelp(),
    new Option("--https <boolean>").argParser(truth).hideHelp(),
  ];
}

function insecure(): Option {
  return new Option("--insecure", "take any certificate of the server, and send passwords over plain HTTP (not in libtaxii)");
}

function port(text: string): number {
  const value = wholeNumber(1)(text);
  if (value > 65_535) throw new InvalidArgumentError("Expected a port, at most 65535.");
  return value;
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ...["true", "yes", "1"].map((word) => [word, true] as const),
  ...["false", "no", "0"].map((word) => [word, false] as const),
]);

/** Reads a boolean out of an option, as Python writes it or otherwise. */
export function truth(text: string): boolean {
  const value = truths.get(text.toLowerCase());
  if (value === undefined) throw new InvalidArgumentError("Expected True or False.");
  return value;
}
