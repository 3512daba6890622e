/** Which errors are worth another request. */

import { ParseError } from "../../errors.js";
import { TransportError } from "../../http/transport-error.js";
import { StatusError } from "../../message/status-error.js";

const broken: ReadonlySet<string> = new Set(["NETWORK", "TIMEOUT", "BAD_ENCODING"]);
const slow: ReadonlySet<number | undefined> = new Set([408, 504, 524]);

/** Whether a body broke off: what came before the break is sound, and the rest may come the next time. */
export function isBreak(error: unknown): error is Error {
  return (error instanceof ParseError && error.code === "TRUNCATED") || (error instanceof TransportError && broken.has(error.code));
}

/** Whether nothing came in time. */
export function isTimeout(error: unknown): error is TransportError {
  return error instanceof TransportError && error.code === "TIMEOUT";
}

/** Whether the producer, or a gateway before it, took too long over a request: it may manage a smaller one. */
export function isTooSlow(error: unknown): error is TransportError {
  return error instanceof TransportError && (error.code === "TIMEOUT" || slow.has(error.status));
}

/** Whether the producer will not give a part of a result again: not every one keeps what it has sent. */
export function isRefusal(error: unknown): error is Error {
  return error instanceof StatusError || (error instanceof TransportError && error.code === "NOT_TAXII");
}
