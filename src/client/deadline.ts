/** The time limits of one exchange. */

import { TransportError } from "../http/transport-error.js";
import type { Timeouts } from "./options.js";

// What timers can hold; longer waits are no waits at all.
const longestTimer = 2 ** 31 - 1;

/** Watches one exchange: ends it when the caller says so, or when it takes too long. */
export class Deadline {
  readonly #timeouts: Timeouts;
  readonly #controller = new AbortController();
  readonly #signal: AbortSignal | undefined;
  readonly #total: ReturnType<typeof setTimeout> | undefined;
  readonly #onAbort = (): void => this.#controller.abort(this.#signal?.reason);

  constructor(timeouts: Timeouts, signal: AbortSignal | undefined) {
    this.#timeouts = timeouts;
    this.#signal = signal;
    if (signal?.aborted === true) this.#onAbort();
    signal?.addEventListener("abort", this.#onAbort, { once: true });
    this.#total = this.#after(timeouts.total, () => `the exchange took longer than ${timeouts.total} ms`);
  }

  /** For the transport: aborted with the caller's reason, or with a TransportError `TIMEOUT`. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for the header of the answer, or the next piece of its body, as long as may be. @throws the reason of the signal */
  async during<T>(what: "headers" | "idle", step: Promise<T>): Promise<T> {
    const limit = this.#timeouts[what];
    const sentence = what === "headers" ? "no answer came within" : "nothing more of the answer came within";
    const timer = this.#after(limit, () => `${sentence} ${limit} ms`);
    const { signal } = this;
    let wake = (): void => {};
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (signal.aborted) resolve();
        signal.addEventListener("abort", wake, { once: true });
        step.then(wake, wake);
      });
      signal.throwIfAborted();
      return await step;
    } finally {
      signal.removeEventListener("abort", wake);
      clearTimeout(timer);
    }
  }

  /** The exchange is over. */
  end(): void {
    clearTimeout(this.#total);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #after(limit: number, describe: () => string): ReturnType<typeof setTimeout> | undefined {
    if (limit > longestTimer) return undefined;
    return setTimeout(() => this.#controller.abort(new TransportError("TIMEOUT", describe())), limit);
  }
}

/**
 * The pieces of a body as they come within the limits. Returning early cancels it; its end is that of the exchange.
 *
 * @throws TransportError `NETWORK` when the body breaks off; the reason of the deadline's signal
 */
export async function* piecesInTime(body: ReadableStream<Uint8Array>, deadline: Deadline): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = body.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await deadline.during("idle", readPiece(reader));
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    deadline.end();
    // Not waited for: a transport that hangs would hang here as well.
    if (!ended) reader.cancel().catch(() => undefined);
  }
}

async function readPiece(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<ReadableStreamReadResult<Uint8Array>> {
  try {
    return await reader.read();
  } catch (cause) {
    throw cause instanceof TransportError ? cause : new TransportError("NETWORK", "the connection broke within the answer", { cause });
  }
}

/** Waits. @throws the reason of the signal when it is aborted meanwhile */
export async function sleep(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  let wake = (): void => {};
  let timer: ReturnType<typeof setTimeout> | undefined;
  await new Promise<void>((resolve) => {
    wake = resolve;
    timer = setTimeout(resolve, Math.min(milliseconds, longestTimer));
    if (signal?.aborted === true) resolve();
    signal?.addEventListener("abort", wake, { once: true });
  });
  clearTimeout(timer);
  signal?.removeEventListener("abort", wake);
  signal?.throwIfAborted();
}
