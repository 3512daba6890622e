/** Bodies, read under a limit. */

import type { FieldReader } from "./headers.js";
import { inflate } from "./inflate.js";
import { concatenate, pieces } from "./pieces.js";
import { TransportError } from "./transport-error.js";

/** The part of a request or response that a body is read from. */
export interface BodySource {
  readonly headers: FieldReader;
  readonly body: AsyncIterable<Uint8Array> | ReadableStream<Uint8Array> | null;
}

/** What {@link readBody} is told. */
export interface ReadBodyOptions {
  /** Told of the bytes that are going to be kept, before they are; what it throws ends the reading. */
  readonly reserve?: ((bytes: number) => void) | undefined;
}

/**
 * Reads a body whole.
 *
 * @param maxBytes the most it may have, before and after decompression
 * @throws TransportError `TOO_LARGE`, also for gzip that unpacks to very much more than it is; `UNSUPPORTED_ENCODING` for a
 *   content coding other than gzip; `BAD_ENCODING` for gzip that is broken; `NETWORK` for a body that breaks off
 */
export async function readBody(source: BodySource, maxBytes: number, { reserve }: ReadBodyOptions = {}): Promise<Uint8Array> {
  if (Number(source.headers.get("content-length") ?? 0) > maxBytes) {
    await giveUp(source);
    throw tooLarge(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of openBody(source)) {
    length += chunk.length;
    // Leaving the loop ends the source: nothing more is read, nothing more is inflated.
    if (length > maxBytes) throw tooLarge(maxBytes);
    reserve?.(chunk.length);
    chunks.push(chunk);
  }
  return concatenate(chunks, length);
}

/** The first bytes of a body, at most `maxBytes` of them; the rest is given up. Faults end it early. */
export async function readBeginning(source: BodySource, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of openBody(source)) {
      chunks.push(chunk.subarray(0, maxBytes - length));
      length += Math.min(chunk.length, maxBytes - length);
      if (length >= maxBytes) break;
    }
  } catch {
    // What came before the fault is still worth a look.
  }
  return concatenate(chunks, length);
}

/** Lets a body go that nobody is going to read. */
export async function giveUp({ body }: BodySource): Promise<void> {
  if (body === null) return;
  if ("getReader" in body) await body.cancel().catch(() => undefined);
  else await body[Symbol.asyncIterator]().return?.();
}

/** The bytes of a body as they come, decompressed (HTTP-GEN-005). */
function openBody(source: BodySource): AsyncIterable<Uint8Array> {
  const coding = (source.headers.get("content-encoding") ?? "").trim().toLowerCase();
  if (coding === "" || coding === "identity") return rawBody(source);
  if (coding === "gzip" || coding === "x-gzip") return inflate(rawBody(source), "gzip", coding);
  return refused(source, coding);
}

// biome-ignore lint/correctness/useYield: a body that has no bytes to give, only a reason
async function* refused(source: BodySource, coding: string): AsyncGenerator<Uint8Array, void, undefined> {
  await giveUp(source);
  throw new TransportError("UNSUPPORTED_ENCODING", `the content coding ${JSON.stringify(coding)} is not supported; expected gzip or none`);
}

function rawBody({ body }: BodySource): AsyncIterable<Uint8Array> {
  if (body === null) return nothing;
  return new RawBody("getReader" in body ? pieces(body) : body);
}

/** A body to be iterated once. A class, as requests are many: an object made for each of them takes longer. */
class RawBody implements AsyncIterableIterator<Uint8Array> {
  readonly #pieces: AsyncIterator<Uint8Array>;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#pieces = source[Symbol.asyncIterator]();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  next(): Promise<IteratorResult<Uint8Array>> {
    return this.#pieces.next().catch(brokenOff);
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.#pieces.return?.();
    return { done: true, value: undefined };
  }
}

const nothing: AsyncIterable<never> = {
  [Symbol.asyncIterator]: () => ({ next: async () => ({ done: true, value: undefined }) }),
};

function brokenOff(cause: unknown): never {
  throw new TransportError("NETWORK", "the body breaks off", { cause });
}

function tooLarge(maxBytes: number): TransportError {
  return new TransportError("TOO_LARGE", `the body is too large; the limit is ${maxBytes} bytes`);
}
