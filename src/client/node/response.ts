/** From what undici gives to a Response. */

import { type Dispatcher, errors } from "undici";
import { unpacked } from "../../http/inflate.js";
import { TransportError } from "../../http/transport-error.js";
import { printable } from "../../message/status-error.js";
import { isCode } from "./system-error.js";

/** Statuses whose responses have no body. */
const bodiless: ReadonlySet<number> = new Set([204, 205, 304]);

const unpackable: ReadonlySet<string> = new Set(["gzip", "x-gzip", "deflate"]);

/** The most bytes of a body nobody wants that are read to keep the connection. */
const discarded = 128 * 1024;

/**
 * The response to a request, with its body unpacked; a content coding that is not known is left to the reader.
 *
 * @throws TransportError for statuses that HTTP does not have
 */
export function toResponse(answer: Dispatcher.ResponseData, request: Request, maxInflation: number): Response {
  const { statusCode: status, statusText, body } = answer;
  // An error may come before anybody reads; whoever reads gets it.
  body.on("error", () => undefined);
  if (status > 599) {
    body.destroy();
    throw new TransportError("NOT_TAXII", `the answer has the status ${status}, which HTTP does not have`, { status });
  }
  const headers = toHeaders(answer.headers);
  const init = { status, statusText: reasonPhrase(statusText), headers };
  if (bodiless.has(status)) {
    body.dump({ limit: discarded }).catch(() => undefined);
    return new Response(null, init);
  }
  const coding = headers.get("content-encoding")?.trim().toLowerCase() ?? "";
  if (!unpackable.has(coding)) return new Response(streamOf(body, body, request), init);
  headers.delete("content-encoding");
  headers.delete("content-length");
  return new Response(streamOf(unpacked(body, coding, maxInflation), body, request), init);
}

/** Header fields as undici gives them. */
export function toHeaders(headers: Dispatcher.ResponseData["headers"]): Headers {
  const result = new Headers();
  for (const [name, values] of Object.entries(headers)) for (const value of [values ?? []].flat()) result.append(name, value);
  return result;
}

/** What a Response can hold of it: undici takes anything from a peer. */
function reasonPhrase(text: string): string {
  return text.replace(/[^\t\x20-\x7e\x80-\xff]/g, "?");
}

/**
 * The pieces as a stream that reads no further than it is read, and whose cancellation ends the connection even while a piece
 * is awaited.
 */
function streamOf(
  pieces: AsyncIterable<Uint8Array>,
  body: { destroy(): unknown },
  request: Request,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = pieces[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          // The signal works as long as somebody holds the request.
          request.signal.throwIfAborted();
          const next = await iterator.next();
          if (next.done === true) controller.close();
          else controller.enqueue(new Uint8Array(next.value));
        } catch (error) {
          // A fault of the coding ends the connection as well, whatever more the peer wants to send.
          body.destroy();
          throw request.signal.aborted ? request.signal.reason : toBreak(error);
        }
      },
      cancel() {
        body.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}

function toBreak(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const reason = error instanceof Error ? `: ${printable(error.message)}` : "";
  return new TransportError("NETWORK", `the answer breaks off${reason}`, { cause: error });
}

/** What undici says about answers that are not HTTP, in our terms; other errors as they are. */
export function toFault(error: unknown): unknown {
  const isUnreadable =
    error instanceof errors.HTTPParserError ||
    error instanceof errors.HeadersOverflowError ||
    // A status below 100.
    isCode(error, "ERR_ASSERTION");
  if (!isUnreadable) return error;
  const reason = error instanceof errors.HeadersOverflowError ? "its header is too long" : "it does not follow HTTP/1.1";
  return new TransportError("NOT_TAXII", `the answer cannot be read: ${reason}`, { cause: error });
}
