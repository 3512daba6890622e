/** Taking connections. */

import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createHttpsServer, Server as HttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import type { Server } from "../server.js";
import { Proxies, type ProxyOptions } from "./proxies.js";
import { awaitContinue, isWaiting, toHttpRequest } from "./request.js";
import { send } from "./send.js";
import { nodeTlsOptions, refuseUnknown, type TlsOptions } from "./tls.js";

export interface ListenOptions extends ProxyOptions {
  /** Default: 127.0.0.1, this machine only. */
  readonly host?: string | undefined;
  /** 0 for any that is free. Default: 0. */
  readonly port?: number | undefined;
  /** Default: none, clear text. */
  readonly tls?: TlsOptions | undefined;
  /** Milliseconds for the head of a request to arrive, and for a TLS handshake. Default: 30,000. */
  readonly headersTimeout?: number | undefined;
  /** Milliseconds for a request to arrive whole, body included. Default: 300,000. */
  readonly requestTimeout?: number | undefined;
  /** Milliseconds after which a peer that takes nothing of its answer is given up. Default: 120,000. */
  readonly idleTimeout?: number | undefined;
  /** Milliseconds that a connection is kept for a further request. Default: 10,000. */
  readonly keepAliveTimeout?: number | undefined;
  /** Connections at the same time; further ones are closed at once. Default: 10,000. */
  readonly maxConnections?: number | undefined;
  /** Bytes of the head of a request; more is answered with HTTP 431. Default: 16 KiB. */
  readonly maxHeaderSize?: number | undefined;
  /** Milliseconds that `close` leaves to requests that are being answered. Default: 10,000. */
  readonly grace?: number | undefined;
}

/** A server that takes connections. */
export interface Listening {
  /** Where: `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly port: number;
  /**
   * Uses another key and certificate for connections to come. Whether clients are asked for theirs stays as it was.
   *
   * @throws TypeError when it listens without TLS; Error of node:tls for what is no key or certificate, and nothing is changed then
   */
  setTls(tls: TlsOptions): void;
  /** Takes no more connections, waits until requests are answered, and after `grace` cuts off those that are not. */
  close(): Promise<void>;
}

type Answering = Pick<Server, "handle">;

/**
 * Takes connections for a server.
 *
 * @throws Error of node:net when it cannot listen, such as `EADDRINUSE`; of node:tls for a bad key or certificate; TypeError for
 *   proxies that are none
 */
export async function listen(server: Answering, options: ListenOptions = {}): Promise<Listening> {
  const { host = "127.0.0.1", port = 0, grace = 10_000 } = options;
  const http = serverFor(server, options);
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, resolve);
  });
  const address = http.address() as AddressInfo;
  return {
    url: `${options.tls === undefined ? "http" : "https"}://${hostOf(address)}:${address.port}`,
    port: address.port,
    setTls: (tls) => setTls(http, tls),
    close: () => close(http, grace),
  };
}

/**
 * A node:http request listener for a server, to be used in a server of your own, Express included. The body must not have been
 * read by anybody before.
 *
 * @throws TypeError for proxies that are none
 */
export function requestListener(
  server: Answering,
  { idleTimeout = defaultIdleTimeout, ...options }: ProxyOptions & Pick<ListenOptions, "idleTimeout"> = {},
): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  const proxies = new Proxies(options);
  return (incoming, outgoing) => void serve(server, incoming, outgoing, proxies, idleTimeout);
}

const defaultIdleTimeout = 120_000;

// Milliseconds between looks for requests that take too long to arrive.
const longestCheck = 5000;

function serverFor(server: Answering, options: ListenOptions): HttpServer | HttpsServer {
  const { headersTimeout = 30_000, requestTimeout = 300_000, keepAliveTimeout = 10_000, maxHeaderSize = 16 * 1024 } = options;
  const settings = {
    headersTimeout,
    requestTimeout,
    keepAliveTimeout,
    maxHeaderSize,
    connectionsCheckingInterval: Math.min(longestCheck, headersTimeout, requestTimeout),
  };
  const listener = requestListener(server, options);
  const http =
    options.tls === undefined
      ? createHttpServer(settings, listener)
      : createHttpsServer({ ...settings, handshakeTimeout: headersTimeout, ...nodeTlsOptions(options.tls) }, listener).on(
          "secureConnection",
          refuseUnknown,
        );
  http.maxConnections = options.maxConnections ?? 10_000;
  return http.on("checkContinue", (incoming: IncomingMessage, outgoing: ServerResponse) => {
    awaitContinue(incoming);
    listener(incoming, outgoing);
  });
}

function setTls(http: HttpServer | HttpsServer, tls: TlsOptions): void {
  if (!(http instanceof HttpsServer)) throw new TypeError("the server listens without TLS; its scheme cannot be changed");
  http.setSecureContext(nodeTlsOptions(tls));
}

function hostOf({ address, family }: AddressInfo): string {
  return family === "IPv6" ? `[${address}]` : address;
}

// Milliseconds between looks for connections that have nothing more to do.
const closingInterval = 20;

function close(http: HttpServer | HttpsServer, grace: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const deadline = setTimeout(() => http.closeAllConnections(), grace);
    // A connection that is kept alive becomes idle only when its last answer is out.
    const idle = setInterval(() => http.closeIdleConnections(), closingInterval);
    http.close((error) => {
      clearTimeout(deadline);
      clearInterval(idle);
      if (error === undefined) resolve();
      else reject(error);
    });
  });
}

async function serve(
  server: Answering,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  proxies: Proxies,
  idleTimeout: number,
): Promise<void> {
  try {
    const request = toHttpRequest(incoming, outgoing, proxies);
    if (request === undefined) outgoing.writeHead(400, { "Content-Length": "0" }).end();
    else {
      const response = await server.handle(request);
      // A body that nobody asked for may come or not: the connection cannot be used for anything else.
      if (isWaiting(incoming)) outgoing.setHeader("Connection", "close");
      await send(response, outgoing, idleTimeout);
    }
    // Lets what is still to come go by, so that the connection can be used again.
    if (!incoming.complete) incoming.resume();
  } catch {
    // The peer is gone, or the body of the response broke off and was reported where that happened. In either case the
    // connection must not look as if all had been said.
    outgoing.destroy();
  }
}
