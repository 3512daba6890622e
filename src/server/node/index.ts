/** The server on node:http and node:https. */

export { type Listening, type ListenOptions, listen, requestListener } from "./listen.js";
export type { ProxyOptions } from "./proxies.js";
export type { TlsOptions } from "./tls.js";
