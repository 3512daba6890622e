/** Where a script sends its request: `--url`, or the flags that came before it. */

import { parseAddress } from "../../client/address.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { printable } from "../output.js";
import type { CommonFlags } from "./flags.js";

const deprecated = ["host", "port", "path", "https"] as const;

/** Paths of services that the scripts assume with `--host` alone. */
export const defaultPaths = { discovery: "/taxii-discovery-service", data: "/taxii-data" } as const;

/**
 * The address the flags name. Deprecated ones are warned of.
 *
 * @param defaultPath of `--host` without `--path`
 * @throws UsageError when there is none, when there are two, or when it is no URL that can be used
 */
export function addressOf(flags: CommonFlags, defaultPath: string, { output }: Pick<Environment, "output">): URL {
  const given = deprecated.filter((name) => flags[name] !== undefined);
  if (given.length === 0) return checked(flags.url ?? missing("expected --url, the address of the service"));
  const names = given.map((name) => `--${name}`).join(", ");
  if (flags.url !== undefined) throw new UsageError(`${names} cannot be used together with --url`);
  const url = checked(urlFromParts(flags, names, defaultPath));
  for (const name of given) output.err(`warning: --${name} is deprecated; use --url\n`);
  output.err(`These flags stand for: --url ${quoted(shownAddress(url))}\n`);
  return url;
}

function missing(sentence: string): never {
  throw new UsageError(sentence);
}

function urlFromParts({ host, port, path = "", https = false }: CommonFlags, names: string, defaultPath: string): string {
  if (host === undefined || host === "") throw new UsageError(`${names} need --host as well; better, use --url`);
  // The authority ends at these; the rest of the name would silently become something else.
  if (/[/?#@\\\s]/.test(host)) throw new UsageError(`--host is the name of a host and nothing else; for a whole address, use --url`);
  const authority = port === undefined ? host : `${host}:${port}`;
  return `${https ? "https" : "http"}://${authority}${path === "" ? defaultPath : path.replace(/^(?!\/)/, "/")}`;
}

function checked(address: string): URL {
  try {
    return parseAddress(address);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    const reason = hasCredentials(address) ? "it cannot hold credentials; give them as --username and --pass" : error.message;
    throw new UsageError(`--url: ${reason}`, { cause: error });
  }
}

function hasCredentials(address: string): boolean {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  return url !== undefined && (url.username !== "" || url.password !== "");
}

/** An address as it may be printed: its query, which may be a key, is left out. */
export function shownAddress(url: URL): string {
  return `${url.origin}${url.pathname}${url.search === "" ? "" : "?…"}`;
}

/** `text` as one word of a POSIX shell, fit for a terminal. */
export function quoted(text: string): string {
  const shown = printable(text).replace(/\s/g, " ");
  return /^[\w@%+=:,./-]+$/.test(shown) ? shown : `'${shown.replaceAll("'", "'\\''")}'`;
}
