/** From a reply to an HTTP response. */

import { PollResponse as PollResponse10 } from "../../generated/taxii10/index.js";
import { PollResponse, type StatusMessage } from "../../generated/taxii11/index.js";
import { utf8Length } from "../characters.js";
import { toXml } from "../codec/xml.js";
import { messageHeaders } from "../http/headers.js";
import { type StatusError, statusMessage } from "../message/status-error.js";
import { writeMessageStream } from "../message/stream.js";
import type { Wire } from "./bindings.js";
import { type AnyReply, isStreamed, isStreamed10, type StreamedReply, type StreamedReply10 } from "./handler.js";
import type { HttpResponse } from "./http.js";
import { writeJson, writeJsonStream } from "./json.js";
import { shapeOf } from "./messages.js";
import type { Correspondence } from "./receive.js";
import { toStatus10 } from "./translate.js";

/** How an answer is written: its binding, and the protocol binding the request came over. */
export interface Sending extends Wire {
  readonly protocol: string;
}

/**
 * The response for a reply. A streamed one is begun here, so that what fails at once fails before anything was said.
 *
 * @throws ValidationError for a reply that cannot be written
 */
export function respond(reply: AnyReply, sending: Sending): HttpResponse | Promise<HttpResponse> {
  if (isStreamed(reply)) return respondStreaming(reply, sending);
  return whole(write(reply, sending), 200, sending);
}

type WholeReply = Exclude<AnyReply, { readonly blocks: unknown }>;

function write(message: WholeReply, { format }: Wire): string {
  return format === "json" ? writeJson(message) : toXml(shapeOf(message), message);
}

async function respondStreaming(reply: StreamedReply | StreamedReply10, sending: Sending): Promise<HttpResponse> {
  const pieces = sending.format === "json" ? writeJsonStream(reply) : writeXmlStream(reply);
  const headers = messageHeaders(sending.version, sending.protocol, sending.format);
  const first = await pieces.next();
  const second = await pieces.next();
  if (first.done === true) return { status: 200, headers, body: undefined };
  if (second.done === true)
    return { status: 200, headers: { ...headers, "Content-Length": String(first.value.length) }, body: first.value };
  return { status: 200, headers, body: resumed([first.value, second.value], pieces) };
}

function writeXmlStream(reply: StreamedReply | StreamedReply10): AsyncGenerator<Uint8Array, void, undefined> {
  return isStreamed10(reply)
    ? writeMessageStream(PollResponse10, reply.message, reply.blocks)
    : writeMessageStream(PollResponse, reply.message, reply.blocks);
}

/** What was written already, and the rest as it is taken; letting go of it lets go of the source also when nothing was taken. */
function resumed(ready: Uint8Array[], rest: AsyncGenerator<Uint8Array, void, undefined>): AsyncIterableIterator<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      const value = ready.shift();
      return value === undefined ? rest.next() : { done: false, value };
    },
    async return() {
      ready.length = 0;
      await rest.return();
      return { done: true, value: undefined };
    },
  };
}

function whole(body: string, status: number, { version, format, protocol }: Sending, further: Record<string, string> = {}): HttpResponse {
  const headers = messageHeaders(version, protocol, format);
  headers["Content-Length"] = String(utf8Length(body));
  return { status, headers: Object.assign(headers, further), body };
}

/** What a refusal is made of. */
export interface RefusalParts {
  readonly error: StatusError;
  readonly httpStatus: number;
  readonly protocol: string;
  /** Further header fields. */
  readonly headers?: Record<string, string> | undefined;
  readonly now: Date;
}

/** The response for a request that is refused: a Status Message in the binding of the request. */
export function respondRefusing(parts: RefusalParts, { version, format, messageId }: Correspondence): HttpResponse {
  const { error, httpStatus, protocol, headers, now } = parts;
  const status = version === "1.1" ? ownStatus(error, messageId) : toStatus10(error, messageId, now);
  return whole(write(status, { version, format }), httpStatus, { version, format, protocol }, headers);
}

/** A new message of our own, also where the error came from another server. */
function ownStatus(error: StatusError, inResponseTo: string): StatusMessage {
  const { extendedHeaders, statusDetail, statusType, message } = error.status;
  return { ...statusMessage(statusType, { message, inResponseTo }), extendedHeaders, statusDetail };
}
