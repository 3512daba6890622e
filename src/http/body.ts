/** Bodies, read under a limit. */

import { TransportError } from "./transport-error.js";

/** The part of a Request or Response that a body is read from. */
export interface BodySource {
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array<ArrayBuffer>> | null;
}

/**
 * Reads a body whole.
 *
 * @param maxBytes the most it may have, before and after decompression
 * @throws TransportError `TOO_LARGE`; `UNSUPPORTED_ENCODING` for a content coding other than gzip; `BAD_ENCODING` for gzip that is broken
 */
export async function readBody(source: BodySource, maxBytes: number): Promise<Uint8Array> {
  if (Number(source.headers.get("content-length") ?? 0) > maxBytes) {
    await source.body?.cancel();
    throw tooLarge(maxBytes);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of openBody(source)) {
    length += chunk.length;
    // Leaving the loop cancels the stream: nothing more is read, nothing more is inflated.
    if (length > maxBytes) throw tooLarge(maxBytes);
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

/** The bytes of a body as they come, decompressed (HTTP-GEN-005). */
async function* openBody({ headers, body }: BodySource): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const coding = (headers.get("content-encoding") ?? "").trim().toLowerCase();
  if (coding === "" || coding === "identity") {
    yield* pieces(body);
    return;
  }
  if (coding !== "gzip" && coding !== "x-gzip") {
    await body.cancel();
    throw new TransportError(
      "UNSUPPORTED_ENCODING",
      `the content coding ${JSON.stringify(coding)} is not supported; expected gzip or none`,
    );
  }
  try {
    yield* pieces(body.pipeThrough(new DecompressionStream("gzip")));
  } catch (cause) {
    throw new TransportError("BAD_ENCODING", "the body is not gzip, or breaks off", { cause });
  }
}

/** The pieces of a stream, which not every runtime lets one iterate. Returning early cancels it. */
export async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function tooLarge(maxBytes: number): TransportError {
  return new TransportError("TOO_LARGE", `the body is too large; the limit is ${maxBytes} bytes`);
}

/** The chunks as one, given their lengths together. */
export function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only !== undefined) return only;
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
