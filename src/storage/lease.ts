/** Leases: how several workers share tasks. */

/**
 * The right to work on something until it runs out. A worker that is gone lets its leases run out; the task is then claimed
 * by another one.
 */
export interface Lease {
  /** Who works on it; unique among all workers of all processes. */
  readonly worker: string;
  /** When it runs out, in milliseconds since 1970. */
  readonly until: number;
}

/** What is claimed under which conditions. */
export interface Claim {
  readonly lease: Lease;
  /** The time, in milliseconds since 1970: leases that ran out by then count no more, tasks put off until later are not due. */
  readonly now: number;
}
