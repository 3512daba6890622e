/** The flags that cabby's commands have in common. */

import { InvalidArgumentError, Option } from "commander";
import type { PollOptions } from "../../client/poll/options.js";
import type { TaxiiVersion } from "../../message/ids.js";
import { seconds, several, wholeNumber } from "../arguments.js";
import type { Environment } from "../environment.js";
import { timestampFrom } from "../timestamps.js";

/** What the common flags give. */
export interface CommonFlags {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly discovery?: string | undefined;
  readonly path?: string | undefined;
  readonly https?: true | undefined;
  /** `yes`, `no`, or a file of authorities. */
  readonly verify: string;
  /** Seconds. */
  readonly timeout?: number | undefined;
  readonly caCert?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly keyPassword?: string | undefined;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly jwtAuth?: string | undefined;
  /** A URL, or {@link noProxy}. */
  readonly proxyUrl?: string | undefined;
  readonly proxyType?: "http" | "https" | undefined;
  /** `Name:value` each. */
  readonly header?: readonly string[] | undefined;
  readonly verbose?: true | undefined;
  readonly asXml?: true | undefined;
  readonly taxiiVersion: TaxiiVersion;
  /** Not in cabby. */
  readonly cleartextAuth?: true | undefined;
}

/** The word of `--proxy-url` for a direct connection. */
export const noProxy = "noproxy";

/** The common flags, in the order of cabby's help; `taxii-proxy` has others. */
export function commonOptions(): Option[] {
  return [
    new Option("--host <name>", "host of the services, where --path or --discovery is only a path"),
    new Option("--port <number>", "port of the services").argParser(portNumber),
    new Option("--discovery <path>", "path or URL of the discovery service, which knows the others"),
    new Option("--path <path>", "path or URL of the service itself"),
    new Option("--https", "use HTTPS where no URL says which"),
    new Option("--verify <what>", "check the server's certificate: yes, no, or a file of authorities, PEM").default("yes"),
    new Option("--timeout <seconds>", "how long to wait for an answer, and for each piece of it").argParser(seconds),
    new Option("--ca-cert <file>", "authorities to trust, PEM; comes before --verify"),
    new Option("--cert <file>", "client certificate, PEM"),
    new Option("--key <file>", "its key, PEM"),
    new Option("--key-password <password>", "opens an encrypted key"),
    new Option("--username <name>", "name to log in with"),
    new Option("--password <password>", "its password; without it, TAXII_PASSWORD is used, or it is asked for"),
    new Option("--jwt-auth <path>", "path or URL where name and password are exchanged for a token"),
    new Option("--proxy-url <url>", `proxy; ${noProxy} for none. Default: HTTPS_PROXY and its like`),
    new Option("--proxy-type <type>", "use the proxy for services at http or at https addresses only").choices(["http", "https"]),
    new Option("--header <name:value>", "further header field of each request; may be given several times").argParser(several),
    ...outputOptions(),
    versionOption("-t, --taxii-version <version>"),
  ];
}

function outputOptions(): Option[] {
  return [verboseOption(), new Option("-x, --as-xml", "print XML instead of text")];
}

export function verboseOption(): Option {
  return new Option("-v, --verbose", "tell what is going on");
}

export function versionOption(flags: string): Option {
  return new Option(flags, "version of TAXII to speak").choices(["1.0", "1.1"]).default("1.1");
}

/** Not in cabby, which sends passwords wherever it is told to. */
export function cleartextOption(): Option {
  return new Option("--cleartext-auth", "send passwords and tokens over plain HTTP as well (not in cabby)");
}

export function limitOption(description: string): Option {
  return new Option("-l, --limit <number>", description).argParser(wholeNumber(0));
}

export function rangeOptions(): Option[] {
  return [
    new Option("--begin <time>", "only what is labelled later than this, ISO 8601; UTC unless it says otherwise"),
    new Option("--end <time>", "only what is labelled up to this"),
  ];
}

/** What the flags of {@link rangeOptions} give. */
export interface RangeFlags {
  readonly begin?: string | undefined;
  readonly end?: string | undefined;
}

/** The range to poll. @throws UsageError for what is no time */
export function rangeOf({ begin, end }: RangeFlags, environment: Environment): Pick<PollOptions, "after" | "before"> {
  return {
    after: begin === undefined ? undefined : timestampFrom(begin, "--begin", environment),
    before: end === undefined ? undefined : timestampFrom(end, "--end", environment),
  };
}

function portNumber(text: string): number {
  const value = wholeNumber(1)(text);
  if (value > 65_535) throw new InvalidArgumentError("Expected a port, at most 65535.");
  return value;
}
