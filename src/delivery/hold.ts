/** A task that a worker has leased: it notes how the task stands, and knows when it is to let go. */

import { Renewal } from "../server/results/renewal.js";

/** The part of a store that keeps tasks. */
export interface LeasedTasks<S> {
  note(
    id: string,
    worker: string,
    change: Partial<S>,
    options?: { readonly release?: boolean | undefined; readonly until?: number | undefined },
  ): Promise<boolean>;
}

export interface HoldOptions {
  readonly worker: string;
  /** Milliseconds a lease lasts. */
  readonly lease: number;
  readonly now: () => number;
  /** Aborted when the worker is to end at once. */
  readonly signal: AbortSignal;
}

/** The task is not this worker's any more, or the worker is to end. */
export class LetGo extends Error {
  constructor() {
    super("the delivery was let go");
    this.name = "LetGo";
  }
}

/** A task, whose state is an `S`, while it is worked on. Its lease is renewed until it is given back. */
export class Hold<S extends object> {
  readonly #tasks: LeasedTasks<S>;
  readonly #id: string;
  readonly #options: HoldOptions;
  readonly #renewal: Renewal;
  readonly #letGo = new AbortController();
  readonly #abort = (): void => this.#letGo.abort();
  #renewed: number;

  constructor(tasks: LeasedTasks<S>, id: string, options: HoldOptions) {
    this.#tasks = tasks;
    this.#id = id;
    this.#options = options;
    this.#renewed = options.now();
    this.#renewal = new Renewal(options.lease, () => this.#renew());
    this.#renewal.lost.addEventListener("abort", this.#abort);
    options.signal.addEventListener("abort", this.#abort);
    if (options.signal.aborted) this.#abort();
  }

  /** Aborted when the task is to be let go: nothing may be sent for it any more. */
  get signal(): AbortSignal {
    return this.#letGo.signal;
  }

  /** Notes a change, and keeps the task. @throws LetGo when it is not this worker's any more */
  async note(change: Partial<S>): Promise<void> {
    this.check();
    const now = this.#options.now();
    if (!(await this.#tasks.note(this.#id, this.#options.worker, change, { until: now + this.#options.lease }))) {
      this.#abort();
      throw new LetGo();
    }
    this.#renewed = now;
  }

  /** Notes a change, and gives the task back; nothing happens when it is not this worker's any more. */
  async release(change: Partial<S>): Promise<void> {
    this.end();
    await this.#tasks.note(this.#id, this.#options.worker, change, { release: true });
  }

  /** @throws LetGo when the task is to be let go */
  check(): void {
    if (this.signal.aborted) throw new LetGo();
  }

  /** The work is over, whatever became of it. */
  end(): void {
    this.#renewal.end();
    // The worker's signal outlives its tasks, and must not keep them.
    this.#options.signal.removeEventListener("abort", this.#abort);
  }

  /** False when the lease is gone, also when it ran out because the storage could not be reached to renew it. */
  async #renew(): Promise<boolean> {
    const { worker, lease, now } = this.#options;
    const at = now();
    try {
      const held = await this.#tasks.note(this.#id, worker, {}, { until: at + lease });
      this.#renewed = at;
      return held;
    } catch {
      return now() - this.#renewed < lease;
    }
  }
}
