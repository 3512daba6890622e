/** Several calls in one transaction: what makes each of them durable is done once for all. */

import { StorageError } from "../storage.js";

/** What became of a job. */
export type Outcome<Result> = { readonly result: Result } | { readonly error: unknown };

export interface GroupCommitOptions<Job, Result> {
  /** Does all jobs in one transaction. Rejects when nothing was done. */
  readonly commit: (jobs: readonly Job[]) => Promise<readonly Outcome<Result>[]>;
  /** How much of a transaction a job takes. */
  readonly weigh: (job: Job) => number;
  /** How much goes into one transaction, unless one job alone takes more. */
  readonly capacity: number;
}

interface Waiting<Job, Result> {
  readonly job: Job;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Collects jobs while a transaction is under way and does them in the next one, in the order they came. */
export class GroupCommit<Job, Result> {
  readonly #options: GroupCommitOptions<Job, Result>;
  #queue: Waiting<Job, Result>[] = [];
  #draining: Promise<void> | undefined;

  constructor(options: GroupCommitOptions<Job, Result>) {
    this.#options = options;
  }

  /** Does a job, together with others or alone; its failure is its own. */
  do(job: Job): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ job, resolve, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#draining;
  }

  async #drain(): Promise<void> {
    while (this.#queue.length > 0) {
      // Whoever waited for the same as the first one comes along. And the answers to the jobs before, which also wait for the end of
      // the turn, go out first: whoever gets one sends anew while this group is written.
      await new Promise<void>((resolve) => process.nextTick(() => setImmediate(resolve)));
      await this.#commit(this.#take());
    }
    this.#draining = undefined;
  }

  #take(): Waiting<Job, Result>[] {
    const { capacity, weigh } = this.#options;
    let weight = 0;
    const end = this.#queue.findIndex(({ job }, index) => {
      weight += weigh(job);
      return index > 0 && weight > capacity;
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  async #commit(group: readonly Waiting<Job, Result>[]): Promise<void> {
    try {
      const outcomes = await this.#options.commit(group.map(({ job }) => job));
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome !== undefined && "result" in outcome) resolve(outcome.result);
        else reject(outcome?.error);
      }
    } catch (error) {
      // Where it is not known whether the transaction happened, it must not be tried again.
      const final = group.length === 1 || (error instanceof StorageError && error.code === "UNAVAILABLE");
      if (final) for (const { reject } of group) reject(error);
      else for (const one of group) await this.#commit([one]);
    }
  }
}
