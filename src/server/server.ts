/** The server: `HttpRequest` in, `HttpResponse` out; or `Request` in, `Response` out. */

import { type MessageFormat, protocolOf } from "../http/headers.js";
import type { Storage } from "../storage/index.js";
import type { Limits } from "../xml/limits.js";
import { type Authenticate, type Authorize, allowAll, byPermissions } from "./access.js";
import { Conversation } from "./conversation.js";
import { emitter, type Observer } from "./events.js";
import { toHttpRequest, toResponse } from "./fetch.js";
import type { Failure, Host } from "./host.js";
import type { HttpRequest, HttpResponse } from "./http.js";
import { plain } from "./plain.js";
import type { PushPolicy } from "./push.js";
import { routesOf } from "./routes.js";
import type { Service } from "./service.js";
import { Load, Throttle, type ThrottleOptions } from "./throttle.js";

export type { Failure } from "./host.js";

export interface ServerOptions {
  /** Where collections and content are. */
  readonly storage: Storage;
  /** The services, of each type at most one under one path. */
  readonly services: readonly Service[];
  /**
   * Where others reach this server, without the paths of the services: `https://taxii.example.com`. To be given when the
   * addresses of requests are not those the peers used, as behind a proxy that ends TLS. Its scheme is then that of every
   * request. Default: the origin of each request.
   */
  readonly publicUrl?: string | undefined;
  /**
   * Tells who sent a request, from its header fields and its connection; undefined for nobody in particular. A StatusError
   * `UNAUTHORIZED` thrown here turns the request away, before its body is read. Default: everybody is nobody in particular.
   */
  readonly authenticate?: Authenticate | undefined;
  /** Decides what accounts may do. Default: with `authenticate` the accounts' permissions, without it everything. */
  readonly authorize?: Authorize | undefined;
  /** What can be pushed. Default: nothing. */
  readonly push?: PushPolicy | undefined;
  /** Are told what happens. Default: none. */
  readonly observers?: readonly Observer[] | undefined;
  /** How messages may be written: `json` are libtaxii's dictionaries, `urn:cert.europa.eu:message:json:1.0`. Default: `xml` only. */
  readonly messageBindings?: readonly MessageFormat[] | undefined;
  /** Bytes of a request's body, also when unpacked; more is answered with HTTP 413. Default: 100 MiB. */
  readonly maxRequestBytes?: number | undefined;
  /** Limits on the XML of a request. Default: those of `fromXml`. */
  readonly limits?: Partial<Limits> | undefined;
  /** How much peers may ask for. What is over it is answered RETRY, with HTTP 429 or 503. Default: see {@link ThrottleOptions}. */
  readonly throttle?: ThrottleOptions | undefined;
  /**
   * HTTP status of `UNAUTHORIZED` (HTTP-RSP-006). With 401 comes `challenge`, which makes clients send credentials; some only
   * read the message when it is 200. Default: 401.
   */
  readonly unauthorizedStatus?: 401 | 200 | undefined;
  /** WWW-Authenticate of a 401. Default: `Basic realm="taxii", charset="UTF-8"`. */
  readonly challenge?: string | undefined;
  /** Is told what peers are not: why a request failed for a reason of the server's own. Default: `console.error`. */
  readonly onFailure?: ((failure: Failure) => void) | undefined;
  /** Milliseconds since 1970. Default: `Date.now`. */
  readonly now?: (() => number) | undefined;
}

/** A TAXII server. */
export interface Server {
  /** Answers a request. Never rejects. Can be handed around without its server. */
  readonly handle: (request: HttpRequest) => Promise<HttpResponse>;
  /** The same for the `Request` and `Response` of fetch. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The services, as they were set last. */
  readonly services: readonly Service[];
  /**
   * Sets other services. Requests that are being answered are answered by the former ones.
   *
   * @throws TypeError when two services of one type share a path; nothing is changed then
   */
  setServices(services: readonly Service[]): void;
}

/**
 * Makes a server out of services and a storage.
 *
 * ```ts
 * const server = createServer({ storage: memoryStorage(), services: [discovery({ path: "/discovery" })] });
 * ```
 *
 * @throws TypeError when two services of one type share a path, or `publicUrl` is no URL; RangeError for limits that let nothing through
 */
export function createServer(options: ServerOptions): Server {
  const settings = settingsOf(options);
  const hostFor = (services: readonly Service[]): Host => ({ ...settings, routes: routesOf(services, settings.formats) });
  let host = hostFor(options.services);
  const handle = (request: HttpRequest): Promise<HttpResponse> => answer(request, host);
  return {
    handle,
    fetch: async (request) => toResponse(await handle(toHttpRequest(request))),
    get services() {
      return host.routes.services;
    },
    setServices(services) {
      host = hostFor(services);
    },
  };
}

function answer(request: HttpRequest, host: Host): Promise<HttpResponse> {
  const address = parseAddress(request.url);
  if (address === undefined) return Promise.resolve(plain(400, "The address of the request is none."));
  return new Conversation(request, address, host).run();
}

/** The address that was parsed last: most requests of a server name one of few. */
let lastParsed: URL | undefined;

function parseAddress(url: string): URL | undefined {
  if (lastParsed?.href === url) return lastParsed;
  if (!URL.canParse(url)) return undefined;
  lastParsed = new URL(url);
  return lastParsed;
}

const defaultMaxRequestBytes = 100 * 1024 * 1024;

function settingsOf(options: ServerOptions): Omit<Host, "routes"> {
  const { storage, authenticate, push, now = Date.now, onFailure = logFailure, throttle = {} } = options;
  const { maxRequestBytes = defaultMaxRequestBytes } = options;
  const report = (failure: Failure): void => {
    try {
      onFailure(failure);
    } catch {
      // A fault in the log must not become one in the service.
    }
  };
  return {
    storage,
    publicUrl: checkedUrl(options.publicUrl),
    authenticate,
    authorize: options.authorize ?? (authenticate === undefined ? allowAll : byPermissions()),
    push,
    formats: [...new Set(options.messageBindings ?? ["xml" as const])],
    maxRequestBytes,
    limits: options.limits ?? {},
    unauthorizedStatus: options.unauthorizedStatus ?? 401,
    challenge: options.challenge ?? 'Basic realm="taxii", charset="UTF-8"',
    throttle: new Throttle(throttle, now),
    load: new Load({ ...throttle, maxBytes: throttle.maxBytes ?? 5 * maxRequestBytes }),
    emit: emitter(options.observers ?? [], (error) => report({ error, requestId: undefined, method: undefined, path: undefined })),
    report,
    now,
  };
}

function checkedUrl(publicUrl: string | undefined): string | undefined {
  if (publicUrl !== undefined && (!URL.canParse(publicUrl) || protocolOf(publicUrl) === undefined))
    throw new TypeError(`publicUrl has to be an http or https URL, found ${JSON.stringify(publicUrl)}`);
  return publicUrl?.replace(/\/+$/, "");
}

function logFailure({ error, method = "", path = "" }: Failure): void {
  // biome-ignore lint/suspicious/noConsole: the last resort where no onFailure is given; a fault must not pass unseen
  console.error(`${`${method} ${path}`.trim() || "An observer"} failed:`, error);
}
