/** Proxies in front of the server: which of them are believed, and what they say of the request. */

import type { IncomingHttpHeaders } from "node:http";
import { type BlockList, isIP } from "node:net";
import { blockList, type Network, parseNetwork } from "./networks.js";

/** What is known of proxies in front of the server. */
export interface ProxyOptions {
  /**
   * Addresses and networks (`10.0.0.0/8`, `::1`) of proxies whose statements about the client are believed: its address, and
   * the scheme and host it used (HTTP-XP-005). The same fields from anybody else mean nothing. Default: none.
   */
  readonly trustedProxies?: readonly string[] | undefined;
  /**
   * The fields in which those proxies state it: `X-Forwarded-For`, `-Proto` and `-Host`, or `Forwarded` (RFC 7239). Only one
   * kind is read, as the other one may be the client's. Default: `x-forwarded`.
   */
  readonly forwardedBy?: "x-forwarded" | "forwarded" | undefined;
  /**
   * The field in which those proxies state the client certificate they verified, such as `X-SSL-Client-Fingerprint`. From
   * anybody else it is taken away. Default: none.
   */
  readonly clientCertificateHeader?: string | undefined;
}

/** What proxies say of a request; undefined for what they do not say. */
export interface Statement {
  readonly address: string | undefined;
  readonly scheme: string | undefined;
  readonly host: string | undefined;
}

const nothing: Statement = { address: undefined, scheme: undefined, host: undefined };

/** Judges the peers of connections. */
export class Proxies {
  readonly #trusted: BlockList | undefined;
  readonly #read: (headers: IncomingHttpHeaders) => Hop[];
  /** In lower case; undefined for none. */
  readonly clientCertificateHeader: string | undefined;

  /** @throws TypeError for what is neither an address nor a network */
  constructor({ trustedProxies = [], forwardedBy = "x-forwarded", clientCertificateHeader }: ProxyOptions) {
    this.#trusted = trustedProxies.length === 0 ? undefined : blockList(trustedProxies.map(networkOf));
    this.#read = forwardedBy === "forwarded" ? readForwarded : readXForwarded;
    this.clientCertificateHeader = clientCertificateHeader?.toLowerCase();
  }

  /** Whether what this address says is believed. */
  trusts(address: string | undefined): boolean {
    const version = address === undefined || this.#trusted === undefined ? 0 : isIP(address);
    return version !== 0 && this.#trusted?.check(address ?? "", version === 6 ? "ipv6" : "ipv4") === true;
  }

  /** What the proxies of a request state, from the nearest to the one that is not believed any more: that is the client. */
  statement(headers: IncomingHttpHeaders): Statement {
    let stated: Statement = nothing;
    for (const hop of this.#read(headers)) {
      stated = { address: hop.address ?? stated.address, scheme: hop.scheme ?? stated.scheme, host: hop.host ?? stated.host };
      if (!this.trusts(hop.address)) break;
    }
    return stated;
  }
}

/** One proxy's statement. */
type Hop = Statement;

/** @throws TypeError for what is neither an address nor a network */
function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (network !== undefined) return network;
  throw new TypeError(`trustedProxies has to list addresses and networks such as 10.0.0.0/8, found ${JSON.stringify(text)}`);
}

/** The statements in X-Forwarded-*, the nearest proxy's first. What a proxy passes on without adding to it counts for all. */
function readXForwarded(headers: IncomingHttpHeaders): Hop[] {
  const addresses = listOf(headers["x-forwarded-for"]);
  const schemes = listOf(headers["x-forwarded-proto"]);
  const hosts = listOf(headers["x-forwarded-host"]);
  const count = Math.max(addresses.length, schemes.length > 0 || hosts.length > 0 ? 1 : 0);
  return Array.from({ length: count }, (_, index) => ({
    address: plainAddress(addresses[index]),
    scheme: schemeOf(schemes[index] ?? schemes.at(-1)),
    host: hosts[index] ?? hosts.at(-1),
  }));
}

/** The items of a list, the last one first. */
function listOf(value: string | readonly string[] | undefined): string[] {
  const items = [value ?? []].flat().join(",").split(",");
  return items
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .reverse();
}

/** The statements in Forwarded, the nearest proxy's first. */
function readForwarded({ forwarded }: IncomingHttpHeaders): Hop[] {
  return listOf(forwarded).map((element) => {
    const pairs = new Map(element.split(";").map((pair) => pairOf(pair)));
    return { address: plainAddress(pairs.get("for")), scheme: schemeOf(pairs.get("proto")), host: pairs.get("host") };
  });
}

function pairOf(pair: string): [string, string] {
  const [name = "", value = ""] = pair.split(/=(.*)/s);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, "$1")];
}

/** The address in `1.2.3.4`, `1.2.3.4:80`, `2001:db8::1` or `[2001:db8::1]:80`; undefined for anything else, such as `unknown`. */
function plainAddress(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const [, bracketed, plain = text] = /^\[([^\]]*)\](?::\d+)?$|^([\d.]+):\d+$/.exec(text) ?? [];
  const address = bracketed ?? plain;
  return isIP(address) === 0 ? undefined : mappedAddress(address);
}

/** An IPv4 address that came over an IPv6 socket, as what it is. */
export function mappedAddress(address: string): string {
  return /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address;
}

function schemeOf(text: string | undefined): string | undefined {
  const scheme = text?.toLowerCase();
  return scheme === "http" || scheme === "https" ? scheme : undefined;
}
