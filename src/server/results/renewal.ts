/** Keeping a lease while a task takes its time. */

/** Renews a lease until it is ended, or lost. */
export class Renewal {
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #lost = new AbortController();

  /**
   * @param duration milliseconds a lease lasts; it is renewed three times as often
   * @param renew renews it; false when the task is somebody else's now, or gone
   */
  constructor(duration: number, renew: () => Promise<boolean>) {
    this.#timer = setInterval(() => {
      renew().then(
        (held) => {
          if (!held) this.#lost.abort();
        },
        // A lease that cannot be renewed at the moment may be the next time. If it runs out, whoever takes the task over does
        // the same work, and the end of this one has no effect.
        () => undefined,
      );
    }, duration / 3);
  }

  /** Aborted when the task is not this worker's any more. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  end(): void {
    clearInterval(this.#timer);
  }
}
