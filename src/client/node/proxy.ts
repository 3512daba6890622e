/** Which proxy stands before which address. */

import { BlockList, isIP } from "node:net";
import { isLocal } from "../address.js";

/** A proxy, and what it wants to hear. */
export interface Proxy {
  /** Scheme, host and port, such as `http://proxy.example.com:3128`. */
  readonly origin: string;
  /** The value of Proxy-Authorization; undefined when the URL had no credentials. */
  readonly authorization: string | undefined;
}

/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Gives the proxy for each address, or undefined for none.
 *
 * @param option the URL of a proxy for every address, which may lack `http://`; `none`; or `environment`: HTTPS_PROXY and
 *   HTTP_PROXY say which, by the scheme of the address, and NO_PROXY for which addresses there is none. Variables count in lower
 *   case first. Addresses of this machine are never asked of a proxy of the environment.
 * @throws TypeError for what is no URL of a proxy; its text, which may hold a password, is not repeated
 */
export function proxySelector(
  option: string | URL = "environment",
  variables: Variables = process.env,
): (target: URL) => Proxy | undefined {
  if (option === "none") return () => undefined;
  if (option !== "environment") {
    const proxy = parseProxy("proxy", String(option));
    return () => proxy;
  }
  const https = fromEnvironment("HTTPS_PROXY", variables);
  const http = fromEnvironment("HTTP_PROXY", variables);
  const excluded = exclusions(variables["no_proxy"] ?? variables["NO_PROXY"] ?? "");
  return (target) => {
    if (isLocal(target) || excluded(target)) return undefined;
    return target.protocol === "https:" ? https : http;
  };
}

function fromEnvironment(name: "HTTPS_PROXY" | "HTTP_PROXY", variables: Variables): Proxy | undefined {
  // In a CGI program, HTTP_PROXY is what the request's header field Proxy says.
  const forged = name === "HTTP_PROXY" && variables["REQUEST_METHOD"] !== undefined;
  const value = (variables[name.toLowerCase()] ?? (forged ? "" : variables[name]) ?? "").trim();
  if (value === "") return undefined;
  return parseProxy(name, value);
}

/** @param name what the value belongs to, for errors */
function parseProxy(name: string, value: string): Proxy {
  const address = value.includes("://") ? value : `http://${value}`;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.hostname === "")
    throw new TypeError(`${name} is no URL; expected one such as http://proxy.example.com:3128`);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw new TypeError(`${name} is a URL with the scheme ${JSON.stringify(url.protocol.slice(0, -1))}; expected http or https`);
  return { origin: url.origin, authorization: authorizationOf(name, url) };
}

function authorizationOf(name: string, { username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  try {
    const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return `Basic ${Buffer.from(credentials).toString("base64")}`;
  } catch {
    throw new TypeError(`the credentials in ${name} are not percent-encoded as they must be: a % stands for itself only as %25`);
  }
}

const defaultPorts: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/**
 * Reads NO_PROXY: `*`, or host names that stand for the hosts below them too, with or without a leading dot or `*.`; addresses
 * and ranges such as `10.0.0.0/8`; each but ranges with or without a port.
 */
function exclusions(list: string): (target: URL) => boolean {
  const rules = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .map((entry) => exclusion(entry.toLowerCase()));
  return (target) => {
    const host = target.hostname.replace(/^\[(.*)\]$/, "$1").replace(/\.$/, "");
    const port = target.port === "" ? defaultPorts[target.protocol] : target.port;
    return rules.some((rule) => rule(host, port));
  };
}

type Exclusion = (host: string, port: string | undefined) => boolean;

function exclusion(entry: string): Exclusion {
  if (entry === "*") return () => true;
  const [, network, prefix] = /^([0-9a-f.:]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (network !== undefined && isRange(network, Number(prefix))) return within(network, Number(prefix));
  const [, name = entry, only] = isIP(entry) === 0 ? (/^(.+):(\d+)$/.exec(entry) ?? []) : [];
  const wanted = name
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/^\*?\./, "")
    .replace(/\.$/, "");
  return (host, port) => (only === undefined || only === port) && (host === wanted || host.endsWith(`.${wanted}`));
}

function isRange(network: string, prefix: number): boolean {
  const version = isIP(network);
  return version !== 0 && prefix <= (version === 4 ? 32 : 128);
}

function within(network: string, prefix: number): Exclusion {
  const range = new BlockList();
  range.addSubnet(network, prefix, isIP(network) === 4 ? "ipv4" : "ipv6");
  return (host) => {
    const version = isIP(host);
    return version !== 0 && range.check(host, version === 4 ? "ipv4" : "ipv6");
  };
}
