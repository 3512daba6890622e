/** The time, and waiting for it: what a poll does not want to wait for in tests. */

import { sleep } from "../deadline.js";

export interface Clock {
  /** Milliseconds since 1970 UTC. */
  readonly now: () => number;
  /** Waits that many milliseconds. @throws the reason of the signal when it is aborted meanwhile */
  readonly sleep: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
}

export const systemClock: Clock = { now: () => Date.now(), sleep };
