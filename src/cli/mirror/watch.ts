/** Doing the same again and again. */

import { sleep } from "../../client/deadline.js";

export interface WatchOptions {
  /** Seconds between the end of one round and the beginning of the next, give or take a tenth. */
  readonly seconds: number;
  readonly signal: AbortSignal;
  /** Is told of a round that failed, and how many milliseconds pass before the next one. */
  readonly onFailure: (error: unknown, delay: number) => void;
  /** Whether there is no use in trying again. */
  readonly isFatal: (error: unknown) => boolean;
  /** From 0 up to 1. Default: chance. */
  readonly random?: (() => number) | undefined;
  /** Default: waits. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined;
}

/** The longest pause after failures, in seconds, unless the usual one is longer. */
const longestPause = 3600;

/**
 * Repeats `round` until the signal ends it. After failures the pauses double, up to an hour; chance keeps many of these programs
 * from asking at the same moment.
 *
 * @throws the reason of the signal, or what is fatal
 */
export async function watch(round: () => Promise<void>, options: WatchOptions): Promise<never> {
  const { seconds, signal, onFailure, isFatal, random = Math.random, wait = sleep } = options;
  for (let failures = 0; ; ) {
    const delayAfter = (count: number): number => {
      const pause = Math.min(seconds * 2 ** count, Math.max(seconds, longestPause));
      return Math.round(pause * 1000 * (0.9 + 0.2 * random()));
    };
    let delay: number;
    try {
      await round();
      failures = 0;
      delay = delayAfter(0);
    } catch (error) {
      signal.throwIfAborted();
      if (isFatal(error)) throw error;
      failures += 1;
      delay = delayAfter(failures);
      onFailure(error, delay);
    }
    await wait(delay, signal);
  }
}
