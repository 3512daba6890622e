/** Polling: content blocks as they arrive, whatever number of replies they come in. */

import { type ContentBindingIdInit, type ContentBlock, PollFulfillment, PollRequest, PollResponse } from "../../generated/taxii11/index.js";
import { TransportError } from "../http/transport-error.js";
import { create } from "../message/create.js";
import type { MessageStream } from "../message/stream.js";
import type { Timestamp } from "../message/timestamp.js";
import type { CallOptions } from "./options.js";

export interface PollOptions extends CallOptions {
  /** Only content labelled later than this: the `end` of the poll before. Default: from the first. */
  readonly after?: Timestamp | undefined;
  /** Only content labelled up to this. Default: to the last. */
  readonly before?: Timestamp | undefined;
  /** Only content in these bindings; a text is a binding with all its subtypes. Default: any. */
  readonly contentBindings?: readonly (string | ContentBindingIdInit)[] | undefined;
  /** Is told of each reply when its content blocks begin to arrive; `contentBlocks` is empty. */
  readonly onPart?: ((part: PollResponse) => void) | undefined;
}

/**
 * The content of a collection, to be iterated. Nothing is sent before; each iteration is a poll of its own.
 *
 * ```ts
 * const poll = client.poll("indicators", { after: last });
 * for await (const block of poll) await save(block);
 * last = poll.end ?? last;
 * ```
 */
export interface Poll extends AsyncIterable<ContentBlock> {
  /**
   * How far the content received is complete: what to poll `after` the next time, to get everything once (SVC-POLL-018).
   * Undefined before the first part was received whole, and for sets. It is as the producer wrote it.
   */
  readonly end: Timestamp | undefined;
  /** From where it is complete, exclusive; undefined when that is the first record, and where `end` is. */
  readonly begin: Timestamp | undefined;
  /** How many blocks the producer said there are. */
  readonly recordCount: number | undefined;
}

/** Sends a request to where it belongs. */
export type Open = (request: PollRequest | PollFulfillment) => Promise<MessageStream<object>>;

/** A poll of the collection `name`. */
export function createPoll(name: string, options: PollOptions, open: Open): Poll {
  return new CollectionPoll(name, options, open);
}

class CollectionPoll implements Poll {
  readonly #name: string;
  readonly #options: PollOptions;
  readonly #open: Open;
  #first: PollResponse | undefined;
  /** The last part of which all blocks have arrived. */
  #last: PollResponse | undefined;

  constructor(name: string, options: PollOptions, open: Open) {
    this.#name = name;
    this.#options = options;
    this.#open = open;
  }

  get end(): Timestamp | undefined {
    return this.#last?.inclusiveEndTimestamp;
  }

  get begin(): Timestamp | undefined {
    return this.#last === undefined ? undefined : this.#first?.exclusiveBeginTimestamp;
  }

  get recordCount(): number | undefined {
    return this.#first?.recordCount?.value;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<ContentBlock, void, undefined> {
    this.#first = undefined;
    this.#last = undefined;
    let stream = await this.#receive(this.#request());
    const { resultId } = stream.message;
    // One part after the other, until the producer says that there are no more: an empty one is no end (SVC-MULTI-014).
    for (;;) {
      const part = stream.message;
      this.#first ??= part;
      this.#options.onPart?.(part);
      yield* this.#blocks(stream);
      this.#last = part;
      if (!part.more) return;
      stream = await this.#part(resultId, part.resultPartNumber + 1);
    }
  }

  #request(): PollRequest {
    const { after, before, contentBindings = [] } = this.#options;
    return create(PollRequest, {
      collectionName: this.#name,
      exclusiveBeginTimestamp: after,
      inclusiveEndTimestamp: before,
      pollParameters: {
        contentBindings: contentBindings.map((binding) => (typeof binding === "string" ? { bindingId: binding } : binding)),
      },
    });
  }

  /** One more part. @throws TransportError `MISMATCH` when the producer does not go on as it said (SVC-MULTI-003) */
  async #part(resultId: string | undefined, number: number): Promise<MessageStream<PollResponse>> {
    if (resultId === undefined)
      throw new TransportError("MISMATCH", "the producer announces more parts without a result_id to ask for them");
    const stream = await this.#receive(create(PollFulfillment, { collectionName: this.#name, resultId, resultPartNumber: number }));
    const { resultPartNumber } = stream.message;
    if (resultPartNumber !== number)
      throw new TransportError("MISMATCH", `the producer was asked for part ${number} and sent part ${resultPartNumber}`);
    return stream;
  }

  async #receive(request: PollRequest | PollFulfillment): Promise<MessageStream<PollResponse>> {
    const { message, shape, blocks } = await this.#open(request);
    if (!isPollResponse(message)) throw new TransportError("MISMATCH", `the reply is no ${PollResponse.element}`);
    return { message, shape, blocks };
  }

  async *#blocks({ blocks }: MessageStream<PollResponse>): AsyncGenerator<ContentBlock, void, undefined> {
    try {
      yield* blocks;
    } catch (error) {
      // The break is the caller's own doing.
      this.#options.signal?.throwIfAborted();
      throw error;
    }
  }
}

function isPollResponse(message: object): message is PollResponse {
  return Reflect.get(message, "$type") === PollResponse.name;
}
