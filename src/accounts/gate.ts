/** A gate: so many tasks at once, a few more wait for a moment, the rest is turned away. */

export interface GateOptions {
  /** Tasks at once. */
  readonly slots: number;
  /** Tasks that wait. */
  readonly waiting: number;
  /** Milliseconds that a task waits at most. */
  readonly patience: number;
}

/** There is no room behind a gate. */
export class GateFullError extends Error {
  constructor() {
    super("too many tasks are under way");
    this.name = "GateFullError";
  }
}

/** Limits how many tasks run at once. */
export class Gate {
  readonly #options: GateOptions;
  readonly #queue: (() => void)[] = [];
  #running = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  /**
   * Runs a task when there is room.
   *
   * @throws GateFullError when there is none in time
   */
  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running < this.#options.slots) this.#running += 1;
    else await this.#turn();
    try {
      return await task();
    } finally {
      const next = this.#queue.shift();
      // Who comes next takes over the slot.
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }

  #turn(): Promise<void> {
    const { waiting, patience } = this.#options;
    if (this.#queue.length >= waiting) return Promise.reject(new GateFullError());
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#queue.splice(this.#queue.indexOf(enter), 1);
        reject(new GateFullError());
      }, patience);
      this.#queue.push(enter);
    });
  }
}
