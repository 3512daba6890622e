/** Bodies that come compressed, unpacked under a limit (HTTP-GEN-005). */

import { concatenate } from "../xml/decode.js";
import { pieces } from "./pieces.js";
import { TransportError } from "./transport-error.js";

/** How many times its own size a compressed body may unpack to, the first mebibyte aside. XML packs well, bombs pack better. */
export const defaultMaxInflation = 200;

/** Bytes that any body may unpack to. */
const freeBytes = 1024 * 1024;

/**
 * The bytes of a body without its content coding. Some transports unpack a body and leave the field that says it is packed,
 * so it is its first bytes that tell.
 *
 * @param coding the value of Content-Encoding, or null
 * @throws TransportError `UNSUPPORTED_ENCODING` for codings other than gzip and deflate, `BAD_ENCODING` for a body that is not
 *   what it says or breaks off, `TOO_LARGE` for one that unpacks to more than `maxInflation` times its size
 */
export async function* unpacked(
  body: AsyncIterable<Uint8Array>,
  coding: string | null,
  maxInflation: number = defaultMaxInflation,
): AsyncGenerator<Uint8Array, void, undefined> {
  const name = (coding ?? "").trim().toLowerCase();
  if (name === "" || name === "identity") {
    yield* body;
    return;
  }
  const iterator = body[Symbol.asyncIterator]();
  const first = await peek(iterator);
  const format = formatOf(name, first);
  if (format !== undefined) yield* inflate(resumed(first, iterator), format, name, maxInflation);
  else if (isUnpacked(first)) yield* resumed(first, iterator);
  else {
    await iterator.return?.();
    throw new TransportError("UNSUPPORTED_ENCODING", `the content coding ${JSON.stringify(name)} is not supported; expected gzip or none`);
  }
}

/** The first bytes: two or more, where there are as many. */
async function peek(iterator: AsyncIterator<Uint8Array>): Promise<Uint8Array> {
  let first: Uint8Array = new Uint8Array(0);
  while (first.length < 2) {
    const next = await iterator.next();
    if (next.done === true) break;
    first = concatenate(first, next.value);
  }
  return first;
}

/** The first bytes, and what comes behind them. */
async function* resumed(first: Uint8Array, iterator: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    if (first.length > 0) yield first;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  } finally {
    await iterator.return?.();
  }
}

/** How the bytes are packed; undefined when they are not, or in no way that is understood. */
function formatOf(coding: string, [a = 0, b = 0]: Uint8Array): CompressionFormat | undefined {
  if ((coding === "gzip" || coding === "x-gzip") && a === 0x1f && b === 0x8b) return "gzip";
  if (coding !== "deflate") return undefined;
  // Some send the bare format where the specification asks for zlib's, which begins with a multiple of 31.
  return (a & 0x0f) === 8 && (a * 256 + b) % 31 === 0 ? "deflate" : isUnpacked(Uint8Array.of(a, b)) ? undefined : "deflate-raw";
}

/** Whether text begins here: markup, white space, a byte order mark, or nothing at all. */
function isUnpacked([a]: Uint8Array): boolean {
  return a === undefined || [0x3c, 0x7b, 0x20, 0x09, 0x0a, 0x0d, 0xef, 0xfe, 0xff, 0x00].includes(a);
}

/**
 * Unpacks bytes.
 *
 * @param name what the format is called in errors
 * @throws TransportError `BAD_ENCODING` and `TOO_LARGE` as {@link unpacked} does
 */
export async function* inflate(
  body: AsyncIterable<Uint8Array>,
  format: CompressionFormat,
  name: string,
  maxInflation: number = defaultMaxInflation,
): AsyncGenerator<Uint8Array, void, undefined> {
  const packed = body[Symbol.asyncIterator]();
  let bytesIn = 0;
  let bytesOut = 0;
  let fault: { readonly error: unknown } | undefined;
  const source = new ReadableStream<Uint8Array<ArrayBuffer>>({
    async pull(controller) {
      try {
        const next = await packed.next();
        if (next.done === true) return controller.close();
        bytesIn += next.value.length;
        controller.enqueue(new Uint8Array(next.value));
      } catch (error) {
        fault = { error };
        controller.error(error);
      }
    },
    async cancel() {
      await packed.return?.();
    },
  });
  try {
    for await (const piece of pieces(source.pipeThrough(new DecompressionStream(format)))) {
      bytesOut += piece.length;
      if (bytesOut > freeBytes && bytesOut > bytesIn * maxInflation) {
        throw new TransportError("TOO_LARGE", `the body unpacks to more than ${maxInflation} times its size`);
      }
      yield piece;
    }
  } catch (cause) {
    if (cause instanceof TransportError) throw cause;
    // What broke the connection says more than what that did to the format.
    if (fault !== undefined) throw fault.error;
    throw new TransportError("BAD_ENCODING", `the body is not ${name}, or breaks off`, { cause });
  }
}
