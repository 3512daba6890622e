/** From a reply to an HTTP response. */

import { StatusMessage as StatusMessage10 } from "../../generated/taxii10/index.js";
import { PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import { toXml } from "../codec/xml.js";
import { statusTypes10 } from "../constants.js";
import { messageHeaders } from "../http/headers.js";
import { create } from "../message/create.js";
import { generateMessageId, type TaxiiVersion } from "../message/ids.js";
import { readStatusDetails, statusDetail10 } from "../message/status.js";
import { type StatusError, statusMessage } from "../message/status-error.js";
import { writeMessageStream } from "../message/stream.js";
import { isStreamed, type Reply, type StreamedReply } from "./handler.js";
import { type Correspondence, shapeOf } from "./receive.js";

/**
 * The response for a reply. A streamed one is begun here, so that what fails at once fails before anything was said.
 *
 * @param protocol the protocol binding the request came over
 * @param onBreak is told why a stream that was begun could not be finished
 */
export async function respond(reply: Reply, protocol: string, onBreak: (error: unknown) => void): Promise<Response> {
  if (isStreamed(reply)) return respondStreaming(reply, protocol, onBreak);
  return whole(toXml(shapeOf(reply), reply), 200, "1.1", protocol);
}

async function respondStreaming(
  { message, blocks }: StreamedReply,
  protocol: string,
  onBreak: (error: unknown) => void,
): Promise<Response> {
  const pieces = writeMessageStream(PollResponse, message, blocks);
  const ready: Uint8Array[] = [];
  for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
    ready.push(piece.value);
    if (ready.length === 2) break;
  }
  const [only] = ready;
  const length = ready.length === 1 && only !== undefined ? { "Content-Length": String(only.length) } : {};
  return new Response(toStream(ready, pieces, onBreak), { headers: { ...messageHeaders("1.1", protocol), ...length } });
}

/** `ready` and then the rest of `pieces`, taken as the receiver asks for it. */
function toStream(
  ready: Uint8Array[],
  pieces: AsyncGenerator<Uint8Array, void, undefined>,
  onBreak: (error: unknown) => void,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = ready.shift() ?? (await pieces.next()).value;
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        } catch (error) {
          // The connection breaks off: that is how the peer learns that this is not all.
          onBreak(error);
          throw error;
        }
      },
      async cancel() {
        await pieces.return();
      },
    },
    { highWaterMark: 0 },
  );
}

function whole(body: string, status: number, version: TaxiiVersion, protocol: string, headers: Record<string, string> = {}): Response {
  const bytes = new TextEncoder().encode(body);
  return new Response(bytes, {
    status,
    headers: { ...messageHeaders(version, protocol), "Content-Length": String(bytes.length), ...headers },
  });
}

/** What a refusal is made of. */
export interface RefusalParts {
  readonly error: StatusError;
  readonly httpStatus: number;
  readonly protocol: string;
  /** Further header fields. */
  readonly headers?: Record<string, string> | undefined;
}

/** The response for a request that is refused: a Status Message in the version of the request. */
export function respondRefusing({ error, httpStatus, protocol, headers }: RefusalParts, { version, messageId }: Correspondence): Response {
  const { extendedHeaders, statusDetail, statusType, message } = error.status;
  // A new message of our own, also where the error came from another server.
  const status: StatusMessage = { ...statusMessage(statusType, { message, inResponseTo: messageId }), extendedHeaders, statusDetail };
  const xml = version === "1.1" ? toXml(StatusMessage, status) : toXml(StatusMessage10, toStatus10(status));
  return whole(xml, httpStatus, version, protocol, headers);
}

/** The same for a peer that speaks TAXII 1.0, which knows fewer types and has texts for details (VER-X-005, XML-STS-010). */
function toStatus10(status: StatusMessage): StatusMessage10 {
  const known: readonly string[] = statusTypes10;
  const statusType = known.includes(status.statusType) ? status.statusType : "FAILURE";
  return create(StatusMessage10, {
    messageId: generateMessageId("1.0"),
    inResponseTo: status.inResponseTo,
    statusType,
    statusDetail: statusDetail10(statusType, readStatusDetails(status)),
    message: status.message,
  });
}
