/** Which IP addresses may be connected to: public ones, and those an operator names (SEC-PUSH-001). */

import { isIP } from "node:net";
import { blockList, type Network, parseNetwork } from "../server/node/networks.js";

/** Whether an IP address, as `node:dns` or a URL gives it, may be connected to. */
export type AddressGuard = (address: string) => boolean;

/**
 * The ranges of IPv4 that are not the public internet: this network, private use, carrier-grade NAT, loopback, link-local,
 * protocol assignments, documentation, the 6to4 relays, benchmarks, multicast, and what is reserved, broadcast included.
 */
const refused4: readonly Network[] = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
];

/**
 * All public addresses of IPv6 are in here. Outside lie the unspecified address, loopback, the forms that carry an address of
 * IPv4 (mapped, compatible, translated, NAT64), unique local, link-local, site-local and multicast addresses.
 */
const global6: Network = ["2000::", 3];

/** What lies within `global6` and is not public: protocol assignments with Teredo, documentation, 6to4. */
const refused6: readonly Network[] = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
];

/**
 * Makes a guard that refuses all but public addresses.
 *
 * @param allowPrivate addresses and networks that are allowed as well: `10.1.2.3`, `10.0.0.0/8`, `fd00::/8`. An address of IPv4
 *   is the same one in its mapped form, `::ffff:10.1.2.3`.
 * @throws TypeError for an entry that is neither address nor network
 */
export function addressGuard(allowPrivate: readonly string[] = []): AddressGuard {
  const allowed = blockList(allowPrivate.map(networkOf));
  return (address) => {
    const family = isIP(address);
    if (family === 0) return false;
    if (family === 4) return allowed.check(address, "ipv4") || !notPublic4.check(address, "ipv4");
    return allowed.check(address, "ipv6") || (public6.check(address, "ipv6") && !notPublic6.check(address, "ipv6"));
  };
}

const notPublic4 = blockList(refused4);
const notPublic6 = blockList(refused6);
const public6 = blockList([global6]);

/** @throws TypeError for what is neither an address nor a network */
function networkOf(text: string): Network {
  const network = parseNetwork(text);
  if (network !== undefined) return network;
  throw new TypeError(`expected an IP address or a network such as 10.0.0.0/8, found ${JSON.stringify(text)}`);
}
