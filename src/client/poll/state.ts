/** Where a poll goes on, kept between runs. */

import type { Timestamp } from "../../message/timestamp.js";

/** How far a collection was polled. */
export interface PollState {
  /** What to poll after: everything up to there was taken. Absent: nothing was. */
  readonly after?: Timestamp | undefined;
  /**
   * A result of what comes behind `after` that was not fetched to its end, and its next part. It is fetched first; when the
   * producer does not give it any more, its range is polled again.
   */
  readonly result?: { readonly id: string; readonly part: number } | undefined;
}

/** Keeps states by key. A key is unambiguous for producer, collection and subscription. */
export interface StateStore {
  load(key: string): Promise<PollState | undefined>;
  /** Is called when everything before the state was handed out and taken. */
  save(key: string, state: PollState): Promise<void>;
}

/** Keeps states as long as the process lives. */
export function memoryState(): StateStore {
  const states = new Map<string, PollState>();
  return {
    load: async (key) => states.get(key),
    save: async (key, state) => {
      states.set(key, state);
    },
  };
}
