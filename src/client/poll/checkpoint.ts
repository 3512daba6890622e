/** Where a poll is kept between runs, and under which key. */

import type { PollContext, PollOptions } from "./options.js";
import type { PollState } from "./state.js";

/** Loads and saves the state of one poll. */
export interface Checkpoint {
  readonly load: () => Promise<PollState | undefined>;
  readonly save: (state: PollState) => Promise<void>;
}

/** The place of a poll that is not kept. */
export const nowhere: Checkpoint = {
  load: async () => undefined,
  save: async () => undefined,
};

/** The place of a poll in the store that its options name (SVC-GEN-009). */
export function checkpointOf(name: string, { state, subscriptionId }: PollOptions, { producer }: PollContext): Checkpoint {
  if (state === undefined) return nowhere;
  const key = JSON.stringify([withoutQuery(producer), name, subscriptionId ?? null]);
  return { load: () => state.load(key), save: (reached) => state.save(key, reached) };
}

/** Queries can hold credentials, which have no place in a key. */
function withoutQuery(address: string): string {
  const url = new URL(address);
  url.search = "";
  url.hash = "";
  return url.href;
}
