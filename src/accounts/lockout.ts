/** Failed logins slow down those who make them, and nobody else. */

import { createHash } from "node:crypto";
import { peerKey } from "../server/throttle.js";
import { BoundedMap } from "./bounded-map.js";

/** How failures of one kind are answered. */
export interface LockoutRule {
  /** Failures without consequences. */
  readonly free: number;
  /** Milliseconds that the first failure behind these costs; each further one costs twice as much. */
  readonly delay: number;
  /** The most it costs, in milliseconds. */
  readonly maxDelay: number;
  /** Milliseconds after which one failure is forgotten. */
  readonly forget: number;
}

export interface LockoutOptions {
  /** Failures of one address to log in to one account. Default: 5 free, then 1 s to 15 min, one forgotten in 10 min. */
  readonly account?: LockoutRule | undefined;
  /** Failures of one address to log in to any account. Default: 50 free, then 1 s to 15 min, one forgotten in 1 min. */
  readonly address?: LockoutRule | undefined;
  /** Addresses, and pairs of address and account, to remember. Those that were quiet for longest are forgotten first. Default: 10,000. */
  readonly remembered?: number | undefined;
}

/** The rules where none are given. */
export const lockoutDefaults = {
  account: { free: 5, delay: 1000, maxDelay: 900_000, forget: 600_000 },
  address: { free: 50, delay: 1000, maxDelay: 900_000, forget: 60_000 },
  remembered: 10_000,
} as const;

interface Failures {
  readonly count: number;
  readonly last: number;
  readonly lockedUntil: number;
}

/** Who wants to log in, and from where. */
export interface Attempt {
  /** The account, as the peer names it. */
  readonly name: string;
  readonly address: string;
}

/**
 * Counts failed logins by address (for IPv6 by network), and by address and account: who guesses passwords has to wait longer and longer, while the
 * owner of the account logs in from elsewhere.
 */
export class Lockout {
  readonly #pairs: FailureCounts;
  readonly #addresses: FailureCounts;

  constructor({
    account = lockoutDefaults.account,
    address = lockoutDefaults.address,
    remembered = lockoutDefaults.remembered,
  }: LockoutOptions = {}) {
    this.#pairs = new FailureCounts(account, remembered);
    this.#addresses = new FailureCounts(address, remembered);
  }

  /** Milliseconds until the attempt may be made; 0 for now. */
  wait(attempt: Attempt, now: number): number {
    return Math.max(this.#pairs.wait(pairOf(attempt), now), this.#addresses.wait(peerKey(attempt.address), now));
  }

  /** Notes that it failed. */
  failed(attempt: Attempt, now: number): void {
    this.#pairs.add(pairOf(attempt), now);
    this.#addresses.add(peerKey(attempt.address), now);
  }

  /** Notes that it succeeded. What the address did to other accounts is not forgiven. */
  succeeded(attempt: Attempt): void {
    this.#pairs.delete(pairOf(attempt));
  }
}

/** Short however long the name is, which the peer chooses. */
function pairOf({ name, address }: Attempt): string {
  return createHash("sha256")
    .update(`${peerKey(address)} ${name}`, "utf8")
    .digest("base64");
}

class FailureCounts {
  readonly #rule: LockoutRule;
  readonly #counts: BoundedMap<Failures>;

  constructor(rule: LockoutRule, remembered: number) {
    this.#rule = rule;
    this.#counts = new BoundedMap(remembered);
  }

  wait(key: string, now: number): number {
    return Math.max(0, (this.#counts.get(key)?.lockedUntil ?? 0) - now);
  }

  add(key: string, now: number): void {
    const { free, delay, maxDelay, forget } = this.#rule;
    const before = this.#counts.get(key);
    const forgotten = before === undefined ? 0 : Math.max(0, now - before.last) / forget;
    const count = Math.max(0, (before?.count ?? 0) - forgotten) + 1;
    const lockedUntil = count > free ? now + Math.min(maxDelay, delay * 2 ** (Math.ceil(count - free) - 1)) : 0;
    this.#counts.set(key, { count, last: now, lockedUntil });
  }

  delete(key: string): void {
    this.#counts.delete(key);
  }
}
