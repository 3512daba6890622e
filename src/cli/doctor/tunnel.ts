/** A connection to a server as the client makes it: direct, or through a proxy. */

import { request as httpRequest } from "node:http";
import { isIP, type Socket } from "node:net";
import { connect, type SecureContext } from "node:tls";
import type { Proxy } from "../../client/node/proxy.js";
import { bareHost } from "./address-kind.js";
import { inTime, openSocket, type Patience } from "./network.js";
import { portOf } from "./url-step.js";

/** A proxy refused to connect. */
export class ProxyRefusalError extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`the proxy refuses to connect, with HTTP ${status}`);
    this.status = status;
  }
}

/**
 * Opens a connection to the host of a URL.
 *
 * @param trust what a proxy that speaks TLS is checked against
 * @throws the error of the system, TooLateError, ProxyRefusalError
 */
export function openConnection(url: URL, proxy: Proxy | undefined, trust: SecureContext, patience: Patience): Promise<Socket> {
  const port = portOf(url);
  if (proxy === undefined) return openSocket(bareHost(url.hostname), port, patience);
  return inTime(tunnel(proxy, `${url.hostname}:${port}`, trust, patience.signal), patience);
}

function tunnel({ origin, authorization }: Proxy, authority: string, trust: SecureContext, signal: AbortSignal): Promise<Socket> {
  const url = new URL(origin);
  const host = bareHost(url.hostname);
  const headers = { host: authority, ...(authorization === undefined ? {} : { "proxy-authorization": authorization }) };
  const servername = isIP(host) === 0 ? { servername: host } : {};
  const tls = () => connect({ host, port: portOf(url), secureContext: trust, ...servername });
  const secured = url.protocol === "https:" ? { createConnection: tls } : {};
  const request = httpRequest({ method: "CONNECT", host, port: portOf(url), path: authority, headers, signal, ...secured });
  return new Promise((resolve, reject) => {
    request.once("connect", ({ statusCode = 0 }, socket) => {
      if (statusCode >= 200 && statusCode < 300) return resolve(socket);
      socket.destroy();
      reject(new ProxyRefusalError(statusCode));
    });
    // What is not an answer to CONNECT is a refusal as well.
    request.once("response", ({ statusCode = 0 }) => {
      request.destroy();
      reject(new ProxyRefusalError(statusCode));
    });
    request.once("error", reject);
    request.end();
  });
}
