/** The steps from the proxy to TLS. */

import type { Proxy } from "../../client/node/proxy.js";
import type { Security } from "../../client/node/tls.js";
import { type AddressKind, bareHost, kindOfAddress, kindOfHost } from "./address-kind.js";
import { type Finding, skipped } from "./finding.js";
import type { Patience } from "./network.js";
import { examineDns, examineProxy, examineTcp } from "./network-steps.js";
import { examineTls } from "./tls-step.js";
import { openConnection } from "./tunnel.js";

/** What the steps need to know. */
export interface NetworkExamination {
  readonly url: URL;
  readonly proxy: Proxy | undefined;
  /** Whether the user named the proxy, or none. */
  readonly isProxyGiven: boolean;
  /** How to speak TLS with the server, and with the proxy. */
  readonly security: Security;
  readonly proxySecurity: Security;
  readonly patience: Patience;
  readonly now: Date;
}

/** What the steps found out. */
export interface Network {
  /** Whether requests can be sent. */
  readonly isConnected: boolean;
  /** The kinds of network the host belongs to. */
  readonly kinds: ReadonlySet<AddressKind>;
}

/** Goes from the proxy to TLS, as far as it comes. */
export async function* examineNetwork(examination: NetworkExamination): AsyncGenerator<Finding, Network, undefined> {
  const { url, proxy, isProxyGiven, security, proxySecurity, patience, now } = examination;
  const proxyUrl = proxy === undefined ? undefined : new URL(proxy.origin);
  yield examineProxy(proxyUrl, isProxyGiven);
  const dns = await examineDns(url, proxyUrl, patience);
  yield dns.finding;
  const tcp = await examineTcp(url, proxyUrl, dns.addresses, patience);
  yield tcp;
  const own = kindOfHost(bareHost(url.hostname));
  const kinds = new Set([own, ...dns.addresses.map(({ address }) => kindOfAddress(address))].filter((kind) => kind !== undefined));
  if (tcp.outcome === "failed" || tcp.outcome === "skipped") {
    yield skipped("tls", "there is no connection");
    return { isConnected: false, kinds };
  }
  if (url.protocol === "http:") {
    yield skipped("tls", "http has none");
    return { isConnected: true, kinds };
  }
  const { secureContext, rejectUnauthorized } = security;
  const open = () => openConnection(url, proxy, proxySecurity.secureContext, patience);
  const tls = await examineTls({ url, open, secureContext, insecure: !rejectUnauthorized, patience, now });
  yield tls;
  return { isConnected: tls.outcome !== "failed", kinds };
}
