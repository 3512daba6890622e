/** Connections that are made to the address that was judged, and to no other (SEC-PUSH-001). */

import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { type Connect, direct } from "../client/node/connect.js";
import type { Security } from "../client/node/tls.js";
import { TransportError } from "../http/transport-error.js";
import { printable } from "../message/status-error.js";
import type { AddressGuard } from "./address-guard.js";

/** The IP addresses that a name stands for, most wanted first. */
export type Resolve = (hostname: string) => Promise<readonly string[]>;

/** Asks the system, which knows the hosts file as well. */
export const systemResolve: Resolve = async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address);

/** Of many addresses of one name, no more are tried. */
const mostAddresses = 4;

/**
 * Makes a way to connect that resolves the name once for each new connection, refuses it when any of the answers must not be
 * connected to, and connects to one of exactly these answers. TLS goes on asking for the name, and so does the Host field: a name
 * that changes its address between the check and the connection (DNS rebinding) gains nothing by it.
 *
 * @param timeout milliseconds for the name, and for each address tried
 */
export function guardedConnect(guard: AddressGuard, security: Security, timeout: number, resolve: Resolve): Connect {
  return async (to) => {
    const addresses = await addressesOf(to.hostname, resolve, timeout);
    const refused = addresses.find((address) => !guard(address));
    if (refused !== undefined) {
      throw new TransportError("NETWORK", `${to.hostname} is ${printable(refused)}, which must not be connected to`);
    }
    // Node would take the address for the name to be checked.
    const named = isIP(to.hostname) === 0 ? { ...security, servername: security.servername ?? to.hostname } : security;
    const connect = direct(named, timeout);
    let last: unknown;
    for (const address of addresses.slice(0, mostAddresses)) {
      try {
        return await connect({ ...to, hostname: address });
      } catch (error) {
        last = error;
      }
    }
    throw last;
  };
}

async function addressesOf(hostname: string, resolve: Resolve, timeout: number): Promise<readonly string[]> {
  if (isIP(hostname) !== 0) return [hostname];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new TransportError("TIMEOUT", `${hostname} could not be resolved within ${timeout} ms`)), timeout);
  });
  try {
    const addresses = await Promise.race([resolve(hostname), late]);
    if (addresses.length === 0) throw new TransportError("NETWORK", `${hostname} has no address`);
    return addresses;
  } finally {
    clearTimeout(timer);
  }
}
