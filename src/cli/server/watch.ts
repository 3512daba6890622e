/** Looking again when the directory changes. */

import type { Directory } from "../../storage/index.js";

export interface WatchOptions {
  readonly directory: Pick<Directory, "revision">;
  /** Milliseconds between looks. */
  readonly interval: number;
  /** Is called when the directory has changed, and when somebody asks for it. */
  readonly onChange: () => Promise<void>;
  /** Is told of failures; the next look comes all the same. */
  readonly onFailure: (error: unknown) => void;
}

/** Looks at a directory's revision again and again. */
export class DirectoryWatch {
  readonly #options: WatchOptions;
  #revision: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #looking: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @param revision of what is known already */
  constructor(options: WatchOptions, revision: number) {
    this.#options = options;
    this.#revision = revision;
    this.#schedule();
  }

  /** Looks at once, as if there had been a change. */
  async reload(): Promise<void> {
    this.#revision = undefined;
    await this.#look();
  }

  /** Stops looking; resolves when the look that is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
  }

  #schedule(): void {
    clearTimeout(this.#timer);
    if (!this.#stopped) this.#timer = setTimeout(() => void this.#look().then(() => this.#schedule()), this.#options.interval);
  }

  /** One look after the other. */
  #look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookNow());
    return this.#looking;
  }

  async #lookNow(): Promise<void> {
    if (this.#stopped) return;
    try {
      const revision = await this.#options.directory.revision();
      if (revision === this.#revision) return;
      await this.#options.onChange();
      this.#revision = revision;
    } catch (error) {
      this.#options.onFailure(error);
    }
  }
}
