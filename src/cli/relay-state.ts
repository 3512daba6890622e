/** States that wait until what is before them has arrived. */

import type { PollState, StateStore } from "../client/poll/state.js";

interface Waiting {
  /** How many blocks are before the state. */
  readonly blocks: number;
  readonly key: string;
  readonly state: PollState;
}

/** Keeps the states of a poll back until its content has arrived where it goes. */
export class DeferredState {
  /** What the poll saves to. */
  readonly store: StateStore;
  readonly #target: StateStore;
  #waiting: Waiting[] = [];
  #saving = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  /**
   * @param target where states are kept
   * @param count how many blocks the poll has given so far
   */
  constructor(target: StateStore, count: () => number) {
    this.#target = target;
    this.store = {
      load: (key) => target.load(key),
      save: async (key, state) => {
        this.#waiting.push({ blocks: count(), key, state });
      },
    };
  }

  /** Begins to save what waits for no more than this many blocks. */
  settle(blocks: number): void {
    const settled = this.#waiting.filter((one) => one.blocks <= blocks);
    this.#waiting = this.#waiting.filter((one) => one.blocks > blocks);
    const latest = new Map(settled.map(({ key, state }) => [key, state]));
    // One after the other, as the last one has to win.
    for (const [key, state] of latest) this.#saving = this.#saving.then(() => this.#save(key, state));
  }

  /** Waits until everything is saved that was settled, or failed to be. */
  async idle(): Promise<void> {
    await this.#saving;
  }

  /** @throws the error of the store, when a state could not be saved */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure.error;
  }

  async #save(key: string, state: PollState): Promise<void> {
    if (this.#failure !== undefined) return;
    try {
      await this.#target.save(key, state);
    } catch (error) {
      this.#failure = { error };
    }
  }
}
