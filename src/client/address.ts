/** Addresses: what can be talked to, and how to speak of it. */

import { protocolOf } from "../http/headers.js";
import { printable } from "../message/status-error.js";

/** @throws TypeError for what is no http or https URL, and for URLs with credentials, which would end up in logs */
export function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || protocolOf(url) === undefined)
    throw new TypeError(`expected an http or https URL, found ${JSON.stringify(printable(address.replace(/\/\/[^/@]*@/, "//…@")))}`);
  if (url.username !== "" || url.password !== "")
    throw new TypeError(`the URL of ${url.host} contains credentials; give them as auth: basic(user, password)`);
  return url;
}

/** Whether what is sent there does not leave this machine. */
export function isLocal({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** An address for people: without query, which may hold a key. */
export function describeAddress({ origin, pathname }: URL): string {
  return `${origin}${pathname}`;
}
