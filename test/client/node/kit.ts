/** Peers of the transport, on this machine. */

import { createServer, type RequestListener } from "node:http";
import { createServer as createTlsServer, type ServerOptions } from "node:https";
import { type AddressInfo, createServer as createRawServer, type Server, type Socket } from "node:net";
import { afterEach } from "vitest";
import { type NodeFetch, type NodeTransportOptions, nodeFetch } from "../../../src/client/node/transport.js";

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

/** Is closed behind the test. */
export function closing<T extends { close(): unknown }>(one: T): T {
  open.push(one);
  return one;
}

/** The transport under test. No proxy of the machine's environment comes between. */
export function transport(options: NodeTransportOptions = {}): NodeFetch {
  return closing(nodeFetch({ proxy: "none", ...options }));
}

export async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(listener))}`;
}

/** A server on https://localhost:PORT, and the errors of connections that came to nothing. */
export async function serveTls(options: ServerOptions, listener: RequestListener = (_request, response) => void response.end("hello")) {
  const server = createTlsServer(options, listener);
  const failures: (string | undefined)[] = [];
  server.on("tlsClientError", (error: NodeJS.ErrnoException) => failures.push(error.code));
  const port = await listen(server);
  return { url: `https://localhost:${port}`, port, failures };
}

/** A server that waits for the beginning of a request, and then does as it is told. */
export async function serveRaw(answer: (socket: Socket) => void): Promise<number> {
  return listen(
    createRawServer((socket) => {
      socket.on("error", () => undefined).once("data", () => answer(socket));
    }),
  );
}

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => sockets.add(socket.on("close", () => sockets.delete(socket))));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing({
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        for (const socket of sockets) socket.destroy();
      }),
  });
  return (server.address() as AddressInfo).port;
}

export function post(url: string, init: RequestInit & { readonly duplex?: "half" } = {}): Request {
  return new Request(url, { method: "POST", body: "x", ...init });
}

/** What a promise is rejected with. */
export async function failure(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
    throw new Error("not an error", { cause: error });
  }
  throw new Error("nothing was thrown");
}

/** An error, its causes, and what else it says, as a log would show it. */
export function everything(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inner: unknown[] = error instanceof AggregateError ? error.errors : [];
  return [String(error), JSON.stringify(error), error.stack ?? "", ...[...inner, error.cause].filter(Boolean).map(everything)].join("\n");
}
