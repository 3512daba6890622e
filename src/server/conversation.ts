/** One request and its answer. */

import { protocolOf } from "../http/headers.js";
import { versionOf } from "../message/exchanges.js";
import { StatusError } from "../message/status-error.js";
import { StorageError } from "../storage/index.js";
import type { Account, Authenticate } from "./access.js";
import { acceptsAny } from "./bindings.js";
import type { Context } from "./context.js";
import { chooseService, dispatch } from "./dispatch.js";
import { type AnyReply, isStreamed, isStreamed10 } from "./handler.js";
import { helpPage } from "./help.js";
import type { Host } from "./host.js";
import type { HttpRequest, HttpResponse } from "./http.js";
import { elementOf } from "./messages.js";
import { nowhere, plain } from "./plain.js";
import { type Correspondence, glance, type Received, type ReceiveOptions, receive } from "./receive.js";
import { failure, type Refusal, RefusedRequest, retry } from "./refusal.js";
import { respond, respondRefusing } from "./respond.js";
import type { Route } from "./routes.js";
import type { Service } from "./service.js";
import { type Admission, type LoadShare, peerKey } from "./throttle.js";
import { newTrace, requestAnswered, type Trace, watched } from "./trace.js";

const allow = "POST, OPTIONS";

// Seconds; nobody knows how long a service stays away, or an overload lasts.
const serviceWait = 60;
const overloadWait = 5;

/** Answers one request of a host. */
export class Conversation {
  readonly #request: HttpRequest;
  readonly #host: Host;
  readonly #path: string;
  readonly #requestId = crypto.randomUUID();
  readonly #started: number;
  readonly #route: Route | undefined;
  readonly #baseUrl: string;
  readonly #protocol: string;
  readonly #correspondence: Correspondence = { version: "1.1", format: "xml", messageId: "0" };
  readonly #trace: Trace = newTrace();
  readonly #held: Admission[] = [];

  /** @param address the parsed address of the request */
  constructor(request: HttpRequest, { origin, pathname }: Pick<URL, "origin" | "pathname">, host: Host) {
    this.#request = request;
    this.#host = host;
    this.#path = pathname;
    this.#started = host.now();
    this.#route = host.routes.byPath.get(pathname);
    this.#baseUrl = host.publicUrl ?? origin;
    this.#protocol = protocolOf(this.#baseUrl) ?? "";
  }

  /** The answer. Never rejects. */
  async run(): Promise<HttpResponse> {
    const route = this.#route;
    const { status, headers, body } = route === undefined ? nowhere() : (this.#answerByHttp(route) ?? (await this.#answerByTaxii(route)));
    return watched(
      // A field named behind what is spread would take several times as long to make.
      { status, headers: { "X-Request-Id": this.#requestId, ...headers }, body },
      (ending) => {
        for (const held of this.#held) held.release();
        const duration = this.#host.now() - this.#started;
        this.#host.emit("requestAnswered", requestAnswered(this.#requestId, this.#request, this.#path, this.#trace, duration, ending));
      },
      (error) => this.#report(error),
    );
  }

  /** What has not come as far as TAXII (HTTP-RSP-004). */
  #answerByHttp(route: Route): HttpResponse | undefined {
    const { method, headers } = this.#request;
    if (method === "OPTIONS") return { status: 204, headers: { Allow: allow }, body: undefined };
    if (method === "GET" || method === "HEAD") return this.#help(route);
    if (method !== "POST") return plain(405, "TAXII messages are sent with POST.", { Allow: allow });
    if (acceptsAny(headers.get("accept"), this.#host.formats)) return undefined;
    return plain(406, "Replies are of type application/xml.");
  }

  #help({ services }: Route): HttpResponse {
    const address = `${this.#baseUrl}${this.#path}`;
    const { contentType, text } = helpPage(services, address, this.#protocol, this.#request.headers.get("accept"));
    const headers = { Allow: allow, "Content-Type": contentType, "Content-Security-Policy": "default-src 'none'" };
    return plain(405, text, headers);
  }

  async #answerByTaxii(route: Route): Promise<HttpResponse> {
    try {
      const share = this.#enter();
      const account = await this.#identify(route);
      const received = await receive(this.#request, this.#correspondence, this.#receiving(route, share));
      const reply = await this.#dispatch(received, account, route);
      const { version, format } = this.#correspondence;
      return await respond(this.#noted(reply), { version, format, protocol: this.#protocol });
    } catch (error) {
      return this.#refuse(this.#refusalFor(error));
    }
  }

  /** @throws RefusedRequest when too much is going on already */
  #enter(): LoadShare {
    const share = this.#host.load.enter();
    if (share === undefined) throw retry("The server has too much to do at the moment.", overloadWait, 503);
    this.#held.push(share);
    return share;
  }

  #receiving({ versions }: Route, share: LoadShare): ReceiveOptions {
    const { maxRequestBytes, limits, formats } = this.#host;
    return {
      maxBytes: maxRequestBytes,
      limits,
      protocol: this.#protocol,
      versions,
      formats,
      reserve(bytes) {
        if (!share.reserve(bytes)) throw retry("The server holds too much at the moment.", overloadWait, 503);
      },
    };
  }

  /**
   * Who sends the request.
   *
   * @throws StatusError `UNAUTHORIZED`, or RefusedRequest for a peer that asks too often
   */
  async #identify({ requiresAccount }: Route): Promise<Account | undefined> {
    try {
      const account = this.#host.authenticate && (await this.#authenticate(this.#host.authenticate));
      this.#trace.account = account;
      this.#admit(account === undefined ? peerKey(this.#request.peer?.address) : `account ${account.name}`);
      if (account === undefined && requiresAccount) throw accountNeeded();
      return account;
    } catch (error) {
      await glance(this.#request, this.#correspondence, this.#host);
      throw error;
    }
  }

  /** Failed attempts count for the address they come from, so that nobody can try one after the other. Faults of ours do not. */
  async #authenticate(authenticate: Authenticate): Promise<Account | undefined> {
    const address = this.#request.peer?.address;
    const attempts = address === undefined ? undefined : `failed ${peerKey(address)}`;
    const wait = attempts === undefined ? undefined : this.#host.throttle.waitOf(attempts);
    if (wait !== undefined) throw tooOften(wait.seconds);
    try {
      return await authenticate(this.#request);
    } catch (error) {
      const attempt = attempts === undefined || !(error instanceof StatusError) ? undefined : this.#host.throttle.admit(attempts);
      if (attempt !== undefined && "release" in attempt) attempt.release();
      throw error;
    }
  }

  #admit(peer: string): void {
    const admission = this.#host.throttle.admit(peer);
    if ("seconds" in admission) throw tooOften(admission.seconds);
    this.#held.push(admission);
  }

  #dispatch(received: Received, account: Account | undefined, { services }: Route): Promise<AnyReply> {
    const { message } = received;
    this.#trace.message = elementOf(message);
    this.#trace.version = versionOf(message);
    this.#trace.blocksIn = "contentBlocks" in message ? message.contentBlocks.length : 0;
    const service = chooseService(message, services, this.#host.formats);
    this.#trace.service = service;
    if (!service.available) throw retry("The service is not available at the moment.", serviceWait);
    if (service.requiresAccount && account === undefined) throw accountNeeded();
    const context = this.#context(received, service, account);
    const { requestId, version } = context;
    this.#host.emit("messageReceived", { requestId, message, version, account, service });
    return dispatch(message, context);
  }

  #context({ message, document }: Received, service: Service, account: Account | undefined): Context {
    const { storage, authorize, push, routes, emit, now } = this.#host;
    return {
      requestId: this.#requestId,
      request: this.#request,
      original: message,
      document,
      version: versionOf(message),
      account,
      service,
      services: routes.services,
      storage,
      baseUrl: this.#baseUrl,
      authorize,
      push,
      messageBindings: routes.messageBindings,
      emit,
      now,
    };
  }

  /** The reply, of which what goes into the trace is taken. */
  #noted(reply: AnyReply): AnyReply {
    if (isStreamed(reply)) {
      const count = (): void => void this.#trace.blocksOut++;
      return isStreamed10(reply)
        ? { message: reply.message, blocks: counted(reply.blocks, count) }
        : { message: reply.message, blocks: counted(reply.blocks, count) };
    }
    if ("statusType" in reply) this.#trace.status = reply.statusType;
    if ("contentBlocks" in reply) this.#trace.blocksOut = reply.contentBlocks.length;
    return reply;
  }

  #refusalFor(error: unknown): Refusal {
    if (error instanceof RefusedRequest) return error.refusal;
    if (error instanceof StatusError) return { error, httpStatus: error.code === "UNAUTHORIZED" ? this.#host.unauthorizedStatus : 200 };
    this.#report(error);
    // Nothing was begun by those who only read, and before the message was looked at.
    const { message } = this.#trace;
    if (error instanceof StorageError && error.code === "UNAVAILABLE" && (message === undefined || reading.has(message)))
      return retry("The server cannot reach its data at the moment.", overloadWait).refusal;
    return { error: failure(), httpStatus: 200 };
  }

  #refuse(refusal: Refusal): HttpResponse {
    this.#trace.status = refusal.error.code;
    this.#trace.version ??= this.#correspondence.version;
    const parts = {
      ...refusal,
      protocol: this.#protocol,
      headers: { ...this.#challenge(refusal), ...retryAfter(refusal) },
      now: new Date(this.#host.now()),
    };
    try {
      return respondRefusing(parts, this.#correspondence);
    } catch (error) {
      // A Status Message that cannot be written: a handler's, with a type or a detail that XML cannot carry.
      this.#report(error);
      this.#trace.status = "FAILURE";
      return respondRefusing({ ...parts, error: failure(), httpStatus: 200, headers: {} }, this.#correspondence);
    }
  }

  #challenge({ httpStatus }: Refusal): Record<string, string> {
    return httpStatus === 401 ? { "WWW-Authenticate": this.#host.challenge } : {};
  }

  #report(error: unknown): void {
    this.#host.report({ error, requestId: this.#requestId, method: this.#request.method, path: this.#path });
  }
}

/** Elements of requests that change nothing. */
const reading: ReadonlySet<string> = new Set([
  "Discovery_Request",
  "Collection_Information_Request",
  "Feed_Information_Request",
  "Poll_Request",
  "Poll_Fulfillment",
]);

function accountNeeded(): StatusError {
  return new StatusError("UNAUTHORIZED", { message: "This service is for accounts only." });
}

function tooOften(seconds: number): RefusedRequest {
  return retry("There were too many requests.", seconds, 429);
}

function retryAfter({ error, httpStatus }: Refusal): Record<string, string> {
  const [wait] = httpStatus === 429 || httpStatus === 503 ? error.details("ESTIMATED_WAIT") : [];
  return wait === undefined ? {} : { "Retry-After": wait };
}

async function* counted<B>(blocks: AsyncIterable<B> | Iterable<B>, onBlock: () => void): AsyncGenerator<B, void, undefined> {
  for await (const block of blocks) {
    onBlock();
    yield block;
  }
}
