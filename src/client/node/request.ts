/** From a Request to what undici takes. */

import { Readable } from "node:stream";
import { setImmediate } from "node:timers/promises";

/**
 * The header fields of a request.
 *
 * @param own those of the way it takes
 * @throws TypeError for credentials of a proxy, which could reach somebody else
 */
export function headersOf({ headers }: Request, own: Readonly<Record<string, string>>): Record<string, string> {
  if (headers.has("proxy-authorization"))
    throw new TypeError("Proxy-Authorization cannot be given as a header; give the credentials in the proxy's URL");
  return { "accept-encoding": "gzip, deflate", "user-agent": "taxii", ...own, ...Object.fromEntries(headers) };
}

/**
 * The body of a request: bytes, which go with their length, or a stream. A Request does not say which of the two it was made
 * from, but bytes come as one piece that is followed by the end at once.
 */
export async function bodyOf({ body, signal }: Request): Promise<Uint8Array | Readable | null> {
  if (body === null) return null;
  const reader = body.getReader();
  signal.addEventListener("abort", () => void reader.cancel(signal.reason).catch(() => undefined), { once: true });
  const first = await reader.read();
  if (first.done) return new Uint8Array(0);
  const second = reader.read();
  const ended = await Promise.race([second.then(({ done }) => done), setImmediate(false)]);
  return ended ? first.value : Readable.from(piecesOf(first.value, second, reader), { objectMode: false });
}

async function* piecesOf(
  first: Uint8Array,
  second: Promise<ReadableStreamReadResult<Uint8Array>>,
  reader: ReadableStreamDefaultReader<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield first;
    for (let next = await second; !next.done; next = await reader.read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}
