/** The pieces of a request's body. */

import type { IncomingMessage } from "node:http";

type Piece = IteratorResult<Uint8Array, undefined>;

interface Waiting {
  resolve(piece: Piece): void;
  reject(error: Error): void;
}

const end: Piece = { done: true, value: undefined };

/**
 * Iterates a body as it comes, holding no more than what came in one go. Not the iterator of node:stream: that one costs
 * several times as much for the one piece most bodies are, and destroys the connection, the answer with it, when it is left early.
 */
export class IncomingPieces implements AsyncIterator<Uint8Array, undefined> {
  readonly #incoming: IncomingMessage;
  readonly #onStart: () => void;
  readonly #pieces: Uint8Array[] = [];
  #waiting: Waiting | undefined;
  #started = false;
  #ended = false;
  #error: Error | undefined;

  /** @param onStart called before the first piece is waited for */
  constructor(incoming: IncomingMessage, onStart: () => void) {
    this.#incoming = incoming;
    this.#onStart = onStart;
  }

  next(): Promise<Piece> {
    if (!this.#started) this.#start();
    const value = this.#pieces.shift();
    if (value !== undefined) return Promise.resolve({ done: false, value });
    if (this.#error !== undefined) return Promise.reject(this.#error);
    if (this.#ended) return Promise.resolve(end);
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#incoming.resume();
    });
  }

  /** Lets what is still to come go by. */
  return(): Promise<Piece> {
    this.#ended = true;
    this.#pieces.length = 0;
    this.#incoming.off("data", this.#onData).resume();
    return Promise.resolve(end);
  }

  #start(): void {
    this.#started = true;
    const incoming = this.#incoming;
    if (incoming.readableEnded || incoming.destroyed) {
      this.#ended = true;
      if (!incoming.readableEnded) this.#error = gone();
      return;
    }
    this.#onStart();
    if (incoming.complete) {
      this.#takeAll();
      return;
    }
    incoming.on("data", this.#onData).once("end", this.#onEnd).once("error", this.#onError).once("close", this.#onClose);
  }

  /** Takes a body that came together with its head, as most do: listening would cost more than reading it. */
  #takeAll(): void {
    const all: unknown = this.#incoming.read();
    if (all instanceof Uint8Array) this.#pieces.push(all);
    this.#ended = true;
  }

  readonly #onData = (piece: Uint8Array): void => {
    const waiting = this.#waiting;
    if (waiting === undefined) {
      this.#pieces.push(piece);
      this.#incoming.pause();
      return;
    }
    this.#waiting = undefined;
    waiting.resolve({ done: false, value: piece });
  };

  readonly #onEnd = (): void => {
    this.#ended = true;
    this.#waiting?.resolve(end);
    this.#waiting = undefined;
  };

  readonly #onError = (error: Error): void => {
    if (this.#ended) return;
    this.#error ??= error;
    this.#waiting?.reject(this.#error);
    this.#waiting = undefined;
  };

  readonly #onClose = (): void => {
    if (!this.#ended) this.#onError(gone());
  };
}

function gone(): Error {
  return new Error("the connection was closed before the body was whole");
}
