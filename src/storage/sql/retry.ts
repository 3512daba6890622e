/** Waiting for a database that somebody else is writing to. */

/** When to try again, and for how long. */
export interface RetryPolicy {
  /** Whether this failure goes away when the other writer is done, and left nothing behind. */
  readonly isBusy: (error: unknown) => boolean;
  /** Milliseconds after which a failure is final. */
  readonly patience: number;
}

// Milliseconds.
const shortestPause = 1;
const longestPause = 50;

/**
 * Does `work`, again and again while the database is busy. The pauses do not block the process, which may be the very one
 * that has to finish its writing; their lengths vary so that writers do not keep meeting.
 */
export async function whenFree<T>({ isBusy, patience }: RetryPolicy, work: () => Promise<T>): Promise<T> {
  const deadline = Date.now() + patience;
  for (let pause = shortestPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error) || Date.now() >= deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, pause * (0.5 + Math.random())));
    }
  }
}
