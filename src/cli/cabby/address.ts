/** Addresses as cabby's commands put them together: out of a URL or path, and the flags for host, port and scheme. */

import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";

/** The flags that addresses are made of. */
export interface AddressFlags {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
  readonly https?: boolean | undefined;
}

/**
 * The address that the value of a flag means. A URL keeps its scheme and host. Anything else is a path, with or without a slash
 * in front, on the host given. The port given comes before that of the URL; otherwise it is the URL's, or the usual one.
 *
 * @param flag the name of the flag, for errors
 * @throws UsageError when there is no host, or the scheme is neither http nor https
 */
export function addressOf(flag: string, value: string, { host, port, https = false }: AddressFlags): string {
  const scheme = https ? "https:" : "http:";
  const url = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(value) ? parse(flag, value, scheme) : onHost(flag, value, scheme, host);
  if (port !== undefined) url.port = String(port);
  url.hash = "";
  return url.href;
}

/** A URL; without a scheme it is of the one given. */
function parse(flag: string, value: string, scheme: string): URL {
  const text = value.startsWith("//") ? `${scheme}${value}` : value;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["http:", "https:"].includes(url.protocol))
    throw new UsageError(`${flag} is ${quoted(value)}; expected an http or https URL, or a path`);
  return url;
}

function onHost(flag: string, path: string, scheme: string, host: string | undefined): URL {
  if (host === undefined) throw new UsageError(`${flag} is the path ${quoted(path)}, and no host is given; expected a URL`);
  const base = hostUrl(scheme, host);
  const at = path.search(/[?#]/);
  const [before, behind] = at < 0 ? [path, ""] : [path.slice(0, at), path.slice(at)];
  return new URL(`${base.origin}/${before.replace(/^\//, "")}${behind}`);
}

/** The host alone, perhaps with a port; an address of IP version 6 may stand without brackets. */
function hostUrl(scheme: string, host: string): URL {
  const bracketed = /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(host) ? `[${host}]` : host;
  const text = `${scheme}//${bracketed}`;
  if (/[/\\?#@\s]/.test(host) || !URL.canParse(text)) throw new UsageError(`--host is ${quoted(host)}; expected the name of a host`);
  return new URL(text);
}

/** A value for people; what may be a password in a URL is left out. */
function quoted(value: string): string {
  return JSON.stringify(printableLine(value.replace(/\/\/[^/@]*@/, "//…@")));
}
