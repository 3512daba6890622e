/** What is told of a request when its answer is out. */

import { utf8Length } from "../characters.js";
import type { TaxiiVersion } from "../message/ids.js";
import type { Account } from "./access.js";
import type { RequestAnswered } from "./events.js";
import type { HttpRequest, HttpResponse } from "./http.js";
import type { Service } from "./service.js";

/** What becomes known while a request is answered. */
export interface Trace {
  account: Account | undefined;
  service: Service | undefined;
  message: string | undefined;
  version: TaxiiVersion | undefined;
  status: string | undefined;
  blocksIn: number;
  blocksOut: number;
}

/** A trace of a request of which nothing is known yet. */
export function newTrace(): Trace {
  return {
    account: undefined,
    service: undefined,
    message: undefined,
    version: undefined,
    status: undefined,
    blocksIn: 0,
    blocksOut: 0,
  };
}

/** How an answer ended. */
export type Ending = Pick<RequestAnswered, "httpStatus" | "bytes" | "broken">;

/** The event for a request. */
export function requestAnswered(
  requestId: string,
  request: Pick<HttpRequest, "method" | "peer">,
  path: string,
  { account, ...trace }: Trace,
  duration: number,
  ending: Ending,
): RequestAnswered {
  const { method, peer } = request;
  return { requestId, method, path, address: peer?.address, account: account?.name, duration, ...trace, ...ending };
}

/**
 * A response that tells, once, when its last byte was taken, or that it broke off.
 *
 * @param onEnd called for a whole body at once
 * @param onFault told why a body could not be finished for a reason of the server's own
 */
export function watched(response: HttpResponse, onEnd: (ending: Ending) => void, onFault: (error: unknown) => void): HttpResponse {
  const { status: httpStatus, body } = response;
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    onEnd({ httpStatus, bytes: lengthOf(response, body), broken: false });
    return response;
  }
  let bytes = 0;
  let open = true;
  const end = (broken: boolean): void => {
    if (!open) return;
    open = false;
    onEnd({ httpStatus, bytes, broken });
  };
  return { ...response, body: watchedPieces(body[Symbol.asyncIterator](), (length) => (bytes += length), end, onFault) };
}

function lengthOf({ headers }: HttpResponse, body: string | Uint8Array | undefined): number {
  if (typeof body !== "string") return body?.length ?? 0;
  return Number(headers["Content-Length"] ?? utf8Length(body));
}

function watchedPieces(
  pieces: AsyncIterator<Uint8Array>,
  onPiece: (length: number) => void,
  end: (broken: boolean) => void,
  onFault: (error: unknown) => void,
): AsyncIterableIterator<Uint8Array> {
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      try {
        const piece = await pieces.next();
        if (piece.done === true) end(false);
        else onPiece(piece.value.length);
        return piece;
      } catch (error) {
        // The connection breaks off: that is how the peer learns that this is not all.
        onFault(error);
        end(true);
        throw error;
      }
    },
    async return() {
      try {
        await pieces.return?.();
      } finally {
        end(true);
      }
      return { done: true, value: undefined };
    },
  };
}
