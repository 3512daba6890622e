/** Content from a collection of one server into an inbox of another. */

import type { ContentBlock, ContentBlockInit } from "../../generated/taxii11/index.js";
import type { Client, PushOptions, PushReport } from "../client/api.js";
import type { PollOptions } from "../client/poll/options.js";
import type { Timestamp } from "../message/timestamp.js";
import { contentText } from "./poll/block-name.js";
import { DeferredState } from "./relay-state.js";

/** What to relay, and how. */
export interface RelayOptions {
  readonly from: Client;
  /** The collection to poll. */
  readonly collection: string;
  /** How to poll it. A `state` is saved only when the inbox has taken everything before it. */
  readonly poll?: PollOptions | undefined;
  readonly to: Client;
  readonly push?: Omit<PushOptions, "onMessage"> | undefined;
  /** Whether blocks keep their timestamp labels, and their signatures, which may cover them. Default: false. */
  readonly keepLabels?: boolean | undefined;
  /** The most blocks to relay. Default: all. */
  readonly limit?: number | undefined;
  /** Is told of each block that came, and of each message that was taken. */
  readonly onProgress?: ((progress: RelayProgress) => void) | undefined;
}

export interface RelayProgress {
  /** Blocks that came from the one side. */
  readonly polled: number;
  /** Bytes of their content. */
  readonly bytes: number;
  /** Blocks the other side has taken. */
  readonly pushed: number;
}

/** What was relayed. */
export interface RelayReport extends RelayProgress {
  /** Blocks whose signature was left out together with the label. */
  readonly unsigned: number;
  /** What became of them; undefined when there were none, and nothing was sent. */
  readonly report: PushReport | undefined;
  /** How far the poll is complete; see Poll. */
  readonly end: Timestamp | undefined;
}

/**
 * Polls a collection and pushes each block, in messages of a bounded size. Bindings, subtypes, remarks, padding and content
 * stay as they are. The label is left out, as the receiver gives its own.
 *
 * When the poll breaks, what came whole is still pushed before its error is thrown.
 *
 * @throws the errors of `poll`, and of `push`
 */
export async function relay(options: RelayOptions): Promise<RelayReport> {
  return new Relay(options).run();
}

class Relay {
  readonly #options: RelayOptions;
  readonly #state: DeferredState | undefined;
  #polled = 0;
  #bytes = 0;
  #pushed = 0;
  #unsigned = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { state } = options.poll ?? {};
    this.#state = state === undefined ? undefined : new DeferredState(state, () => this.#polled);
  }

  async run(): Promise<RelayReport> {
    const { from, collection, poll: pollOptions, to, push } = this.#options;
    const poll = from.poll(collection, { ...pollOptions, state: this.#state?.store });
    const blocks = this.#blocks(poll);
    try {
      const first = await blocks.next();
      // An Inbox_Message without content would be legal, and noise.
      const report = first.done === true ? undefined : await this.#push(to, withFirst(first.value, blocks), push);
      this.#state?.settle(this.#polled);
      await this.#state?.idle();
      if (this.#failure !== undefined) throw this.#failure.error;
      this.#state?.check();
      return { ...this.#progress, unsigned: this.#unsigned, report, end: poll.end };
    } finally {
      await blocks.return();
    }
  }

  async #push(to: Client, blocks: AsyncIterable<ContentBlockInit>, push: RelayOptions["push"]): Promise<PushReport> {
    const { collection = [] } = push ?? {};
    // With several collections there may be several inboxes, and what one has taken another may not have.
    const isOneInbox = typeof collection === "string" || collection.length <= 1;
    try {
      return await to.push(blocks, {
        ...push,
        onMessage: (taken) => {
          this.#pushed = taken;
          this.#tell();
          if (isOneInbox) this.#state?.settle(taken);
        },
      });
    } finally {
      await this.#state?.idle();
    }
  }

  /** The blocks of a poll. One that breaks ends them, as what came whole is to be pushed. */
  async *#blocks(poll: AsyncIterable<ContentBlock>): AsyncGenerator<ContentBlockInit, void, undefined> {
    const { limit = Number.POSITIVE_INFINITY, keepLabels = false } = this.#options;
    if (limit <= 0) return;
    try {
      for await (const block of poll) {
        this.#polled += 1;
        this.#bytes += Buffer.byteLength(contentText(block));
        if (!keepLabels && block.signature !== undefined) this.#unsigned += 1;
        this.#tell();
        yield keepLabels ? block : withoutLabel(block);
        if (this.#polled >= limit) return;
      }
    } catch (error) {
      this.#failure = { error };
    }
  }

  get #progress(): RelayProgress {
    return { polled: this.#polled, bytes: this.#bytes, pushed: this.#pushed };
  }

  #tell(): void {
    this.#options.onProgress?.(this.#progress);
  }
}

/** A block as it goes to somebody who gives it a label of their own; a signature over the old one would be broken. */
function withoutLabel({ timestampLabel: _label, signature: _signature, ...block }: ContentBlock): ContentBlockInit {
  return block;
}

async function* withFirst<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  yield first;
  yield* rest;
}
