/** Requests and what comes back, below any message: on top of `fetch`, so that they can be wrong in ways a client is not. */

import { Ending } from "./check.js";
import { shown } from "./texts.js";
import { identifiers, protocolOf, type TaxiiVersion } from "./version.js";

/** What carries requests: `fetch`, or something like it. */
export type Fetch = (request: Request) => Promise<Response>;

/** A request as a check wants it. */
export interface Sending {
  readonly address: string;
  readonly version: TaxiiVersion;
  readonly body?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array> | undefined;
  /** Default: POST. */
  readonly method?: string | undefined;
  /** Changes to the header fields of the version; undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>> | undefined;
  /** Whose credentials it carries. Default: the first account's. */
  readonly account?: "first" | "other" | "nobody" | undefined;
}

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

/** Header fields with credentials, by whose they are. */
export interface Accounts {
  readonly first: Readonly<Record<string, string>>;
  readonly other: Readonly<Record<string, string>> | undefined;
}

/** Which addresses are asked. */
export interface Reach {
  /** Where to send what is for `address`; undefined for one that is not asked. */
  at(address: string): string | undefined;
}

/** What sends requests. */
export interface Wire {
  /** @throws Ending as not reachable when there is no answer, none in time, or one that is too long */
  send(sending: Sending): Promise<Answer>;
}

/** Bytes of a reply that are read; a check does not need more. */
const longestReply = 64 * 1024 * 1024;

/** The header fields of a request, those of TAXII first (HTTP-XCT-001, HTTP-XP-001, HTTP-XS-001). */
function headersOf({ address, version, headers = {}, method = "POST" }: Sending): Headers {
  const { message, services } = identifiers[version];
  const usual = {
    Accept: "application/xml",
    "Content-Type": "application/xml",
    "X-TAXII-Accept": message,
    "X-TAXII-Content-Type": message,
    "X-TAXII-Protocol": protocolOf(address),
    "X-TAXII-Services": services,
  };
  const fields = new Headers(method === "POST" ? usual : {});
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) fields.delete(name);
    else fields.set(name, value);
  }
  return fields;
}

/**
 * Makes what sends requests.
 *
 * @param reach where requests may go at all, and credentials with them
 * @param signal ends all of them
 */
export function makeWire(fetch: Fetch, accounts: Accounts, reach: Reach, signal: AbortSignal): Wire {
  return {
    async send(sending) {
      const address = reach.at(sending.address);
      if (address === undefined) throw new Ending("not applicable", `${shown(sending.address)} is at another origin, which is not asked`);
      const headers = headersOf({ ...sending, address });
      const { account = "first", body, method = "POST" } = sending;
      const credentials = account === "nobody" ? {} : ((account === "other" ? accounts.other : accounts.first) ?? {});
      for (const [name, value] of Object.entries(credentials)) headers.set(name, value);
      const init: RequestInit & { duplex: "half" } = { method, headers, redirect: "manual", signal, duplex: "half" };
      // Bytes, so that fetch does not add a Content-Type of its own.
      if (body !== undefined) init.body = typeof body === "string" ? new TextEncoder().encode(body) : body;
      try {
        const response = await untilAborted(fetch(new Request(address, init)), signal);
        return { status: response.status, headers: response.headers, body: await readAll(response, signal) };
      } catch (error) {
        if (error instanceof Ending) throw error;
        throw new Ending("not reachable", unreachable(error, signal), { cause: error });
      }
    },
  };
}

/** `answer`, or the reason of `signal`: a fetch of somebody's own may not listen to it. */
function untilAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(new Error("there was no answer in time", { cause: signal.reason }));
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

function unreachable(error: unknown, signal: AbortSignal): string {
  if (signal.aborted) return "there was no answer in time";
  const reasons: string[] = [];
  for (let at: unknown = error; at instanceof Error && reasons.length < 3; at = at.cause) reasons.push(at.message);
  return `there is no answer: ${shown(reasons.join(": "))}`;
}

async function readAll({ body }: Response, signal: AbortSignal): Promise<Uint8Array> {
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const pieces: Uint8Array[] = [];
  let length = 0;
  // A fetch of somebody's own may not end the body when it is told to.
  const stop = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) return joined(pieces, length);
      pieces.push(value);
      length += value.length;
      if (length > longestReply)
        throw new Ending("not applicable", `a reply is longer than ${longestReply} bytes; choose a smaller collection`);
    }
  } finally {
    signal.removeEventListener("abort", stop);
    reader.cancel().catch(() => undefined);
  }
}

function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
