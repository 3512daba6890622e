/** Responses, written as fast as the peer takes them and no faster. */

import type { ServerResponse } from "node:http";
import { nextTurn } from "../../turn.js";
import type { HttpResponse } from "../http.js";

/**
 * Writes a response.
 *
 * @param idleTimeout milliseconds after which a peer that takes nothing is given up
 * @throws what the body throws; the connection is to be cut then
 */
export async function send({ status, headers, body }: HttpResponse, outgoing: ServerResponse, idleTimeout: number): Promise<void> {
  if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
    await turnEnd();
    if (outgoing.destroyed) return;
    // Text goes out in one piece with the head.
    outgoing.writeHead(status, headers).end(body);
    // What did not go out at once is waited for by nobody else.
    if (outgoing.writableLength > 0) outgoing.socket?.setTimeout(idleTimeout);
    return;
  }
  outgoing.writeHead(status, headers);
  outgoing.socket?.setTimeout(idleTimeout);
  const pieces = body[Symbol.asyncIterator]();
  try {
    for (let piece = await pieces.next(); piece.done !== true; piece = await pieces.next()) {
      if (!outgoing.write(piece.value)) await drained(outgoing);
      if (outgoing.destroyed) break;
      // As long as the peer takes all, and the pieces are at hand, nothing here waits.
      await turnEnd();
    }
  } finally {
    await pieces.return?.();
  }
  outgoing.end();
}

/**
 * Waits until all that arrived together was looked at. Answers that go out in one go wake those who wait for them once, which
 * under load costs much less than waking them for each.
 */
function turnEnd(): Promise<void> {
  turn ??= nextTurn().then(() => {
    turn = undefined;
  });
  return turn;
}

/** The turn that is going on; many wait for the end of the same. */
let turn: Promise<void> | undefined;

/** Waits until the peer took what was written, or is gone. */
function drained(outgoing: ServerResponse): Promise<void> {
  if (outgoing.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off("drain", done).off("close", done);
      resolve();
    };
    outgoing.once("drain", done).once("close", done);
  });
}
