/** When a request is sent again, and after how long. */

import { isTaxiiError, ParseError } from "../errors.js";
import { TransportError } from "../http/transport-error.js";
import type { AnyRequest } from "../message/exchanges.js";
import { StatusError } from "../message/status-error.js";
import type { ClientOptions, RetryOptions } from "./options.js";

/** The retry options of a client, complete. */
export function retryOptions(retry: ClientOptions["retry"]): RetryOptions {
  const defaults: RetryOptions = { attempts: 4, minDelay: 1000, maxDelay: 60_000 };
  return retry === false ? { ...defaults, attempts: 1 } : { ...defaults, ...retry };
}

/** Whether a request changes nothing at the peer, so that it can be sent again when nobody knows whether it arrived. */
export function isSafe(request: AnyRequest): boolean {
  if ("action" in request) return request.action === "STATUS";
  return !request.$type.endsWith(".InboxMessage");
}

// Overloaded, restarting, or behind a gateway that is: another time it may be well.
const passing: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504]);

/** Whether the same request may do better later. */
export function mayPass(error: unknown): boolean {
  if (error instanceof StatusError) return error.code === "RETRY";
  if (error instanceof TransportError) {
    return error.code === "NETWORK" || error.code === "TIMEOUT" || (error.code === "NOT_TAXII" && passing.has(error.status));
  }
  return error instanceof ParseError && error.code === "TRUNCATED";
}

/**
 * Milliseconds to wait before the attempt behind `attempt` (from 1): what the peer asks for, otherwise twice as long each time,
 * give or take a quarter, so that many clients do not come back together.
 */
export function delayBefore(attempt: number, error: unknown, { minDelay, maxDelay }: RetryOptions, now: number): number {
  const asked = askedFor(error, now);
  const backoff = minDelay * 2 ** (attempt - 1) * (0.75 + Math.random() / 2);
  return Math.min(maxDelay, Math.max(asked ?? 0, asked === undefined ? backoff : minDelay));
}

/** The wait a peer asks for, in milliseconds: ESTIMATED_WAIT of a status RETRY, or Retry-After. */
export function askedFor(error: unknown, now: number): number | undefined {
  if (error instanceof StatusError) {
    const seconds = Number(error.details("ESTIMATED_WAIT")[0] ?? Number.NaN);
    return seconds >= 0 ? seconds * 1000 : undefined;
  }
  const value = isTaxiiError(error) && error instanceof TransportError ? error.headers["retry-after"] : undefined;
  if (value === undefined) return undefined;
  const milliseconds = /^\s*\d+\s*$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(milliseconds) ? undefined : Math.max(0, milliseconds);
}
