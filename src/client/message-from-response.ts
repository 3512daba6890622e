/** For those who bring their own HTTP: from what came back to a message, whatever it is. */

import type { StatusType } from "../../generated/taxii11/index.js";
import { unpacked } from "../http/inflate.js";
import { pieces } from "../http/pieces.js";
import { TransportError } from "../http/transport-error.js";
import type { AnyMessage } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { statusMessage } from "../message/status-error.js";
import { toVersion10 } from "../message/versions/index.js";
import { defaultLimits, type Limits } from "../xml/limits.js";
import { Excerpt } from "./excerpt.js";
import { whole } from "./exchange.js";
import type { ClientWarning, OnWarning } from "./options.js";
import { type ResponseHead, readReply } from "./reply.js";

export interface MessageFromResponseOptions {
  /** The version of the request, and so of a Status Message that is made up (HTTP-MAP-011). Default: `1.1`. */
  readonly version?: TaxiiVersion | undefined;
  /** Limits on the message. Default: those of `fromXml`. */
  readonly limits?: Partial<Limits> | undefined;
  /** Whether deviations from the specification are passed over. Default: true. */
  readonly lenient?: boolean | undefined;
  readonly onWarning?: OnWarning | undefined;
}

/** The Status Messages that no peer sent. */
const synthetic = new WeakSet<object>();

/** Whether a Status Message was made up here for an answer that carried no message (HTTP-MAP-011). */
export function isSynthetic(message: object): boolean {
  return synthetic.has(message);
}

/**
 * The message in a response of fetch, whatever its HTTP status and media type. A response without one gives a Status Message of
 * the type that HTTP status stands for, with the response for its `message` (HTTP-MAP-001 to HTTP-MAP-011); `isSynthetic`
 * tells it from one that a peer sent.
 *
 * @param inResponseTo the id of the request
 * @throws ParseError for a message that cannot be read; what the body's stream throws
 */
export async function messageFromResponse(
  response: Response,
  inResponseTo: string,
  { version = "1.1", limits, lenient = true, onWarning }: MessageFromResponseOptions = {},
): Promise<AnyMessage> {
  const { maxBytes, maxItems } = { ...defaultLimits, ...limits };
  const { status, headers } = withoutCoding(response);
  const excerpt = new Excerpt([], longestBody);
  const bytes = excerpt.watch(unpacked(pieces(response.body ?? new Blob().stream()), response.headers.get("content-encoding")));
  const settings = {
    limits: { ...limits, maxBytes, maxItems },
    lenient,
    warn: (warning: ClientWarning) => onWarning?.(warning),
    secrets: [],
  };
  try {
    const stream = await readReply({ status, headers }, kept(bytes), settings);
    return await whole(stream.message, stream.blocks);
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    await excerpt.fill(bytes);
    return madeUp(error.statusType, printed(response, excerpt.text), inResponseTo, version);
  } finally {
    await bytes.return();
  }
}

/**
 * The Status Message for a request that brought no message: what `messageFromResponse` is to a response, this is to the
 * TransportError of a client. A TLS alert stands in its `message` as four hexadecimal digits (HTTP-TLS-001 to HTTP-TLS-004).
 *
 * @param inResponseTo the id of the request
 */
export function messageFromError(error: TransportError, inResponseTo: string, version: TaxiiVersion = "1.1"): AnyMessage {
  return madeUp(error.statusType, error.alert ?? error.reason, inResponseTo, version);
}

function madeUp(statusType: StatusType, message: string, inResponseTo: string, version: TaxiiVersion): AnyMessage {
  const status = statusMessage(statusType, { message, inResponseTo });
  const made = version === "1.1" ? status : toVersion10(status);
  synthetic.add(made);
  return made;
}

// Of an error page nobody reads more.
const longestBody = 64 * 1024;

/** A response as text: status line, header, and what there is of the body. Cookies are not for logs. */
function printed({ status, statusText, headers }: Response, body: string): string {
  const fields = [...headers].filter(([name]) => name !== "set-cookie").map(([name, value]) => `${name}: ${value}`);
  return [`HTTP ${status} ${statusText}`.trim(), ...fields, "", body].join("\n");
}

function withoutCoding({ status, headers }: Response): ResponseHead {
  const plain = new Headers(headers);
  plain.delete("content-encoding");
  return { status, headers: plain };
}

/** The pieces of `source`, which stays open when their reader stops early. */
async function* kept(source: AsyncGenerator<Uint8Array, void, undefined>): AsyncGenerator<Uint8Array, void, undefined> {
  for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
}
