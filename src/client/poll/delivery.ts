/** Blocks on their way to the consumer, each once whatever number of requests it takes. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import type { Timestamp } from "../../message/timestamp.js";
import { isBreak } from "./breaks.js";
import { type Fingerprint, fingerprintOf } from "./fingerprint.js";
import { Known, Prefix, Taken } from "./taken.js";

/** How the blocks of a reply ended: all of them came, the reply broke off, or it is not the one that broke off before. */
export type Ending = { readonly kind: "whole" } | { readonly kind: "broken"; readonly error: Error } | { readonly kind: "changed" };

export class Delivery {
  readonly taken = new Taken();
  #known: Known;
  #reply = new Prefix();

  /** @param upTo labels up to this were handed out by an earlier request; undefined for none */
  constructor(upTo: Timestamp | undefined) {
    this.#known = new Known(upTo);
  }

  /** How many blocks the reply has had, those that were passed over among them. */
  get count(): number {
    return this.#reply.count;
  }

  /** What tells the reply from others. */
  get fingerprint(): Fingerprint {
    return this.#reply.fingerprint;
  }

  /** The next blocks are those of another reply. */
  startReply(): void {
    this.#reply = new Prefix();
  }

  /** The next blocks are those of the same reply, from its first one. */
  restartReply(): void {
    this.#reply.restart();
  }

  /** The next reply has labels later than `upTo`, and maybe some blocks that were handed out. */
  passOver(upTo: Timestamp | undefined, beyond: readonly Fingerprint[]): void {
    this.#known = new Known(upTo, beyond);
  }

  /** Hands out what is new. @throws the reason of the signal, and what is no break */
  async *handOut(blocks: AsyncIterable<ContentBlock>, signal: AbortSignal | undefined): AsyncGenerator<ContentBlock, Ending, undefined> {
    try {
      for await (const block of blocks) {
        signal?.throwIfAborted();
        const fingerprint = fingerprintOf(block);
        const place = this.#reply.next(fingerprint);
        if (place === "changed") return { kind: "changed" };
        if (place === "known" || this.#known.takes(block.timestampLabel, fingerprint)) continue;
        this.taken.add(block.timestampLabel, fingerprint);
        yield block;
      }
    } catch (error) {
      signal?.throwIfAborted();
      if (!isBreak(error)) throw error;
      return { kind: "broken", error };
    }
    return this.#reply.isWhole ? { kind: "whole" } : { kind: "changed" };
  }
}

/** Lets go of blocks that nobody wants. */
export async function discard(blocks: AsyncIterable<ContentBlock>): Promise<void> {
  try {
    // A generator that was never started would not let go of its body.
    for await (const _ of blocks) break;
  } catch {
    // A body that is let go of may as well have broken.
  }
}
