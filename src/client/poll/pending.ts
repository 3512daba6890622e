/** Results that take time (SVC-ASYNC-003). */

import type { StatusMessage } from "../../../generated/taxii11/index.js";
import { TransportError } from "../../http/transport-error.js";
import { readStatusDetails } from "../../message/status.js";
import { mismatch, quoted } from "./guard.js";
import type { WaitOptions } from "./options.js";

/** What a Status Message `PENDING` announces. */
export interface Announcement {
  readonly resultId: string;
  readonly willPush: boolean;
  /** Seconds; undefined when it cannot be told. */
  readonly estimatedWait: number | undefined;
}

/**
 * Reads the details of a Status Message `PENDING`.
 *
 * @param known the result, when it was announced before; the identifier need not be repeated then
 * @throws TransportError `MISMATCH` when there is no identifier to ask for the result, or another one than before (SVC-ASYNC-005)
 */
export function readAnnouncement(status: StatusMessage, known: string | undefined): Announcement {
  const { resultId: announced = "", estimatedWait, willPush = false } = readStatusDetails(status);
  const resultId = announced === "" ? known : announced;
  if (resultId === undefined) throw mismatch("announces a result that takes time, without a RESULT_ID to ask for it");
  if (known !== undefined && resultId !== known)
    throw mismatch(`was asked for the result ${quoted(known)} and announces the result ${quoted(resultId)} in its place`);
  return { resultId, willPush, estimatedWait };
}

/** Decides how long to wait for one result, and when that was long enough (SVC-ASYNC-011). */
export class Patience {
  readonly #options: WaitOptions;
  #deadline: number | undefined;

  constructor(options: WaitOptions) {
    this.#options = options;
  }

  /**
   * Milliseconds to wait before the result is asked for again: what the producer estimates, within the limits. The last wait
   * ends with the limit on all of them.
   *
   * @param now milliseconds since 1970
   * @throws TransportError `TIMEOUT` when that limit is reached; it names the result, which can be fulfilled later
   */
  delay({ resultId, estimatedWait = 0 }: Announcement, now: number): number {
    const { min, max, total } = this.#options;
    this.#deadline ??= now + total;
    const left = this.#deadline - now;
    if (left <= 0)
      throw new TransportError(
        "TIMEOUT",
        `the result ${quoted(resultId)} is not ready after ${total} ms; it can be asked for later by this id`,
      );
    return Math.min(Math.max(estimatedWait * 1000, min), max, left);
  }
}
