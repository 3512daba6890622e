/** One request and its reply, in one version: limits of time, credentials, redirects, repetitions. */

import type { StatusMessage } from "../../generated/taxii11/index.js";
import { tlsAlertOf } from "../http/tls-alert.js";
import { describeTlsFailure } from "../http/tls-failure.js";
import { TransportError } from "../http/transport-error.js";
import { type AnyMessage, type AnyRequest, exchangeOf, type ReplyTo, versionOf } from "../message/exchanges.js";
import { printable, StatusError } from "../message/status-error.js";
import type { MessageStream } from "../message/stream.js";
import { toVersion11 } from "../message/versions/index.js";
import { defaultLimits, type Limits } from "../xml/limits.js";
import { describeAddress, isLocal, parseAddress } from "./address.js";
import type { Auth, AuthContext, AuthScheme, Credentials } from "./auth.js";
import { Deadline, piecesInTime, sleep } from "./deadline.js";
import type { CallOptions, ClientOptions, ClientWarning, Fetch, RetryOptions, Timeouts } from "./options.js";
import { readReply } from "./reply.js";
import { requestFor } from "./request.js";
import { delayBefore, isSafe, mayPass, retryOptions } from "./retry.js";

const defaultTimeouts: Timeouts = { headers: 120_000, idle: 60_000, total: Number.POSITIVE_INFINITY };

/** What one exchange can be told. */
export interface OpenOptions extends Pick<CallOptions, "signal"> {
  readonly limits?: ClientOptions["limits"];
  /** Whether a request whose answer did not come in time is sent again. Default: true. */
  readonly retryTimeouts?: boolean | undefined;
}

/** Sends requests and reads replies; knows nothing of services. */
export class Exchanger {
  readonly retry: RetryOptions;
  readonly #home: URL;
  readonly #options: ClientOptions;
  readonly #fetch: Fetch;
  readonly #auth: AuthScheme | undefined;
  readonly #timeouts: Timeouts;
  /** Origins that get credentials. */
  readonly #trusted: ReadonlySet<string>;

  /** @throws TypeError for addresses that cannot be used, or must not be with the options given */
  constructor(home: URL, options: ClientOptions) {
    const trusted = [home, ...(options.authOrigins ?? []).map((origin) => new URL(origin))];
    if (options.auth !== undefined && options.cleartextAuth !== true) {
      const exposed = trusted.find((url) => url.protocol === "http:" && !isLocal(url));
      if (exposed !== undefined)
        throw new TypeError(`credentials for ${exposed.origin} would travel in clear text; use https, or set cleartextAuth`);
    }
    this.#home = home;
    this.retry = retryOptions(options.retry);
    this.#options = options;
    this.#fetch = options.fetch ?? fetch;
    this.#auth = schemeOf(options.auth);
    this.#timeouts = { ...defaultTimeouts, ...options.timeouts };
    this.#trusted = new Set(trusted.map(({ origin }) => origin));
  }

  get lenient(): boolean {
    return this.#options.lenient ?? true;
  }

  /** The limits on replies that are kept whole; those that stream have none on their length. */
  get limitsOfWhole(): Pick<Limits, "maxBytes" | "maxItems"> {
    const { maxBytes, maxItems } = { ...defaultLimits, ...this.#options.limits };
    return { maxBytes, maxItems };
  }

  warn(warning: ClientWarning): void {
    this.#options.onWarning?.(warning);
  }

  /** Sends a request and gives its reply whole. @throws as {@link Exchanger.open}, and ParseError */
  async send<M extends AnyRequest>(address: string, request: M, options: OpenOptions = {}): Promise<ReplyTo<M>> {
    const { message, blocks } = await this.open(address, request, { ...options, limits: this.limitsOfWhole });
    return (await whole(message, blocks)) as ReplyTo<M>;
  }

  /**
   * Sends a request, again where that is safe and may help, and gives its reply as soon as its head is there.
   *
   * @throws StatusError when the peer answers with a Status Message; that to an Inbox Message is one when it is no SUCCESS
   * @throws TransportError when the peer does not answer, or not with the message that answers the request
   */
  async open(address: string, request: AnyRequest, options: OpenOptions = {}): Promise<MessageStream<AnyMessage>> {
    const url = parseAddress(address);
    const attempts = isSafe(request) ? this.retry.attempts : 1;
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#authenticated(url, request, options);
      } catch (error) {
        const late = error instanceof TransportError && error.code === "TIMEOUT" && options.retryTimeouts === false;
        if (options.signal?.aborted === true || attempt >= attempts || late || !mayPass(error)) throw error;
        await sleep(delayBefore(attempt, error, this.retry, Date.now()), options.signal);
      }
    }
  }

  /** One attempt; two when the peer refused the credentials and there are others. */
  async #authenticated(url: URL, request: AnyRequest, options: OpenOptions): Promise<MessageStream<AnyMessage>> {
    try {
      return await this.#attempt(url, request, options);
    } catch (error) {
      if (!this.#trusted.has(url.origin) || !isUnauthorized(error) || !(await this.#renewed(url, options))) throw error;
      return this.#attempt(url, request, options);
    }
  }

  /** Whether there are other credentials now. */
  async #renewed(url: URL, { signal }: OpenOptions): Promise<boolean> {
    const deadline = new Deadline(this.#timeouts, signal);
    try {
      return await deadline.during("headers", this.#auth?.renew?.(url, this.#authContext(deadline)) ?? Promise.resolve(false));
    } finally {
      deadline.end();
    }
  }

  async #attempt(url: URL, request: AnyRequest, options: OpenOptions): Promise<MessageStream<AnyMessage>> {
    const deadline = new Deadline(this.#timeouts, options.signal);
    let body: AsyncGenerator<Uint8Array, void, undefined> | undefined;
    try {
      const { response, credentials, at } = await this.#post(url, request, deadline);
      body = piecesInTime(response.body ?? new Blob().stream(), deadline);
      const stream = await readReply(response, body, {
        limits: { ...this.#options.limits, ...options.limits },
        lenient: this.lenient,
        warn: (warning) => this.warn({ ...warning, address: describeAddress(at) }),
        secrets: secretsOf(credentials),
        binding: this.#options.binding,
      });
      const status = checkReply(stream.message, request);
      if (status !== undefined) throw new StatusError(status, { version: versionOf(stream.message) });
      return stream;
    } catch (error) {
      await body?.return();
      deadline.end();
      // What the transport makes of a signal is its own affair; the reason is the caller's, or the limit of time.
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw error;
    }
  }

  /** The response to a request; the one behind redirects, where these may be followed (HTTP-GEN-007). */
  async #post(url: URL, message: AnyRequest, deadline: Deadline): Promise<{ response: Response; credentials: Credentials; at: URL }> {
    let at = url;
    for (let redirects = 0; ; redirects++) {
      const credentials = await this.#credentials(at, deadline);
      const request = await requestFor(message, {
        url: at.href,
        headers: { ...this.#options.headers, ...credentials },
        binding: this.#options.binding,
        compress: this.#options.compress,
        signal: deadline.signal,
      });
      const response = await this.#fetched(at, request, deadline);
      const next = redirects < mostRedirects && this.#options.followRedirects === true ? redirectOf(response, at) : undefined;
      if (next === undefined) return { response, credentials, at };
      await response.body?.cancel();
      at = next;
    }
  }

  /** What says who the client is; nothing where it is not to be said. */
  async #credentials(url: URL, deadline: Deadline): Promise<Credentials> {
    if (this.#auth === undefined || !this.#trusted.has(url.origin)) return {};
    return deadline.during("headers", Promise.resolve(this.#auth.headers(url, this.#authContext(deadline))));
  }

  async #fetched(url: URL, request: Request, deadline: Deadline): Promise<Response> {
    try {
      return await deadline.during("headers", this.#fetch(request));
    } catch (cause) {
      if (deadline.signal.aborted) throw deadline.signal.reason;
      throw cause instanceof TransportError ? cause : connectionError(url, cause, url.origin !== this.#home.origin);
    }
  }

  #authContext({ signal }: Deadline): AuthContext {
    return { fetch: this.#fetch, signal };
  }
}

/** A message with its blocks. */
export async function whole(message: AnyMessage, blocks: AsyncIterable<unknown>): Promise<AnyMessage> {
  const list: unknown = Reflect.get(message, "contentBlocks");
  for await (const block of blocks) if (Array.isArray(list)) list.push(block);
  return message;
}

const mostRedirects = 5;

/** Where a response redirects to, if the message may be sent there again: the same origin, by HTTP 307 or 308. */
function redirectOf({ status, headers }: Response, at: URL): URL | undefined {
  const location = headers.get("location");
  if ((status !== 307 && status !== 308) || location === null || !URL.canParse(location, at)) return undefined;
  const next = new URL(location, at);
  return next.origin === at.origin && next.username === "" && next.password === "" ? next : undefined;
}

/** What a client was given to say who it is, as a scheme. */
export function schemeOf(auth: Auth | undefined): AuthScheme | undefined {
  return typeof auth === "function" ? { headers: (url) => auth(url) } : auth;
}

/** Whether a request failed because the peer does not know who sent it, or does not let them. */
export function isUnauthorized(error: unknown): boolean {
  if (error instanceof StatusError) return error.code === "UNAUTHORIZED";
  return error instanceof TransportError && error.status === 401;
}

/** Credentials as they could turn up in a page: whole, and without the name of the scheme. */
export function secretsOf(credentials: Credentials): string[] {
  return Object.values(credentials).flatMap((value) => [value, ...value.split(" ").slice(1)]);
}

/** The error for a connection that was not made, or broke before an answer came. */
export function connectionError(url: URL, cause: unknown, isElsewhere: boolean): TransportError {
  const alert = tlsAlertOf(cause);
  const where = describeAddress(url);
  // Many advertise an address that is right for themselves only.
  const hint = isElsewhere ? "; it is not at the client's own address, see rewriteAddress" : "";
  if (alert === undefined) return new TransportError("NETWORK", `${where} could not be reached${reasonOf(cause)}${hint}`, { cause });
  return new TransportError("TLS", `the TLS connection to ${where} failed: ${describeTlsFailure(cause) ?? alert.name}`, {
    cause,
    statusType: alert.statusType,
    alert: alert.hex,
  });
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error && inner.message !== "" ? `: ${printable(inner.message)}` : "";
}

/** A Status Message of either version in terms of 1.1; undefined for other messages. */
function statusOf(message: AnyMessage): StatusMessage | undefined {
  if (message.$type === "taxii11.StatusMessage") return message;
  return message.$type === "taxii10.StatusMessage" ? toVersion11(message) : undefined;
}

/**
 * The Status Message of a reply, in terms of TAXII 1.1, when it is one that was not asked for.
 *
 * @throws TransportError `MISMATCH` when the reply belongs to something else (SVC-GEN-008)
 */
export function checkReply(message: AnyMessage, request: AnyRequest): StatusMessage | undefined {
  const expected = exchangeOf(request)?.reply;
  const status = statusOf(message);
  if (status === undefined && message.$type !== expected?.name)
    throw new TransportError("MISMATCH", `the reply to ${request.$type} is ${message.$type}; expected ${expected?.name}`);
  const answered = "inResponseTo" in message ? message.inResponseTo : undefined;
  // Who could not read the request cannot name it; that can only be an error.
  const unnamed = status !== undefined && status.statusType !== "SUCCESS" && answered === "0";
  if (answered !== request.messageId && !unnamed) {
    throw new TransportError(
      "MISMATCH",
      `the reply answers message ${JSON.stringify(printable(answered ?? ""))}; the request was ${JSON.stringify(request.messageId)}`,
    );
  }
  return status !== undefined && message.$type === expected?.name && status.statusType === "SUCCESS" ? undefined : status;
}
