/** Whether a process should be sent requests: its database answers, its work is not late, and it is not about to stop. */

import type { Storage } from "../../storage/index.js";

export interface ReadinessOptions {
  readonly storage: Pick<Storage, "ping" | "subscriptions">;
  /** Milliseconds that deliveries may be due before somebody takes them up; undefined where lateness is no reason to be sent less. */
  readonly maxLag?: number | undefined;
  /** Milliseconds that the database has to answer. Default: 2000. */
  readonly timeLimit?: number | undefined;
  /** Milliseconds that an answer counts for, so that asking costs nothing. Default: 1000. */
  readonly keep?: number | undefined;
  readonly now?: (() => number) | undefined;
}

/** Why a process is not ready. */
export type Obstacle = "draining" | "database" | "lag";

/** Judges a process. */
export class Readiness {
  readonly #options: ReadinessOptions;
  #draining = false;
  #judged: { readonly at: number; readonly obstacles: Promise<readonly Obstacle[]> } | undefined;

  constructor(options: ReadinessOptions) {
    this.#options = options;
  }

  /** Says that the process is about to stop. */
  drain(): void {
    this.#draining = true;
  }

  /** Why it is not ready; empty when it is. Asks the database at most once in a while, however many ask here. */
  async obstacles(): Promise<readonly Obstacle[]> {
    if (this.#draining) return ["draining"];
    const { keep = 1000, now = Date.now } = this.#options;
    const at = now();
    if (this.#judged === undefined || Math.abs(at - this.#judged.at) >= keep) this.#judged = { at, obstacles: this.#judge(at) };
    return this.#judged.obstacles;
  }

  async #judge(now: number): Promise<readonly Obstacle[]> {
    const { storage, maxLag, timeLimit = 2000 } = this.#options;
    const examination = async (): Promise<readonly Obstacle[]> => {
      await storage.ping();
      if (maxLag === undefined) return [];
      // What an inbox that is down keeps waiting is not the worker's fault.
      const { late = 0 } = await storage.subscriptions.lag(now);
      return late > maxLag ? ["lag"] : [];
    };
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<readonly Obstacle[]>((resolve) => {
      timer = setTimeout(resolve, timeLimit, ["database"] as const);
    });
    try {
      return await Promise.race([examination(), late]);
    } catch {
      return ["database"];
    } finally {
      clearTimeout(timer);
    }
  }
}
