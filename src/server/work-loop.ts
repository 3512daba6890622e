/** How a worker spends its time: one task after another, and a break when there is none. */

export interface WorkLoopOptions {
  /**
   * Does one task; false when there was none. When the signal is aborted it ends what it does, or gives it back, as soon as it
   * can.
   */
  readonly work: (signal: AbortSignal) => Promise<boolean>;
  /** Milliseconds of a break. */
  readonly interval: number;
  /** Is told what `work` throws; a break follows. */
  readonly report: (error: unknown) => void;
}

/** A loop that can be started, woken from its break, and stopped. */
export class WorkLoop {
  readonly #options: WorkLoopOptions;
  #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #woken = false;
  #endBreak: (() => void) | undefined;

  constructor(options: WorkLoopOptions) {
    this.#options = options;
  }

  /** Starts working; without effect when it works already. */
  start(): void {
    if (this.#running !== undefined) return;
    this.#stopping = new AbortController();
    this.#running = this.#run(this.#stopping.signal);
  }

  /** Says that there may be something to do: a break ends. */
  wake(): void {
    this.#woken = true;
    this.#endBreak?.();
  }

  /** Stops working; resolves when the task at hand has ended. */
  async stop(): Promise<void> {
    const running = this.#running;
    this.#stopping.abort();
    this.wake();
    await running;
    if (this.#running === running) this.#running = undefined;
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#woken = false;
      const busy = await this.#work(signal);
      if (!busy && !this.#woken) await this.#break();
    }
  }

  async #work(signal: AbortSignal): Promise<boolean> {
    try {
      return await this.#options.work(signal);
    } catch (error) {
      this.#options.report(error);
      return false;
    }
  }

  async #break(): Promise<void> {
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.#options.interval);
      this.#endBreak = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.#endBreak = undefined;
  }
}
