/** The server on node:http: streams in, streams out, nothing else. */

import { createServer as createHttpServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { finished, Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReadableStream as NodeStream } from "node:stream/web";
import type { Server } from "./server.js";

export interface ListenOptions {
  /** Default: 127.0.0.1, this machine only. */
  readonly host?: string;
  /** 0 for any that is free. Default: 0. */
  readonly port?: number;
  /** Milliseconds for a request to arrive whole, body included. Default: 300,000. */
  readonly requestTimeout?: number;
  /** Milliseconds that `close` leaves to requests that are being answered. Default: 10,000. */
  readonly grace?: number;
}

/** A server that takes connections. */
export interface Listening {
  /** Where: `http://127.0.0.1:9000`. */
  readonly url: string;
  readonly port: number;
  /** Takes no more connections, waits until requests are answered, and after `grace` cuts off those that are not. */
  close(): Promise<void>;
}

/**
 * Takes connections for a server.
 *
 * @throws Error of node:net when it cannot listen, such as `EADDRINUSE`
 */
export async function listen(server: Pick<Server, "fetch">, options: ListenOptions = {}): Promise<Listening> {
  const { host = "127.0.0.1", port = 0, requestTimeout = 300_000, grace = 10_000 } = options;
  const http = createHttpServer({ requestTimeout }, (incoming, outgoing) => void serve(server, incoming, outgoing));
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject);
    http.listen(port, host, resolve);
  });
  const address = http.address() as AddressInfo;
  return { url: `http://${hostOf(address)}:${address.port}`, port: address.port, close: () => close(http, grace) };
}

/** A node:http request listener for a server, to be used in a server of your own. */
export function requestListener(server: Pick<Server, "fetch">): (incoming: IncomingMessage, outgoing: ServerResponse) => void {
  return (incoming, outgoing) => void serve(server, incoming, outgoing);
}

function hostOf({ address, family }: AddressInfo): string {
  return family === "IPv6" ? `[${address}]` : address;
}

// Milliseconds between looks for connections that have nothing more to do.
const closingInterval = 20;

function close(http: HttpServer, grace: number): Promise<void> {
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

async function serve(server: Pick<Server, "fetch">, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const gone = new AbortController();
  outgoing.once("close", () => gone.abort());
  const body = new IncomingBody(incoming);
  try {
    const request = toRequest(incoming, body, gone.signal);
    if (request === undefined) outgoing.writeHead(400, { "Content-Length": "0" }).end();
    else await send(await server.fetch(request), outgoing);
    body.discard();
  } catch {
    // The peer is gone, or the body of the response broke off and was reported where that happened. In either case the
    // connection must not look as if all had been said.
    outgoing.destroy();
  }
}

/**
 * The body of a request as a web stream. Not Readable.toWeb: cancelling that one destroys the connection, and the answer
 * with it.
 */
class IncomingBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly #incoming: IncomingMessage;

  constructor(incoming: IncomingMessage) {
    this.#incoming = incoming;
    this.stream = new ReadableStream({
      start: (controller) => this.#start(controller),
      pull: () => void incoming.resume(),
      cancel: () => this.discard(),
    });
  }

  /** Lets what is still to come go by, so that the connection can be used again. */
  discard(): void {
    this.#incoming.removeAllListeners("data").resume();
  }

  #start(controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>): void {
    this.#incoming
      .on("data", (chunk: Uint8Array<ArrayBuffer>) => {
        controller.enqueue(chunk);
        if ((controller.desiredSize ?? 0) <= 0) this.#incoming.pause();
      })
      .pause();
    finished(this.#incoming, { writable: false }, (error) => {
      try {
        if (error) controller.error(error);
        else controller.close();
      } catch {
        // It was cancelled before.
      }
    });
  }
}

/** The request as fetch has it; undefined when its address or its method is none. */
function toRequest(incoming: IncomingMessage, { stream }: IncomingBody, signal: AbortSignal): Request | undefined {
  const url = addressOf(incoming);
  const { method = "GET", rawHeaders } = incoming;
  if (url === undefined || method === "TRACE" || method === "TRACK" || method === "CONNECT") return undefined;
  const headers = new Headers();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) headers.append(rawHeaders[at] ?? "", rawHeaders[at + 1] ?? "");
  const init = { method, headers, signal };
  // Streams as bodies need `duplex`, which the declarations of the DOM do not have.
  const streaming: RequestInit & { readonly duplex: "half" } = { ...init, body: stream, duplex: "half" };
  return new Request(url, method === "GET" || method === "HEAD" ? init : streaming);
}

function addressOf({ url = "/", headers: { host = "localhost" }, socket }: IncomingMessage): URL | undefined {
  const origin = `${"encrypted" in socket ? "https" : "http"}://${host}`;
  if (!URL.canParse(origin) || !isOrigin(new URL(origin))) return undefined;
  // A target in absolute form, as proxies get it, has a host of its own, which is not to be believed any more than Host is.
  const target = url.startsWith("/") ? url : URL.canParse(url) ? `${new URL(url).pathname}${new URL(url).search}` : "";
  // Not new URL(target, origin): a target such as //host/ would replace the host.
  return target !== "" && URL.canParse(`${origin}${target}`) ? new URL(`${origin}${target}`) : undefined;
}

/** Whether a URL is a scheme and a host and nothing else: a Host field must not bring a path along. */
function isOrigin({ href, origin }: URL): boolean {
  return href === `${origin}/`;
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  if (response.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(response.body as NodeStream<Uint8Array>), outgoing);
}
