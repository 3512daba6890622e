/** Fetch on Node, over undici: certificates, proxies, compressed answers, limits of time. */

import { Agent, type Dispatcher, Pool } from "undici";
import { defaultMaxInflation } from "../../http/inflate.js";
import type { Fetch } from "../options.js";
import { type Connect, direct, throughProxy, toConnector, toProxy } from "./connect.js";
import { type Proxy, proxySelector } from "./proxy.js";
import { bodyOf, headersOf } from "./request.js";
import { toFault, toResponse } from "./response.js";
import { proxySecurity, type Security, serverSecurity, type TlsOptions } from "./tls.js";

export interface NodeTransportOptions {
  /**
   * The URL of an HTTP proxy, `none`, or `environment`: what HTTPS_PROXY, HTTP_PROXY and NO_PROXY say when the transport is made.
   * Credentials in the URL are percent-encoded. Default: `environment`.
   */
  readonly proxy?: string | URL | undefined;
  /** Default: the client has no certificate; servers are checked against the authorities that come with Node. */
  readonly tls?: TlsOptions | undefined;
  /** The most milliseconds for a connection, TLS included; through a proxy, for each step. Default: 10,000. */
  readonly connectTimeout?: number | undefined;
  /** How many times its own size a compressed body may unpack to, the first mebibyte aside. Default: 200. */
  readonly maxInflation?: number | undefined;
}

/** A fetch that keeps connections, until it is closed. Connections that are kept do not keep the process. */
export interface NodeFetch extends Fetch {
  /** Ends all connections; exchanges that are under way fail, and so do later ones. */
  close(): Promise<void>;
}

/**
 * Makes a fetch that follows no redirect, has no limits of time but that on connecting, and unpacks gzip and deflate
 * (HTTP-GEN-005). Cancelling the body of a response ends its connection.
 *
 * The fetch throws the reason of the request's signal when that is aborted; TransportError for a proxy that cannot be reached or
 * refuses, for answers that are not HTTP, and for bodies that break off; and otherwise what Node and undici throw. TLS failures carry the certificate of
 * the server as `cert`, for `describeTlsFailure`.
 *
 * @throws TypeError or RangeError for options that cannot be used
 */
export function nodeFetch(options: NodeTransportOptions = {}): NodeFetch {
  const transport = new Transport(options);
  return Object.assign((request: Request) => transport.fetch(request), { close: () => transport.close() });
}

/** Where an address is asked for, and what is asked for there. */
interface Route {
  readonly dispatcher: Dispatcher;
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
}

class Transport {
  readonly #tls: TlsOptions | undefined;
  readonly #security: Security;
  readonly #timeout: number;
  readonly #maxInflation: number;
  readonly #proxyOf: (target: URL) => Proxy | undefined;
  /** What connections are made by, by the proxy and the way they lead through it. */
  readonly #dispatchers = new Map<string, Dispatcher>();
  #closed = false;

  constructor({ proxy, tls, connectTimeout = 10_000, maxInflation = defaultMaxInflation }: NodeTransportOptions) {
    if (!(connectTimeout >= 1) || (connectTimeout > longestTimer && Number.isFinite(connectTimeout)))
      throw new RangeError(`connectTimeout is ${connectTimeout}; expected milliseconds, from 1 to ${longestTimer}, or Infinity`);
    if (!(maxInflation >= 1)) throw new RangeError(`maxInflation is ${maxInflation}; expected 1 or more`);
    this.#timeout = connectTimeout;
    this.#maxInflation = maxInflation;
    this.#proxyOf = proxySelector(proxy);
    this.#tls = tls;
    this.#security = serverSecurity(tls);
  }

  async fetch(request: Request): Promise<Response> {
    const { signal } = request;
    signal.throwIfAborted();
    if (this.#closed) throw new TypeError("the transport is closed");
    try {
      return await unlessAborted(this.#send(request), signal);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw toFault(error);
    }
  }

  async #send(request: Request): Promise<Response> {
    const { method, signal } = request;
    const { dispatcher, origin, path, headers } = this.#routeTo(new URL(request.url));
    const answer = await dispatcher.request({
      origin,
      path,
      method,
      headers: headersOf(request, headers),
      body: await bodyOf(request),
      signal,
    });
    return toResponse(answer, request, this.#maxInflation);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
  }

  #routeTo(target: URL): Route {
    const path = `${target.pathname}${target.search}`;
    const proxy = this.#proxyOf(target);
    if (proxy === undefined) return { dispatcher: this.#direct(), origin: target.origin, path, headers: {} };
    if (target.protocol === "https:") return { dispatcher: this.#tunnel(proxy), origin: target.origin, path, headers: {} };
    // Not connected to: many proxies do that for port 443 alone.
    const credentials = proxy.authorization === undefined ? {} : { "proxy-authorization": proxy.authorization };
    const headers = { host: target.host, ...credentials };
    return { dispatcher: this.#forward(proxy), origin: proxy.origin, path: `${target.origin}${path}`, headers };
  }

  #direct(): Dispatcher {
    return this.#dispatcher("direct", () => this.#agent(direct(this.#security, this.#timeout)));
  }

  #forward(proxy: Proxy): Dispatcher {
    return this.#dispatcher(`forward ${proxy.origin}`, () => this.#agent(this.#to(proxy)));
  }

  #tunnel(proxy: Proxy): Dispatcher {
    return this.#dispatcher(`tunnel ${proxy.origin}`, () => {
      const headersTimeout = Number.isFinite(this.#timeout) ? this.#timeout : 0;
      const pool = new Pool(proxy.origin, { ...unlimited, headersTimeout, connect: toConnector(this.#to(proxy)) });
      this.#dispatchers.set(`connect ${proxy.origin}`, pool);
      return this.#agent(throughProxy(proxy, pool, this.#security, this.#timeout));
    });
  }

  #to(proxy: Proxy): Connect {
    return toProxy(proxy, proxySecurity(this.#tls), this.#timeout);
  }

  #agent(connect: Connect): Agent {
    return new Agent({ ...unlimited, connect: toConnector(connect) });
  }

  #dispatcher(name: string, create: () => Dispatcher): Dispatcher {
    const known = this.#dispatchers.get(name);
    if (known !== undefined) return known;
    const created = create();
    this.#dispatchers.set(name, created);
    return created;
  }
}

/** What timers can hold. */
const longestTimer = 2 ** 31 - 1;

/** The client has its own limits of time. */
const unlimited = { headersTimeout: 0, bodyTimeout: 0 } as const;

/** undici looks at a signal only once it has a connection, and a body may never begin. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(signal.reason as Error);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}
