/** Credentials that were verified a moment ago, so that not every request costs a hash and a look into the directory. */

import { createHmac, randomBytes } from "node:crypto";
import type { Account } from "../server/access.js";
import type { Directory } from "../storage/index.js";
import { BoundedMap } from "./bounded-map.js";

interface Entry {
  readonly account: Account;
  /** Milliseconds since 1970. */
  readonly until: number;
}

export interface VerifiedOptions {
  /** Milliseconds that credentials are remembered. */
  readonly keep: number;
  readonly now: () => number;
}

/** Accounts to remember at most. */
const most = 10_000;

/** Milliseconds between looks whether the directory has changed. */
const lookInterval = 1000;

/**
 * Remembers credentials, under a key that never leaves the process: what is in memory cannot be turned back into passwords.
 * All are forgotten when the directory changes, so that a disabled account or a changed password ends within a second.
 */
export class VerifiedCredentials {
  readonly #directory: Pick<Directory, "revision">;
  readonly #options: VerifiedOptions;
  readonly #key = randomBytes(32);
  readonly #entries = new BoundedMap<Entry>(most);
  #revision: number | undefined;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #looking: Promise<void> | undefined;

  constructor(directory: Pick<Directory, "revision">, options: VerifiedOptions) {
    this.#directory = directory;
    this.#options = options;
  }

  /** What credentials are remembered by. */
  digest(kind: "basic" | "bearer" | "certificate", credentials: string): string {
    return createHmac("sha256", this.#key).update(`${kind} ${credentials}`, "utf8").digest("base64");
  }

  /** The account of credentials that were verified; undefined for those that are to be verified. */
  async get(digest: string): Promise<Account | undefined> {
    await this.#look();
    const entry = this.#entries.get(digest);
    return entry !== undefined && this.#options.now() < entry.until ? entry.account : undefined;
  }

  /** The state of the directory that was last seen: what is verified after this was asked may be remembered under it. */
  get revision(): number | undefined {
    return this.#revision;
  }

  /**
   * Remembers credentials.
   *
   * @param revision what `revision` was before they were verified: by now the directory may have changed
   * @param expires when they end by themselves, in milliseconds since 1970
   */
  add(digest: string, account: Account, revision: number | undefined, expires = Number.POSITIVE_INFINITY): void {
    if (revision !== this.#revision) return;
    this.#entries.set(digest, { account, until: Math.min(expires, this.#options.now() + this.#options.keep) });
  }

  async #look(): Promise<void> {
    const now = this.#options.now();
    // A clock that was set back must not keep us from looking.
    if (now >= this.#lookedAt && now - this.#lookedAt < lookInterval) return this.#looking;
    this.#looking ??= this.#lookNow().finally(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }

  async #lookNow(): Promise<void> {
    const revision = await this.#directory.revision();
    this.#lookedAt = this.#options.now();
    if (revision === this.#revision) return;
    this.#revision = revision;
    this.#entries.clear();
  }
}
