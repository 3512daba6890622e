/** Sends Inbox Messages, and reads what the inbox says to them. */

import { Readable } from "node:stream";
import { Agent, type Dispatcher } from "undici";
import type { ContentBlock, InboxMessage, PushParameter, StatusMessage } from "../../generated/taxii11/index.js";
import type { Auth, AuthContext, AuthScheme, Credentials } from "../client/auth.js";
import { Deadline } from "../client/deadline.js";
import { checkReply, connectionError, isUnauthorized, schemeOf, secretsOf } from "../client/exchange.js";
import { toConnector } from "../client/node/connect.js";
import { toHeaders } from "../client/node/response.js";
import { serverSecurity, type TlsOptions } from "../client/node/tls.js";
import { nodeFetch } from "../client/node/transport.js";
import { readReply } from "../client/reply.js";
import { isTaxiiError } from "../errors.js";
import { requestHeaders, versionOfBinding } from "../http/headers.js";
import { versionOf } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { StatusError } from "../message/status-error.js";
import type { AddressGuard } from "./address-guard.js";
import { guardedConnect, type Resolve, systemResolve } from "./guarded-connect.js";
import { type Blocks, inboxBody, wholeIfShort } from "./inbox-body.js";
import { type AddressPattern, addressPattern } from "./pattern.js";
import { parseTarget } from "./policy.js";

/** Who the server is, towards some targets. */
export interface TargetCredentials {
  /**
   * The targets, in the forms of {@link addressPattern}; a port other than that of the scheme has to be named. Over plain http
   * credentials go only to targets of a pattern that says so, `http://…`.
   */
  readonly match: string;
  /** Default: no credentials. */
  readonly auth?: Auth | undefined;
  /** How to speak TLS with them, client certificate included. Default: as with all others. */
  readonly tls?: TlsOptions | undefined;
}

export interface PushTransportOptions {
  /** Who the server is; the first entry that fits a target counts. Default: nobody in particular. */
  readonly credentials?: readonly TargetCredentials[] | undefined;
  /** Whom to trust. A client certificate given here is shown to every target that asks. Default: the authorities of Node. */
  readonly tls?: TlsOptions | undefined;
  /** Milliseconds for a connection: for the name, and again for TCP and TLS. Default: 10,000. */
  readonly connectTimeout?: number | undefined;
  /** Milliseconds for one message, from the connection to the end of the answer. Default: 120,000. */
  readonly timeout?: number | undefined;
  /** Bytes of an answer at most. Default: 1 MiB. */
  readonly maxReplyBytes?: number | undefined;
  /** Tells the IP addresses of a name. Default: what the system says. */
  readonly resolve?: Resolve | undefined;
}

/** A message on its way. */
export interface Parcel {
  readonly target: PushParameter;
  /** Without content blocks. */
  readonly message: InboxMessage;
  /** The content, asked for once per attempt; undefined for none. */
  readonly blocks: (() => Blocks) | undefined;
}

/** Bodies up to this many bytes are sent with their length. */
const shortBody = 1024 * 1024;

const defaultMaxReplyBytes = 1024 * 1024;

/** Who the server is towards some targets, ready for use. */
interface Identity {
  readonly pattern: AddressPattern;
  readonly scheme: AuthScheme | undefined;
  readonly dispatcher: Dispatcher;
}

/**
 * Carries Inbox Messages to targets that a policy has allowed. Every connection is made to an address that the guard allows;
 * redirects are answers like any other, and proxies of the environment have no say.
 */
export class PushTransport {
  readonly #identities: readonly Identity[];
  readonly #nobody: Dispatcher;
  readonly #dispatchers: Agent[] = [];
  readonly #timeout: number;
  readonly #maxReplyBytes: number;
  /** For logins, which go where the operator says. */
  readonly #login = nodeFetch({ proxy: "none" });

  /** @throws TypeError or RangeError for options that cannot be used */
  constructor(guard: AddressGuard, options: PushTransportOptions = {}) {
    const { credentials = [], tls, connectTimeout = 10_000, timeout = 120_000, resolve = systemResolve } = options;
    for (const [name, value] of Object.entries({ connectTimeout, timeout })) {
      if (!(value >= 1 && value < 2 ** 31)) throw new RangeError(`${name} is ${value}; expected milliseconds, from 1 to ${2 ** 31 - 1}`);
    }
    this.#timeout = timeout;
    this.#maxReplyBytes = options.maxReplyBytes ?? defaultMaxReplyBytes;
    const dispatcher = (settings: TlsOptions | undefined): Agent => {
      const connect = toConnector(guardedConnect(guard, serverSecurity(settings), connectTimeout, resolve));
      const agent = new Agent({ headersTimeout: 0, bodyTimeout: 0, connect });
      this.#dispatchers.push(agent);
      return agent;
    };
    this.#nobody = dispatcher(tls);
    this.#identities = credentials.map((entry) => ({
      pattern: addressPattern(entry.match),
      scheme: schemeOf(entry.auth),
      dispatcher: entry.tls === undefined ? this.#nobody : dispatcher(entry.tls),
    }));
  }

  /**
   * Sends a message. Credentials that were refused are renewed, where that is possible, and the message is sent once more.
   *
   * @throws StatusError for any status but SUCCESS; TransportError or ParseError when no Status Message came that answers the message;
   *   NotInVersion10Error for a message that TAXII 1.0 has no words for; what the content throws
   */
  async send(parcel: Parcel, signal: AbortSignal): Promise<void> {
    const url = parseTarget(parcel.target);
    const identity = this.#identities.find(({ pattern }) => pattern.matches(url) && (url.protocol === "https:" || pattern.http));
    try {
      await this.#attempt(url, parcel, identity, signal);
    } catch (error) {
      if (!isUnauthorized(error) || !(await this.#renewed(url, identity, signal))) throw error;
      await this.#attempt(url, parcel, identity, signal);
    }
  }

  /** Whether there are other credentials now. */
  async #renewed(url: URL, identity: Identity | undefined, signal: AbortSignal): Promise<boolean> {
    const deadline = this.#deadline(signal);
    try {
      return await deadline.during("headers", identity?.scheme?.renew?.(url, this.#authContext(deadline.signal)) ?? Promise.resolve(false));
    } finally {
      deadline.end();
    }
  }

  #deadline(signal: AbortSignal): Deadline {
    return new Deadline({ headers: Number.POSITIVE_INFINITY, idle: Number.POSITIVE_INFINITY, total: this.#timeout }, signal);
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    await Promise.all([...this.#dispatchers, { destroy: () => this.#login.close() }].map((one) => one.destroy()));
  }

  async #attempt(url: URL, parcel: Parcel, identity: Identity | undefined, signal: AbortSignal): Promise<void> {
    const deadline = this.#deadline(signal);
    const source = new Source(parcel.blocks);
    let answer: Dispatcher.ResponseData | undefined;
    try {
      const credentials = (await deadline.during("headers", this.#credentials(url, identity, deadline))) ?? {};
      answer = await deadline.during("headers", this.#post(url, parcel, identity, credentials, source, deadline));
      const status = await deadline.during("idle", this.#read(answer, parcel, credentials));
      if (status !== undefined) throw status;
    } catch (error) {
      source.rethrow();
      deadline.signal.throwIfAborted();
      throw isTaxiiError(error) ? error : connectionError(url, error, false);
    } finally {
      answer?.body.destroy();
      source.close();
      deadline.end();
    }
  }

  async #credentials(url: URL, identity: Identity | undefined, { signal }: Deadline): Promise<Credentials | undefined> {
    return identity?.scheme?.headers(url, this.#authContext(signal));
  }

  async #post(
    { origin, pathname, search }: URL,
    { target, message }: Parcel,
    identity: Identity | undefined,
    credentials: Credentials,
    source: Source,
    { signal }: Deadline,
  ): Promise<Dispatcher.ResponseData> {
    const version = versionOfTarget(target);
    const body = await wholeIfShort(inboxBody(version, message, source.blocks()), shortBody);
    const answer = await (identity?.dispatcher ?? this.#nobody).request({
      origin,
      path: `${pathname}${search}`,
      method: "POST",
      headers: { "user-agent": "taxii", ...credentials, ...requestHeaders(version, target.protocolBinding) },
      body: body instanceof Uint8Array ? body : Readable.from(body, { objectMode: false }),
      signal,
    });
    // An error may come before anybody reads; whoever reads gets it.
    answer.body.on("error", () => undefined);
    return answer;
  }

  /** The status of an answer when it is no SUCCESS. */
  async #read(answer: Dispatcher.ResponseData, { message }: Parcel, credentials: Credentials): Promise<StatusError | undefined> {
    const reply = await readReply({ status: answer.statusCode, headers: toHeaders(answer.headers) }, answer.body, {
      limits: { maxBytes: this.#maxReplyBytes },
      lenient: true,
      warn: () => undefined,
      secrets: secretsOf(credentials),
    });
    const status: StatusMessage | undefined = checkReply(reply.message, message);
    // A SUCCESS of the other version is one that names our message, too.
    if (status === undefined || status.statusType === "SUCCESS") return undefined;
    return new StatusError(status, { version: versionOf(reply.message) });
  }

  #authContext(signal: AbortSignal): AuthContext {
    return { fetch: this.#login, signal };
  }
}

/** The version to push in, by the message binding. @throws StatusError `UNSUPPORTED_MESSAGE` */
function versionOfTarget({ messageBinding }: PushParameter): TaxiiVersion {
  const version = versionOfBinding(messageBinding);
  if (version === undefined) throw new StatusError("UNSUPPORTED_MESSAGE", { message: `Nothing is pushed in ${messageBinding}.` });
  return version;
}

/** The content of a message, whose faults are ours and not the inbox's. */
class Source {
  readonly #open: Parcel["blocks"];
  #stream: AsyncGenerator<ContentBlock, void, undefined> | undefined;
  #fault: { readonly error: unknown } | undefined;

  constructor(open: Parcel["blocks"]) {
    this.#open = open;
  }

  blocks(): Blocks | undefined {
    if (this.#open === undefined) return undefined;
    this.#stream = this.#watched(this.#open);
    return this.#stream;
  }

  async *#watched(open: () => Blocks): AsyncGenerator<ContentBlock, void, undefined> {
    try {
      yield* open();
    } catch (error) {
      this.#fault = { error };
      throw error;
    }
  }

  /** Lets go of the content, of which a message that broke off may have left some. Not waited for: the storage may hang. */
  close(): void {
    this.#stream?.return().catch(() => undefined);
  }

  /** Throws what the content threw, if it did. */
  rethrow(): void {
    if (this.#fault !== undefined) throw this.#fault.error;
  }
}
