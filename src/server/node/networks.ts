/** Addresses and networks, as operators write them into lists. */

import { BlockList, isIP } from "node:net";

/** A network, or one address: all its bits count then. */
export type Network = readonly [address: string, bits: number];

/** Reads `10.0.0.0/8`, `fd00::/8`, `10.1.2.3` or `::1`; undefined for anything else. */
export function parseNetwork(text: string): Network | undefined {
  const [address = "", length, ...rest] = text.split("/");
  const version = isIP(address);
  const longest = version === 4 ? 32 : 128;
  const bits = length === undefined ? longest : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  // An address with a zone belongs to a link, which a network of addresses cannot say.
  return version === 0 || address.includes("%") || rest.length > 0 || !(bits <= longest) ? undefined : [address, bits];
}

/** A list that tells whether an address lies in any of the networks. */
export function blockList(networks: readonly Network[]): BlockList {
  const list = new BlockList();
  for (const [address, bits] of networks) list.addSubnet(address, bits, isIP(address) === 4 ? "ipv4" : "ipv6");
  return list;
}
