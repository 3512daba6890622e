/** What every command of `taxii` that talks to a server can be told of it: flags, environment variables, profiles. */

import { type Command, Option } from "commander";
import type { Client } from "../client/api.js";
import { seconds, several, wholeNumber } from "./arguments.js";
import { completeSecrets } from "./connection/secrets.js";
import { mergeSettings, type Settings } from "./connection/settings.js";
import { environmentSettings } from "./connection/variables.js";
import { type Connection, connect } from "./connection.js";
import type { Environment } from "./environment.js";
import { UsageError } from "./failure.js";
import { printableLine } from "./output.js";
import { profileSettings } from "./profiles.js";

/** The flags as commander gives them. */
export interface ConnectionFlags {
  readonly url?: string | undefined;
  readonly profile?: string | undefined;
  readonly username?: string | undefined;
  readonly passwordFile?: string | undefined;
  readonly tokenFile?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly keyPasswordFile?: string | undefined;
  readonly pfx?: string | undefined;
  readonly ca?: string | undefined;
  readonly systemCa?: boolean | undefined;
  readonly insecure?: boolean | undefined;
  readonly minTls?: keyof typeof tlsVersions | undefined;
  readonly proxy?: string | undefined;
  readonly timeout?: number | undefined;
  readonly retries?: number | undefined;
  readonly taxiiVersion?: "1.0" | "1.1" | "auto" | undefined;
  readonly endpoint?: "auto" | "discovery" | "service" | undefined;
  readonly strict?: boolean | undefined;
  readonly rewriteOrigin?: boolean | undefined;
  readonly followRedirects?: boolean | undefined;
  readonly cleartextAuth?: boolean | undefined;
  readonly authOrigin?: readonly string[] | undefined;
  readonly jwtUrl?: string | undefined;
}

/** TLS versions in the words of the flags, and in those of Node. */
export const tlsVersions = { "1.0": "TLSv1", "1.1": "TLSv1.1", "1.2": "TLSv1.2", "1.3": "TLSv1.3" } as const;

const heading = "Connection:";

/** Adds the connection's flags to a command, under a heading of their own. */
export function connectionOptions(command: Command): Command {
  const options = [
    new Option("--url <url>", "address of a discovery service, or of the service itself"),
    new Option("--profile <name>", "profile of the configuration file to use"),
    new Option("--username <name>", "user name; the password comes from a file, the environment or a prompt"),
    new Option("--password-file <file>", "file with the password; - is standard input"),
    new Option("--token-file <file>", "file with a bearer token; - is standard input"),
    new Option("--jwt-url <url>", "where to log in with user name and password for a bearer token"),
    new Option("--header <field>", "further header field, 'Name: value'; repeatable").argParser(several),
    new Option("--cert <file>", "client certificate, PEM"),
    new Option("--key <file>", "key of the client certificate, PEM; default: in the file of the certificate"),
    new Option("--key-password-file <file>", "file with the password of the key or the PKCS#12 file"),
    new Option("--pfx <file>", "client certificate and key, PKCS#12"),
    new Option("--ca <file>", "authorities to trust instead of the built-in ones, PEM"),
    new Option("--system-ca", "also trust the authorities of the system"),
    new Option("--insecure", "do not check the server's certificate"),
    new Option("--min-tls <version>", "oldest TLS version to speak").choices(Object.keys(tlsVersions)),
    new Option("--proxy <url>", "HTTP proxy; none for no proxy; default: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say"),
    new Option("--timeout <seconds>", "for the beginning of an answer, and between two pieces of it").argParser(seconds),
    new Option("--retries <number>", "how often a request that failed is sent again, where that is safe; default: 3").argParser(
      wholeNumber(0),
    ),
    new Option("--taxii-version <version>", "TAXII version to speak").choices(["1.0", "1.1", "auto"]),
    new Option("--endpoint <kind>", "what is at the URL").choices(["auto", "discovery", "service"]),
    new Option("--strict", "refuse replies that deviate from the specification"),
    new Option("--rewrite-origin", "put scheme, host and port of the URL into the addresses that the server advertises"),
    new Option("--follow-redirects", "follow HTTP 307 and 308 within the same origin"),
    new Option("--cleartext-auth", "let credentials travel over plain HTTP"),
    new Option("--auth-origin <origin>", "further origin that gets the credentials; repeatable").argParser(several),
  ];
  for (const option of options) command.addOption(option.helpGroup(heading));
  return command;
}

/** Adds the URL as an argument, for commands that have no other. */
export function urlArgument(command: Command): Command {
  return command.argument("[url]", "address of a discovery service, or of the service itself; or as --url, TAXII_URL or a profile");
}

/** The flag of {@link addressOption} as commander gives it. */
export interface AddressFlags {
  readonly address?: string | undefined;
}

/** Adds `--address`, for requests to a service that the user knows better than discovery. */
export function addressOption(command: Command): Command {
  return command.option("--address <url>", "where to send the request, instead of what discovery and the collection say");
}

/** A client for what {@link connectionOf} gives. @throws UsageError as that does, and as `connect` */
export async function openClient(flags: ConnectionFlags, environment: Environment, url?: string): Promise<Client> {
  return connect(await connectionOf(flags, environment, url), environment);
}

/**
 * The connection that flags, environment variables and profile give, in this order of precedence. Reads the files of
 * secrets, and asks for a password where there is a terminal. What belongs to another origin than that of the URL in the end is
 * left out, and standard error says so.
 *
 * @param url the URL given as an argument, second name of `--url`
 * @throws UsageError when there is no URL, or something given cannot be used
 */
export async function connectionOf(flags: ConnectionFlags, environment: Environment, url?: string): Promise<Connection> {
  if (url !== undefined && flags.url !== undefined && url !== flags.url)
    throw new UsageError("two URLs are given, one as an argument and one with --url; expected one");
  const fromEnvironment = environmentSettings(environment.env);
  const { TAXII_PROFILE: preset = "" } = environment.env;
  const profile = flags.profile ?? (preset === "" ? undefined : preset);
  const merged = mergeSettings(
    [flagSettings({ ...flags, url: url ?? flags.url }), fromEnvironment, await profileSettings(profile, environment)],
    (note) => environment.output.err(`warning: ${printableLine(note)}\n`),
  );
  const { url: address } = merged;
  if (address === undefined) throw new UsageError("no URL is given; expected one as --url, in TAXII_URL or in a profile");
  const parsed = URL.canParse(address) ? new URL(address) : undefined;
  if (parsed !== undefined && `${parsed.username}${parsed.password}` !== "")
    throw new UsageError("the URL contains credentials, which would end up in logs; expected --username and --password-file");
  return completeSecrets({ ...merged, url: address }, environment);
}

function flagSettings(flags: ConnectionFlags): Settings {
  const { minTls, taxiiVersion, authOrigin, header, profile: _, ...same } = flags;
  return {
    ...same,
    source: "the command line",
    version: taxiiVersion,
    authOrigins: authOrigin,
    minTlsVersion: minTls === undefined ? undefined : tlsVersions[minTls],
    headers: header === undefined ? undefined : headersOf(header),
  };
}

/** @throws UsageError that does not repeat the field, as its value may be a secret */
function headersOf(fields: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    fields.map((field) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([^\0\r\n]*)$/.exec(field) ?? [];
      if (name === undefined || value === undefined) throw new UsageError("--header is no header field; expected 'Name: value'");
      return [name, value.trimEnd()];
    }),
  );
}
