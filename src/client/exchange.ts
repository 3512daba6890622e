/** One request and its reply. */

import { type Message, messages, StatusMessage } from "../../generated/taxii11/index.js";
import { toXml } from "../codec/xml.js";
import { ParseError } from "../errors.js";
import { type BodySource, pieces, readBeginning } from "../http/body.js";
import { headerNames, protocolOf, readTaxiiHeaders, requestHeaders, versionOfBinding } from "../http/headers.js";
import { parseMediaType } from "../http/media-type.js";
import { statusTypeOf, TransportError } from "../http/transport-error.js";
import { exchangeOf, type ReplyTo, type Request11 } from "../message/exchanges.js";
import { printable, StatusError } from "../message/status-error.js";
import { type MessageStream, readMessageStream } from "../message/stream.js";
import { defaultLimits } from "../xml/limits.js";
import type { CallOptions, ClientOptions } from "./options.js";

/** Sends requests and reads replies; knows nothing of services. */
export class Exchanger {
  readonly #options: ClientOptions;
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
    this.#options = options;
    this.#trusted = new Set(trusted.map(({ origin }) => origin));
  }

  /** Sends a request and gives its reply whole. @throws as {@link Exchanger.open}, and ParseError */
  async send<M extends Request11>(address: string, request: M, options: CallOptions = {}): Promise<ReplyTo<M>> {
    const { maxBytes, maxItems } = { ...defaultLimits, ...this.#options.limits };
    const { message, blocks } = await this.open(address, request, options, { maxBytes, maxItems });
    for await (const block of blocks) if ("contentBlocks" in message) message.contentBlocks.push(block);
    return message as ReplyTo<M>;
  }

  /**
   * Sends a request and gives its reply as soon as its head is there.
   *
   * @throws StatusError when the peer answers with a Status Message; that to an Inbox Message is one when it is no SUCCESS
   * @throws TransportError when the peer does not answer, or not with the message that answers the request
   */
  async open(
    address: string,
    request: Request11,
    { signal }: CallOptions = {},
    limits: ClientOptions["limits"] = {},
  ): Promise<MessageStream<Message>> {
    const url = parseAddress(address);
    const credentials = this.#trusted.has(url.origin) ? ((await this.#options.auth?.(url)) ?? {}) : {};
    const response = await this.#post(url, request, credentials, signal);
    checkBinding(response, await excerptIfNeeded(response, credentials));
    const body = pieces(response.body ?? new Blob().stream());
    const stream = await this.#read(response, body, { ...this.#options.limits, ...limits }, signal);
    try {
      checkReply(stream.message, request);
    } catch (error) {
      await body.return();
      throw error;
    }
    return stream;
  }

  async #post(url: URL, request: Request11, credentials: Credentials, signal: AbortSignal | undefined): Promise<Response> {
    const headers = { ...this.#options.headers, ...credentials, ...requestHeaders("1.1", protocolOf(url) ?? "") };
    const body = toXml(messageShape(request), request);
    // A redirect is an answer like any other: following it could take the message, and credentials, elsewhere (HTTP-GEN-007).
    const init = { method: "POST", headers, body, redirect: "manual", ...(signal === undefined ? {} : { signal }) } as const;
    try {
      return await (this.#options.fetch ?? fetch)(new Request(url, init));
    } catch (cause) {
      signal?.throwIfAborted();
      throw new TransportError("NETWORK", `${describeAddress(url)} could not be reached${reasonOf(cause)}`, { cause });
    }
  }

  async #read(
    response: Response,
    body: AsyncIterable<Uint8Array>,
    limits: ClientOptions["limits"] & object,
    signal: AbortSignal | undefined,
  ): Promise<MessageStream<Message>> {
    const charset = parseMediaType(response.headers.get("content-type") ?? "")?.parameters.get("charset");
    try {
      return await readMessageStream(messages, body, { limits, ...(charset === undefined ? {} : { charset }) });
    } catch (cause) {
      signal?.throwIfAborted();
      // An error page with the header fields of TAXII is still an error page.
      if (response.ok || !(cause instanceof ParseError)) throw cause;
      throw notTaxii(response, `the body is no TAXII message: ${cause.message}`, { cause });
    }
  }
}

type Credentials = Readonly<Record<string, string>>;

/** @throws TypeError for what is no http or https URL, and for URLs with credentials, which would end up in logs */
export function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || protocolOf(url) === undefined)
    throw new TypeError(`expected an http or https URL, found ${JSON.stringify(printable(address.replace(/\/\/[^/@]*@/, "//…@")))}`);
  if (url.username !== "" || url.password !== "")
    throw new TypeError(`the URL of ${url.host} contains credentials; give them as auth: basic(user, password)`);
  return url;
}

function isLocal({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

/** An address for people: without query, which may hold a key. */
function describeAddress(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function reasonOf(cause: unknown): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error && inner.message !== "" ? `: ${printable(inner.message)}` : "";
}

function messageShape(message: Message): (typeof messages)[number] {
  const shape = messages.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new TypeError(`there is no message ${message.$type}`);
  return shape;
}

/** How much of a page is looked at for an excerpt, and how much of that is shown. */
const excerptBytes = 4096;
const excerptLength = 200;

/** The beginning of a body that is no TAXII message, made fit for a line of text; undefined for one that is. */
async function excerptIfNeeded(response: Response, credentials: Credentials): Promise<string | undefined> {
  const { contentType = "" } = readTaxiiHeaders(response.headers);
  if (versionOfBinding(contentType) === "1.1") return undefined;
  // fetch has unpacked the body, but not taken away the field that says it was packed.
  const source: BodySource = { headers: new Headers(), body: response.body };
  const text = withoutSecrets(printable(new TextDecoder().decode(await readBeginning(source, excerptBytes))), credentials);
  return text.length > excerptLength ? `${text.slice(0, excerptLength - 1)}…` : text;
}

/** Some pages repeat the request they did not like. */
function withoutSecrets(text: string, credentials: Credentials): string {
  return Object.values(credentials)
    .flatMap((value) => [value, ...value.split(" ").slice(1)])
    .reduce((rest, secret) => (secret === "" ? rest : rest.replaceAll(secret, "…")), text);
}

/** @throws TransportError for replies that are no TAXII 1.1 message (HTTP-XCT-003, HTTP-MAP-010) */
function checkBinding(response: Response, excerpt: string | undefined): void {
  if (excerpt === undefined) return;
  const { contentType } = readTaxiiHeaders(response.headers);
  const shown = excerpt === "" ? "" : `; it begins with ${JSON.stringify(excerpt)}`;
  if (contentType !== undefined) {
    throw new TransportError(
      "UNSUPPORTED_BINDING",
      `the reply is in the message binding ${JSON.stringify(printable(contentType))}, which was not asked for${shown}`,
      { status: response.status, headers: response.headers },
    );
  }
  const location = response.headers.get("location");
  if (response.status >= 300 && response.status < 400 && location !== null) {
    throw notTaxii(response, `it points to ${JSON.stringify(printable(location))}, and redirects are not followed`);
  }
  throw notTaxii(response, `it has no ${headerNames.contentType}${shown}`);
}

function notTaxii(response: Response, reason: string, options: ErrorOptions = {}): TransportError {
  const { status, headers } = response;
  return new TransportError("NOT_TAXII", `the reply, HTTP ${status}, is no TAXII message: ${reason}`, {
    ...options,
    status,
    headers,
    statusType: statusTypeOf(status),
  });
}

/** @throws StatusError, or TransportError `MISMATCH` when the reply belongs to something else (SVC-GEN-008) */
function checkReply(message: Message, request: Request11): void {
  const expected = exchangeOf(request)?.reply;
  const isStatus = message.$type === StatusMessage.name;
  if (!isStatus && message.$type !== expected?.name)
    throw new TransportError("MISMATCH", `the reply to ${request.$type} is ${message.$type}; expected ${expected?.name}`);
  const status = isStatus && "statusType" in message ? message : undefined;
  const answered = "inResponseTo" in message ? message.inResponseTo : undefined;
  // Who could not read the request cannot name it; that can only be an error.
  const unnamed = status !== undefined && status.statusType !== "SUCCESS" && answered === "0";
  if (answered !== request.messageId && !unnamed) {
    throw new TransportError(
      "MISMATCH",
      `the reply answers message ${JSON.stringify(printable(answered ?? ""))}; the request was ${JSON.stringify(request.messageId)}`,
    );
  }
  if (status !== undefined && !(expected?.name === StatusMessage.name && status.statusType === "SUCCESS")) throw new StatusError(status);
}
