/** What was handed out, in as much memory as going on after a break needs. */

import type { Timestamp } from "../../message/timestamp.js";
import { type Fingerprint, followedBy, noBlocks } from "./fingerprint.js";
import { isLater, laterOf, orderOf } from "./labels.js";

/** Blocks with one label that are remembered; where more share a label, the order of labels is of no use. */
const mostOfOneLabel = 100_000;

/** From where a range can be asked for again. */
export interface SafePoint {
  /** Everything up to this label was handed out; undefined is the beginning of the range. */
  readonly after: Timestamp | undefined;
  /** What was handed out with the label behind it. */
  readonly beyond: readonly Fingerprint[];
}

/** The blocks of one range that were handed out. */
export class Taken {
  #count = 0;
  #unlabelled = 0;
  #earliest: Timestamp | undefined;
  #latest: Timestamp | undefined;
  /** Whether every block had a label, none earlier than that of the block before. */
  #inOrder = true;
  #last: Timestamp | undefined;
  /** The greatest label strictly below the last one: the producer may have more blocks with the last one. */
  #below: Timestamp | undefined;
  #ofLast: Fingerprint[] = [];

  get count(): number {
    return this.#count;
  }

  get latest(): Timestamp | undefined {
    return this.#latest;
  }

  /** Whether every block had a label. */
  get isLabelled(): boolean {
    return this.#unlabelled === 0;
  }

  add(label: Timestamp | undefined, fingerprint: Fingerprint): void {
    this.#count += 1;
    if (label === undefined) {
      this.#unlabelled += 1;
      this.#forgetOrder();
      return;
    }
    if (this.#inOrder) this.#follow(label, fingerprint);
    this.#latest = this.#inOrder ? label : laterOf(this.#latest, label);
    if (this.#earliest === undefined || (!this.#inOrder && isLater(this.#earliest, label))) this.#earliest = label;
  }

  /** Where to go on; undefined when labels do not tell. */
  get safePoint(): SafePoint | undefined {
    return this.#inOrder && this.#count > 0 ? { after: this.#below, beyond: this.#ofLast } : undefined;
  }

  /** Whether all labels are there, later than `after` and not later than `before`. */
  liesWithin(after: Timestamp | undefined, before: Timestamp | undefined): boolean {
    if (!this.isLabelled || this.#earliest === undefined || this.#latest === undefined) return false;
    return (after === undefined || isLater(this.#earliest, after)) && (before === undefined || !isLater(this.#latest, before));
  }

  #follow(label: Timestamp, fingerprint: Fingerprint): void {
    const order = this.#last === undefined ? 1 : orderOf(label, this.#last);
    if (order !== undefined && order > 0) {
      this.#below = this.#last;
      this.#last = label;
      this.#ofLast = [fingerprint];
    } else if (order === 0 && this.#ofLast.length < mostOfOneLabel) this.#ofLast.push(fingerprint);
    else this.#forgetOrder();
  }

  #forgetOrder(): void {
    this.#inOrder = false;
    this.#ofLast = [];
  }
}

/** What an earlier request gave already: blocks up to a label, and some behind it. */
export class Known {
  readonly #upTo: Timestamp | undefined;
  readonly #left = new Map<Fingerprint, number>();

  constructor(upTo: Timestamp | undefined, beyond: readonly Fingerprint[] = []) {
    this.#upTo = upTo;
    for (const fingerprint of beyond) this.#left.set(fingerprint, (this.#left.get(fingerprint) ?? 0) + 1);
  }

  /** Whether a block was handed out before; each block counts once, so that equal ones are not taken for one. */
  takes(label: Timestamp | undefined, fingerprint: Fingerprint): boolean {
    const order = this.#upTo === undefined || label === undefined ? undefined : orderOf(label, this.#upTo);
    if (order !== undefined && order <= 0) return true;
    const left = this.#left.get(fingerprint) ?? 0;
    if (left === 0) return false;
    this.#left.set(fingerprint, left - 1);
    return true;
  }
}

/**
 * The blocks of one reply as far as they have come: a count and one fingerprint of them all. When the reply has to be asked
 * for again, they are passed over, and it shows whether they were the same.
 */
export class Prefix {
  #count = 0;
  #fingerprint = noBlocks;
  #again = 0;
  #fingerprintAgain = noBlocks;

  /** How many blocks have come. */
  get count(): number {
    return this.#count;
  }

  /** The fingerprint of all blocks that have come. */
  get fingerprint(): Fingerprint {
    return this.#fingerprint;
  }

  /** The reply begins again. */
  restart(): void {
    this.#again = 0;
    this.#fingerprintAgain = noBlocks;
  }

  /** What the next block is: one that came before, a new one, or the sign that others came before. */
  next(fingerprint: Fingerprint): "known" | "new" | "changed" {
    this.#again += 1;
    this.#fingerprintAgain = followedBy(this.#fingerprintAgain, fingerprint);
    if (this.#again > this.#count) {
      this.#count = this.#again;
      this.#fingerprint = this.#fingerprintAgain;
      return "new";
    }
    return this.#again === this.#count && this.#fingerprintAgain !== this.#fingerprint ? "changed" : "known";
  }

  /** Whether all blocks that came before have come again. */
  get isWhole(): boolean {
    return this.#again === this.#count;
  }
}
