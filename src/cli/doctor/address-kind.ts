/** What kind of network an address belongs to. */

import { BlockList, isIP } from "node:net";

/** `this machine`, `any address` (which a server listens on, and no client can reach), `private`, or `public`. */
export type AddressKind = "this machine" | "any address" | "private" | "public";

const loopback = blockList([
  ["127.0.0.0", 8, "ipv4"],
  ["::1", 128, "ipv6"],
]);
const unspecified = blockList([
  ["0.0.0.0", 32, "ipv4"],
  ["::", 128, "ipv6"],
]);
// RFC 1918, RFC 6598, RFC 3927, RFC 4193 and RFC 4291.
const privateUse = blockList([
  ["10.0.0.0", 8, "ipv4"],
  ["172.16.0.0", 12, "ipv4"],
  ["192.168.0.0", 16, "ipv4"],
  ["100.64.0.0", 10, "ipv4"],
  ["169.254.0.0", 16, "ipv4"],
  ["fc00::", 7, "ipv6"],
  ["fe80::", 10, "ipv6"],
]);

function blockList(subnets: readonly (readonly [string, number, "ipv4" | "ipv6"])[]): BlockList {
  const list = new BlockList();
  for (const [network, bits, family] of subnets) list.addSubnet(network, bits, family);
  return list;
}

/** The kind of an IP address; undefined for anything else. */
export function kindOfAddress(address: string): AddressKind | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  const family = version === 4 ? "ipv4" : "ipv6";
  if (loopback.check(address, family)) return "this machine";
  if (unspecified.check(address, family)) return "any address";
  return privateUse.check(address, family) ? "private" : "public";
}

/** The kind of a host in a URL, as far as its name tells; undefined for names that only DNS knows. */
export function kindOfHost(hostname: string): AddressKind | undefined {
  if (hostname === "localhost" || hostname.endsWith(".localhost")) return "this machine";
  return kindOfAddress(bareHost(hostname));
}

/** A host as the network functions want it: an IPv6 address without brackets. */
export function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "");
}
