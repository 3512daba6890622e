/** A request of node:http as the server takes it, without anything made that is not asked for. */

import type { IncomingMessage, ServerResponse } from "node:http";
import type { FieldReader } from "../../http/headers.js";
import type { HttpRequest, Peer } from "../http.js";
import { IncomingPieces } from "./pieces.js";
import { mappedAddress, type Proxies, type Statement } from "./proxies.js";
import { certificatesOf } from "./tls.js";

/**
 * The request of a connection; undefined when its address is none, or not the only one (HTTP-GEN-001), or its
 * method is one that HTTP servers do not answer.
 */
export function toHttpRequest(incoming: IncomingMessage, outgoing: ServerResponse, proxies: Proxies): HttpRequest | undefined {
  const { method = "GET", socket, headers } = incoming;
  const remote = socket.remoteAddress === undefined ? undefined : mappedAddress(socket.remoteAddress);
  const trusted = proxies.trusts(remote);
  const stated = trusted ? proxies.statement(headers) : undefined;
  const url = addressOf(incoming, stated);
  if (url === undefined || hasTwoHosts(incoming) || method === "TRACE" || method === "TRACK" || method === "CONNECT") return undefined;
  return new IncomingRequest(incoming, outgoing, {
    url,
    address: stated?.address ?? remote,
    certificateHeader: proxies.clientCertificateHeader,
    trusted,
  });
}

interface Circumstances {
  readonly url: string;
  readonly address: string | undefined;
  readonly certificateHeader: string | undefined;
  /** Whether the peer is a proxy that is believed. */
  readonly trusted: boolean;
}

class IncomingRequest implements HttpRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: FieldReader;
  readonly body: AsyncIterable<Uint8Array> | null;
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;
  readonly #circumstances: Circumstances;
  #peer: Peer | undefined;
  #gone: AbortController | undefined;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse, circumstances: Circumstances) {
    this.method = incoming.method ?? "GET";
    this.url = circumstances.url;
    this.headers = { get: (name) => this.#field(name.toLowerCase()) };
    this.body = this.method === "GET" || this.method === "HEAD" ? null : new IncomingBody(incoming, outgoing);
    this.#incoming = incoming;
    this.#outgoing = outgoing;
    this.#circumstances = circumstances;
  }

  get signal(): AbortSignal {
    if (this.#gone === undefined) {
      const gone = new AbortController();
      this.#gone = gone;
      if (this.#outgoing.destroyed) gone.abort();
      else this.#outgoing.once("close", () => gone.abort());
    }
    return this.#gone.signal;
  }

  get peer(): Peer {
    this.#peer ??= { address: this.#circumstances.address, certificates: this.#certificates() };
    return this.#peer;
  }

  #certificates(): readonly string[] {
    const { certificateHeader, trusted } = this.#circumstances;
    if (!trusted) return certificatesOf(this.#incoming.socket);
    const stated = certificateHeader === undefined ? null : this.#field(certificateHeader);
    return stated === null || stated.trim() === "" ? [] : [stated.trim()];
  }

  #field(name: string): string | null {
    const { certificateHeader, trusted } = this.#circumstances;
    if (name === certificateHeader && !trusted) return null;
    const value = this.#incoming.headers[name];
    return value === undefined ? null : Array.isArray(value) ? value.join(", ") : value;
  }
}

/** Requests whose sender waits to be told to go on. */
const waiting = new WeakSet<IncomingMessage>();

/** Notes that the sender of a request waits for `100 Continue` (HTTP-GEN-004). It is told when its body is wanted. */
export function awaitContinue(incoming: IncomingMessage): void {
  waiting.add(incoming);
}

/** Whether the sender was not told to go on, so that it may never send its body. */
export function isWaiting(incoming: IncomingMessage): boolean {
  return waiting.has(incoming);
}

/** The body of a request, to be iterated once. Giving it up leaves the connection as it is: the answer is still to go out. */
class IncomingBody implements AsyncIterable<Uint8Array> {
  readonly #incoming: IncomingMessage;
  readonly #outgoing: ServerResponse;

  constructor(incoming: IncomingMessage, outgoing: ServerResponse) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return new IncomingPieces(this.#incoming, () => {
      if (waiting.delete(this.#incoming)) this.#outgoing.writeContinue();
    });
  }
}

/** Two Host fields: each server on the way might take another one for true, so neither is (RFC 9112, section 3.2). */
function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]?.length === 4 && rawHeaders[at]?.toLowerCase() === "host") hosts++;
  return hosts > 1;
}

/** The last origin that was found to be one: most requests of a server name the same. */
let known = { scheme: "", host: "", origin: "" };

function addressOf(incoming: IncomingMessage, stated: Statement | undefined): string | undefined {
  const { url = "/", headers, socket } = incoming;
  const scheme = stated?.scheme ?? ("encrypted" in socket ? "https" : "http");
  const origin = originOf(scheme, stated?.host ?? headers.host ?? "localhost");
  // A target in absolute form, as proxies get it, has a host of its own, which is not to be believed any more than Host is.
  const target = url.startsWith("/") ? url : URL.canParse(url) ? `${new URL(url).pathname}${new URL(url).search}` : "";
  // Not new URL(target, origin): a target such as //host/ would replace the host.
  return origin !== undefined && target.startsWith("/") ? `${origin}${target}` : undefined;
}

/** A host with its scheme in front, if it is a host and nothing else: a Host field must not bring a path along. */
function originOf(scheme: string, host: string): string | undefined {
  if (known.scheme === scheme && known.host === host) return known.origin;
  const text = `${scheme}://${host}`;
  if (!URL.canParse(text)) return undefined;
  const { href, origin } = new URL(text);
  if (href !== `${origin}/`) return undefined;
  known = { scheme, host, origin };
  return origin;
}
