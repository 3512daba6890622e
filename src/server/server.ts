/** The server: `Request` in, `Response` out. */

import { protocolOf } from "../http/headers.js";
import { acceptsXml } from "../http/media-type.js";
import type { Request11 } from "../message/exchanges.js";
import { StatusError } from "../message/status-error.js";
import type { Storage } from "../storage/index.js";
import type { Limits } from "../xml/limits.js";
import type { Account, Context } from "./context.js";
import { type Handler, runHandlers } from "./handler.js";
import { type Correspondence, elementOf, glance, receive } from "./receive.js";
import { type Refusal, RefusedRequest } from "./refusal.js";
import { respond, respondRefusing } from "./respond.js";
import type { Service } from "./service.js";

/** A failure that its cause was kept from the peer for. */
export interface Failure {
  /** What was thrown. */
  readonly error: unknown;
  readonly method: string;
  readonly path: string;
}

export interface ServerOptions {
  /** Where collections and content are. */
  readonly storage: Storage;
  /** The services, each at most once under one path. */
  readonly services: readonly Service[];
  /**
   * Where others reach this server, without the paths of the services: `https://taxii.example.com`. To be given when the
   * addresses of requests are not those the peers used, as behind a proxy that ends TLS. Its scheme is then that of every
   * request. Default: the origin of each request.
   */
  readonly publicUrl?: string;
  /**
   * Tells who sent a request, from its header fields; undefined for nobody in particular. A StatusError `UNAUTHORIZED` thrown
   * here turns the request away. Default: everybody is nobody in particular.
   */
  readonly authenticate?: (request: Request) => Account | undefined | Promise<Account | undefined>;
  /** Bytes of a request's body, also when unpacked; more is answered with HTTP 413. Default: 100 MiB. */
  readonly maxRequestBytes?: number;
  /** Limits on the XML of a request. Default: those of `fromXml`. */
  readonly limits?: Partial<Limits>;
  /**
   * HTTP status of `UNAUTHORIZED` (HTTP-RSP-006). With 401 comes `challenge`, which makes clients send credentials; some only
   * read the message when it is 200. Default: 401.
   */
  readonly unauthorizedStatus?: 401 | 200;
  /** WWW-Authenticate of a 401. Default: `Basic realm="taxii", charset="UTF-8"`. */
  readonly challenge?: string;
  /** Is told what peers are not: why a request failed for a reason of the server's own. Default: `console.error`. */
  readonly onFailure?: (failure: Failure) => void;
}

/** A TAXII server. */
export interface Server {
  /** Answers a request. Never rejects. Can be handed around without its server. */
  readonly fetch: (request: Request) => Promise<Response>;
  readonly services: readonly Service[];
}

const allow = "POST, OPTIONS";

/**
 * Makes a server out of services and a storage.
 *
 * ```ts
 * const server = createServer({ storage: memoryStorage(), services: [discovery({ path: "/discovery" })] });
 * ```
 *
 * @throws TypeError when two services of one type share a path, or `publicUrl` is no URL
 */
export function createServer(options: ServerOptions): Server {
  const { publicUrl } = options;
  if (publicUrl !== undefined && (!URL.canParse(publicUrl) || protocolOf(publicUrl) === undefined)) {
    throw new TypeError(`publicUrl has to be an http or https URL, found ${JSON.stringify(publicUrl)}`);
  }
  const routes = routesOf(options.services);
  return { services: options.services, fetch: (request) => answer(request, routes, options) };
}

type Routes = ReadonlyMap<string, readonly Service[]>;

function routesOf(services: readonly Service[]): Routes {
  const routes = new Map<string, Service[]>();
  for (const service of services) {
    const sharing = routes.get(service.path) ?? [];
    if (sharing.some(({ type }) => type === service.type))
      throw new TypeError(`there are two ${service.type} services under ${service.path}`);
    routes.set(service.path, [...sharing, service]);
  }
  return routes;
}

async function answer(request: Request, routes: Routes, options: ServerOptions): Promise<Response> {
  const services = routes.get(new URL(request.url).pathname);
  if (services === undefined) return plain(404, "There is no TAXII service at this address.");
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { Allow: allow } });
  if (request.method !== "POST") return plain(405, "TAXII messages are sent with POST.", { Allow: allow });
  if (!acceptsXml(request.headers.get("accept"))) return plain(406, "Replies are of type application/xml.");
  return new Conversation(request, services, options).run();
}

/** A response without TAXII message, for requests that have not come as far as TAXII (HTTP-RSP-004). */
function plain(status: number, text: string, headers: Record<string, string> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "Content-Type": "text/plain; charset=utf-8", ...headers } });
}

/** One request to a service and its answer. */
class Conversation {
  readonly #request: Request;
  readonly #candidates: readonly Service[];
  readonly #options: ServerOptions;
  readonly #baseUrl: string;
  readonly #protocol: string;
  readonly #correspondence: Correspondence = { version: "1.1", messageId: "0" };

  constructor(request: Request, candidates: readonly Service[], options: ServerOptions) {
    this.#request = request;
    this.#candidates = candidates;
    this.#options = options;
    this.#baseUrl = (options.publicUrl ?? new URL(request.url).origin).replace(/\/+$/, "");
    this.#protocol = protocolOf(this.#baseUrl) ?? protocolOf(request.url) ?? "";
  }

  async run(): Promise<Response> {
    try {
      const account = await this.#authenticate();
      const message = await receive(this.#request, this.#correspondence, {
        maxBytes: this.#options.maxRequestBytes ?? defaultMaxRequestBytes,
        limits: this.#options.limits ?? {},
        protocol: this.#protocol,
      });
      return await respond(await this.#dispatch(message, account), this.#protocol, (error) => this.#report(error));
    } catch (error) {
      return this.#refuse(this.#refusalFor(error));
    }
  }

  async #authenticate(): Promise<Account | undefined> {
    try {
      return await this.#options.authenticate?.(this.#request);
    } catch (error) {
      if (error instanceof StatusError) await glance(this.#request, this.#correspondence);
      throw error;
    }
  }

  #dispatch(message: Request11, account: Account | undefined) {
    for (const service of this.#candidates) {
      const handlers = service.handlers.filter(({ shape }) => shape.name === message.$type);
      if (handlers.length > 0) return runHandlers(handlers, message, this.#context(service, account));
    }
    const taken = new Set(this.#candidates.flatMap(({ handlers }) => handlers.map(({ shape }: Handler) => shape.element)));
    throw new StatusError("BAD_MESSAGE", {
      message: `This service does not take ${elementOf(message)}; it takes ${[...taken].join(", ")}.`,
    });
  }

  #context(service: Service, account: Account | undefined): Context {
    const { services, storage } = this.#options;
    return { request: this.#request, account, service, services, storage, baseUrl: this.#baseUrl };
  }

  #refusalFor(error: unknown): Refusal {
    if (error instanceof RefusedRequest) return error.refusal;
    if (error instanceof StatusError) {
      return { error, httpStatus: error.code === "UNAUTHORIZED" ? (this.#options.unauthorizedStatus ?? 401) : 200 };
    }
    this.#report(error);
    return { error: failure(), httpStatus: 200 };
  }

  #refuse(refusal: Refusal): Response {
    const challenge =
      refusal.httpStatus === 401 ? { "WWW-Authenticate": this.#options.challenge ?? 'Basic realm="taxii", charset="UTF-8"' } : undefined;
    const parts = { ...refusal, protocol: this.#protocol, headers: challenge };
    try {
      return respondRefusing(parts, this.#correspondence);
    } catch (error) {
      // A Status Message that cannot be written: a handler's, with a type or a detail that XML cannot carry.
      this.#report(error);
      return respondRefusing({ ...parts, error: failure(), httpStatus: 200 }, this.#correspondence);
    }
  }

  #report(error: unknown): void {
    const { method, url } = this.#request;
    try {
      (this.#options.onFailure ?? logFailure)({ error, method, path: new URL(url).pathname });
    } catch {
      // A fault in the log must not become one in the service.
    }
  }
}

/** All that a peer is told of a fault of ours (SEC-ID-004). */
function failure(): StatusError {
  return new StatusError("FAILURE", { message: "The request failed for a reason that lies with this server." });
}

const defaultMaxRequestBytes = 100 * 1024 * 1024;

function logFailure({ error, method, path }: Failure): void {
  // biome-ignore lint/suspicious/noConsole: the last resort where no onFailure is given; a fault must not pass unseen
  console.error(`${method} ${path} failed:`, error);
}
