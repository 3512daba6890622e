/** Peers on 127.0.0.1 that answer as products and broken networks do: node:http, no part of this package. */

import {
  createServer as createHttpServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";

/** A request, taken apart no further than a test needs. */
export interface Asked {
  readonly method: string;
  /** With query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  /** Local name of the root element: `Poll_Request`. */
  readonly type: string;
  readonly id: string;
  readonly version: "1.0" | "1.1";
  /** The value of an attribute of the root element. */
  attribute(name: string): string | undefined;
  /** The text of the first element of this name. */
  element(name: string): string | undefined;
}

/** How a peer answers. What it leaves unanswered stays open until the peer is closed. */
export type Answer = (asked: Asked, response: ServerResponse, peer: Peer) => void | Promise<void>;

export interface Peer {
  /** `http://127.0.0.1:12345`. */
  readonly url: string;
  /** The requests so far. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Starts a peer. With `tls` it is one of https. */
export async function startPeer(answer: Answer, tls?: ServerOptions): Promise<Peer> {
  const asked: Asked[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void receive(request)
      .then((one) => {
        asked.push(one);
        return answer(one, response, peer);
      })
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  };
  const server: Server = tls === undefined ? createHttpServer(listener) : createHttpsServer(tls, listener);
  // A client that does not like a certificate hangs up.
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const peer: Peer = {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return peer;
}

async function receive(request: IncomingMessage): Promise<Asked> {
  const pieces: Uint8Array[] = [];
  for await (const piece of request as AsyncIterable<Uint8Array>) pieces.push(piece);
  const body = Buffer.concat(pieces).toString("utf8");
  const root = /<(?:[\w.-]+:)?([A-Z][\w]*)\b[^>]*>/.exec(body);
  const attribute = (name: string): string | undefined => new RegExp(`\\s${name}="([^"]*)"`).exec(root?.[0] ?? "")?.[1];
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    body,
    type: root?.[1] ?? "",
    id: attribute("message_id") ?? "",
    version: body.includes("taxii_xml_binding-1.1") ? "1.1" : "1.0",
    attribute,
    element: (name) => new RegExp(`<(?:[\\w.-]+:)?${name}\\b[^>]*>([^<]*)<`).exec(body)?.[1],
  };
}

/** The user name and password of Basic authentication; undefined without. */
export function credentialsOf({ headers }: Asked): { readonly user: string; readonly password: string } | undefined {
  const encoded = /^Basic (\S+)$/i.exec(headers.authorization ?? "")?.[1];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, "base64").toString("utf8");
  const at = text.indexOf(":");
  return { user: text.slice(0, at), password: text.slice(at + 1) };
}
