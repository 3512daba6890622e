/** From an HTTP response to a message, however the peer answers. */

import type { StatusTypeEnum } from "../../generated/taxii11/index.js";
import { ParseError } from "../errors.js";
import {
  formatOfBinding,
  headerNames,
  type MessageFormat,
  readTaxiiHeaders,
  versionOfBinding,
  versionOfNamespace,
  versionOfServices,
} from "../http/headers.js";
import { unpacked } from "../http/inflate.js";
import { parseMediaType } from "../http/media-type.js";
import { statusTypeOf, TransportError } from "../http/transport-error.js";
import type { AnyMessage } from "../message/exchanges.js";
import { printable } from "../message/status-error.js";
import { type MessageStream, readMessageStream } from "../message/stream.js";
import type { Limits } from "../xml/limits.js";
import { Excerpt } from "./excerpt.js";
import { readJsonMessage } from "./json-reply.js";
import type { OnWarning } from "./options.js";
import { anyMessages } from "./request.js";

export interface ReplySettings {
  readonly limits: Partial<Limits>;
  /** Whether deviations are passed over. */
  readonly lenient: boolean;
  readonly warn: OnWarning;
  /** Texts that must not show in errors. */
  readonly secrets: readonly string[];
  /** What was asked for beside XML. Default: nothing. */
  readonly binding?: MessageFormat | undefined;
}

/** Everything of a response but its body. */
export type ResponseHead = Pick<Response, "status" | "headers">;

/**
 * Reads the reply in a response as soon as its head is there, whatever HTTP status or media type it comes with.
 *
 * @param body the pieces of the response's body; ended when there is no message
 * @throws TransportError for what is no TAXII message; ParseError for one that cannot be read
 */
export async function readReply(
  response: ResponseHead,
  body: AsyncIterable<Uint8Array>,
  settings: ReplySettings,
): Promise<MessageStream<AnyMessage>> {
  const excerpt = new Excerpt(settings.secrets);
  const bytes = excerpt.watch(unpacked(body, response.headers.get("content-encoding")));
  try {
    return await readMessage(response, bytes, excerpt, settings);
  } catch (error) {
    await bytes.return();
    throw error;
  }
}

async function readMessage(
  response: ResponseHead,
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  excerpt: Excerpt,
  settings: ReplySettings,
): Promise<MessageStream<AnyMessage>> {
  const { contentType, services } = readTaxiiHeaders(response.headers);
  if (settings.binding === "json" && contentType !== undefined && formatOfBinding(contentType) === "json")
    return readJsonMessage(bytes, versionOfServices(services), settings.limits);
  const version = contentType === undefined ? undefined : versionOfBinding(contentType);
  if (contentType !== undefined && version === undefined && !settings.lenient)
    throw await unsupported(response, contentType, bytes, excerpt);
  if (contentType === undefined && (!settings.lenient || isRedirect(response))) throw await notTaxii(response, bytes, excerpt);
  const stream = await parse(response, bytes, excerpt, settings);
  const spoken = versionOfNamespace(stream.shape.namespace);
  if (version !== spoken) {
    const said = contentType === undefined ? "is missing" : `says ${JSON.stringify(printable(contentType))}`;
    const deviation = `${headerNames.contentType} ${said}; the message is of TAXII ${spoken}`;
    // HTTP-XCT-004: who is strict takes the contradiction for what it is.
    if (!settings.lenient) throw new TransportError("MISMATCH", deviation, response);
    settings.warn({ code: contentType === undefined ? "MISSING_HEADER" : "WRONG_HEADER", message: deviation });
  }
  return stream;
}

async function parse(
  response: ResponseHead,
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  excerpt: Excerpt,
  { limits, lenient, warn }: ReplySettings,
): Promise<MessageStream<AnyMessage>> {
  const charset = parseMediaType(response.headers.get("content-type") ?? "")?.parameters.get("charset");
  try {
    return await readMessageStream(anyMessages, bytes, {
      limits,
      lenient,
      onDeviation: ({ code, reason, line, column, path }) => warn({ code, message: reason, line, column, path }),
      ...(charset === undefined ? {} : { charset }),
    });
  } catch (error) {
    if (!(error instanceof ParseError) || excerpt.hasTaxii) throw error;
    const { contentType } = readTaxiiHeaders(response.headers);
    if (contentType !== undefined && versionOfBinding(contentType) === undefined && !excerpt.isHtml)
      throw await unsupported(response, contentType, bytes, excerpt);
    // Header fields of TAXII above an error page do not make it a message.
    throw await notTaxii(response, bytes, excerpt, error);
  }
}

function isRedirect({ status, headers }: ResponseHead): boolean {
  return status >= 300 && status < 400 && headers.has("location");
}

async function unsupported(
  response: ResponseHead,
  binding: string,
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  excerpt: Excerpt,
): Promise<TransportError> {
  await excerpt.fill(bytes);
  const named = JSON.stringify(printable(binding));
  return new TransportError(
    "UNSUPPORTED_BINDING",
    `the reply is in the message binding ${named}, which was not asked for${excerpt.sentence}`,
    response,
  );
}

/** The error for a response that is no TAXII message (HTTP-XCT-003, HTTP-MAP-003 to HTTP-MAP-010). */
async function notTaxii(
  response: ResponseHead,
  bytes: AsyncGenerator<Uint8Array, void, undefined>,
  excerpt: Excerpt,
  cause?: ParseError,
): Promise<TransportError> {
  await excerpt.fill(bytes);
  const { status, headers } = response;
  const location = headers.get("location");
  const reason =
    isRedirect(response) && location !== null
      ? `it points to ${JSON.stringify(printable(location))}, and redirects there are not followed`
      : `${whatItIs(headers, excerpt, cause)}${excerpt.sentence}`;
  return new TransportError("NOT_TAXII", `the reply, HTTP ${status}, is no TAXII message: ${reason}`, {
    status,
    headers,
    statusType: statusTypeOf(status) satisfies StatusTypeEnum,
    ...(cause === undefined ? {} : { cause }),
  });
}

function whatItIs(headers: Headers, excerpt: Excerpt, cause: ParseError | undefined): string {
  if (excerpt.isEmpty) return "its body is empty";
  if (excerpt.isHtml) return "it is a web page";
  if (!excerpt.isMarkup) return "its body is no XML";
  if (readTaxiiHeaders(headers).contentType === undefined && cause === undefined) return `it has no ${headerNames.contentType}`;
  return cause === undefined ? "its body is none" : cause.reason;
}
