/** When a delivery that failed is tried again. */

import type { RetryOptions } from "../client/options.js";
import { askedFor, delayBefore } from "../client/retry.js";
import { isTaxiiError } from "../errors.js";
import { printable, StatusError } from "../message/status-error.js";
import { NotInVersion10Error } from "../message/versions/index.js";
import type { DeliveryState } from "../storage/index.js";

/** Five seconds, twice as long each time, at most an hour; put aside after twenty failures. */
export const defaultDeliveryRetry: RetryOptions = { attempts: 20, minDelay: 5000, maxDelay: 3_600_000 };

/** No inbox is waited for longer, whatever it asks for. */
const longestWait = 24 * 3_600_000;

/** What is noted about a failure. */
export type NotedFailure = Pick<DeliveryState, "attempts" | "notBefore" | "parked"> & { readonly error: string };

/**
 * What is to be noted about a failure. An inbox that says when to come again (RETRY with ESTIMATED_WAIT) has not failed, and is
 * never given up for it. What cannot be said in the version that was asked for is put aside at once: no repetition changes that.
 *
 * @param before failures before this one
 * @param retry how often, and how long in between
 */
export function afterFailure(error: unknown, before: number, retry: RetryOptions, now: number): NotedFailure {
  const asked = askedFor(error, now);
  const postponed = asked !== undefined && error instanceof StatusError && error.code === "RETRY";
  const attempts = before + (postponed ? 0 : 1);
  const maxDelay = asked === undefined ? retry.maxDelay : Math.max(retry.maxDelay, longestWait);
  const delay = delayBefore(Math.max(attempts, 1), error, { ...retry, maxDelay }, now);
  const parked = !postponed && (attempts >= retry.attempts || error instanceof NotInVersion10Error);
  return { attempts, notBefore: Math.round(now + delay), parked, error: describe(error) };
}

/** An error for operators: on one line, shortened, with nothing that steers a terminal. */
function describe(error: unknown): string {
  if (error instanceof StatusError && error.version !== undefined) return printable(`the inbox answered ${error.message}`);
  if (isTaxiiError(error)) return printable(error.message);
  return printable(`the message could not be made: ${error instanceof Error ? error.message : String(error)}`);
}
