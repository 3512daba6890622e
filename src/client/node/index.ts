/** The client on Node: the portable one, over undici. */

import type { Client } from "../api.js";
import { createClient as createPortableClient } from "../client.js";
import type { ClientOptions } from "../options.js";
import { type NodeTransportOptions, nodeFetch } from "./transport.js";

export * from "../index.js";
export { type FileStateOptions, fileState } from "./file-state.js";
export type { FileContent, TlsOptions } from "./tls.js";
export { type NodeFetch, type NodeTransportOptions, nodeFetch } from "./transport.js";

/** Options of the client, and of the transport it makes when it is given none. */
export interface NodeClientOptions extends ClientOptions, NodeTransportOptions {}

/**
 * Makes a client.
 *
 * ```ts
 * const client = createClient("https://taxii.example.com/discovery", { tls: { pfx: await readFile("me.p12"), passphrase } });
 * for await (const block of client.poll("indicators")) save(block);
 * ```
 *
 * @param url the address of a discovery service, or of any other
 * @throws TypeError or RangeError when address or options cannot be used
 */
export function createClient(url: string, options: NodeClientOptions = {}): Client {
  const { proxy, tls, connectTimeout, maxInflation, ...rest } = options;
  const transport = { proxy, tls, connectTimeout, maxInflation };
  if (rest.fetch === undefined) return createPortableClient(url, { ...rest, fetch: nodeFetch(transport) });
  const [unused] = Object.entries(transport).find(([, value]) => value !== undefined) ?? [];
  if (unused !== undefined) throw new TypeError(`${unused} has no effect with a fetch of one's own; give it to nodeFetch`);
  return createPortableClient(url, rest);
}
