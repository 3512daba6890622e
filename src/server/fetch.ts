/** Between the server's HTTP and that of fetch. */

import { pieces } from "../http/pieces.js";
import type { HttpRequest, HttpResponse, Peer } from "./http.js";

/**
 * A `Request` of fetch as the server takes it.
 *
 * @param peer who is at the other end, where the host tells
 */
export function toHttpRequest(request: Request, peer?: Peer): HttpRequest {
  const { method, url, headers, body, signal } = request;
  return { method, url, headers, body: body === null ? null : pieces(body), signal, peer };
}

/** A response of the server as fetch has it. */
export function toResponse({ status, headers, body }: HttpResponse): Response {
  if (body === undefined) return new Response(null, { status, headers });
  if (typeof body === "string") return new Response(body, { status, headers });
  // What is written has a buffer of its own: it is shared with nobody.
  return new Response(body instanceof Uint8Array ? new Uint8Array(body) : toStream(body), { status, headers });
}

/** The pieces as a stream that takes each when it is asked for it. */
function toStream(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const iterator = body[Symbol.asyncIterator]();
  return new ReadableStream(
    {
      async pull(controller) {
        const piece = await iterator.next();
        if (piece.done === true) controller.close();
        else controller.enqueue(new Uint8Array(piece.value));
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
