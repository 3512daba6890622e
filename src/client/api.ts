/** What one does with a TAXII service, in as many words. */

import type { DefaultQuery } from "../../generated/default-query/index.js";
import type {
  CollectionRecord,
  ContentBindingIdInit,
  ContentBlockInit,
  PollResponse,
  PushParameter,
  QueryInit,
  RecordCount,
  ResponseType,
  ServiceInstance,
  StatusMessage,
  SubscriptionRecord,
} from "../../generated/taxii11/index.js";
import type { AnyRequest, ReplyTo } from "../message/exchanges.js";
import type { MessageStream } from "../message/stream.js";
import type { CallOptions } from "./options.js";
import type { Poll, PollOptions } from "./poll/options.js";
import type { QueryCheck } from "./query-check.js";

/** What a count and a single part can be told. */
export type PollPartOptions = Omit<PollOptions, "window" | "splitOnTimeout" | "state" | "wait" | "maxParts" | "onPart" | "onPending">;

export interface FulfilOptions extends Pick<PollOptions, "signal" | "address" | "wait" | "maxParts" | "onPart" | "onPending"> {
  /** The part to begin with. Default: 1. */
  readonly part?: number | undefined;
}

export interface PushOptions extends CallOptions {
  /** The collection, or collections, the content is for. Default: what the inbox makes of it. */
  readonly collection?: string | readonly string[] | undefined;
  /** A remark for a person, sent along with each message. */
  readonly message?: string | undefined;
  /** The most blocks in one message. Default: 1,000. */
  readonly maxBlocks?: number | undefined;
  /** The most characters of content in one message, unless a single block has more. Default: 8,388,608. */
  readonly maxLength?: number | undefined;
  /** Is told of each message that was taken: how many blocks there are so far, and the inbox's status. */
  readonly onMessage?: ((blocks: number, status: StatusMessage) => void) | undefined;
}

/** What became of content for one destination. */
export interface PushOutcome {
  /** The collection; undefined where none was named. */
  readonly collection: string | undefined;
  /** The inbox it was sent to. */
  readonly address: string;
  /** Blocks the inbox took. */
  readonly blocks: number;
  /** Why it took no more; undefined when it took all. */
  readonly error: Error | undefined;
}

/** What became of a push. */
export interface PushReport {
  /** Blocks that every destination took. */
  readonly blocks: number;
  /** Inbox messages that were taken. */
  readonly messages: number;
  readonly outcomes: readonly PushOutcome[];
}

export interface SubscribeOptions extends CallOptions {
  /** Whole content, or only counts. Default: `FULL`. */
  readonly responseType?: ResponseType | undefined;
  /** Default: any. */
  readonly contentBindings?: readonly (string | ContentBindingIdInit)[] | undefined;
  /** Only content this query selects (TAXII 1.1): one of Default Query, or the body of any format. Default: all. */
  readonly query?: QueryInit | DefaultQuery | undefined;
  /** Whether it is held against what the collection management service advertises, as that of a poll is. Default: true. */
  readonly checkQuery?: QueryCheck | undefined;
  /** The inbox to deliver to. Default: none; the subscriber polls. */
  readonly deliverTo?: PushParameter | undefined;
}

/**
 * A client of one producer. All calls throw StatusError when the peer answers with a Status Message instead of what was asked
 * for, TransportError when there is no TAXII answer, and ParseError when the answer cannot be read. TAXII 1.0 and 1.1 look the
 * same: feeds are collections of type `DATA_FEED`. Calls with a query throw UnsupportedQueryError when the service says that it
 * cannot answer it.
 */
export interface Client {
  /** The address the client was made for. */
  readonly url: string;

  /** The services of the producer. Asks each time; other calls go by the last answer. */
  discover(options?: CallOptions): Promise<readonly ServiceInstance[]>;

  /** The collections of the producer. Asks each time; other calls go by the last answer. */
  collections(options?: CallOptions): Promise<readonly CollectionRecord[]>;

  /** The content of a collection, in as much memory as one block takes, whatever number of replies it comes in. */
  poll(name: string, options?: PollOptions): Poll;

  /** How many blocks a poll would give (TAXII 1.1); undefined when the producer does not say. */
  count(name: string, options?: PollPartOptions): Promise<RecordCount | undefined>;

  /**
   * One reply to a poll, or one part of a result, and nothing behind it.
   *
   * @param result a result that was announced, and the part of it; absent, the collection is polled
   * @throws StatusError `PENDING` when the result takes time
   */
  pollPart(
    name: string,
    options?: PollPartOptions,
    result?: { readonly id: string; readonly part?: number | undefined },
  ): Promise<MessageStream<PollResponse>>;

  /** A result that was announced before, from one of its parts to its end. */
  fulfil(name: string, resultId: string, options?: FulfilOptions): Poll;

  /**
   * Sends content in messages of a bounded size, each taken whole or not at all.
   *
   * @returns what became of it for each destination, when all was taken
   * @throws PushError with that report when some was not
   */
  push(blocks: Iterable<ContentBlockInit> | AsyncIterable<ContentBlockInit>, options?: PushOptions): Promise<PushReport>;

  /** Subscribes to a collection. */
  subscribe(name: string, options?: SubscribeOptions): Promise<SubscriptionRecord>;

  /** Ends a subscription. @returns what the producer says of it, if it says anything */
  unsubscribe(name: string, subscriptionId: string, options?: CallOptions): Promise<SubscriptionRecord | undefined>;

  /** Has deliveries wait (TAXII 1.1). */
  pause(name: string, subscriptionId: string, options?: CallOptions): Promise<SubscriptionRecord | undefined>;

  /** Has deliveries go on (TAXII 1.1). */
  resume(name: string, subscriptionId: string, options?: CallOptions): Promise<SubscriptionRecord | undefined>;

  /** The subscriptions to a collection, or the one with this id. */
  subscriptions(
    name: string,
    options?: CallOptions & { readonly subscriptionId?: string | undefined },
  ): Promise<readonly SubscriptionRecord[]>;

  /** Sends any request of either version as it is, and gives its reply whole. */
  send<M extends AnyRequest>(request: M, options?: CallOptions): Promise<ReplyTo<M>>;

  /** As `send`, but gives the reply as soon as its head is there, and its content blocks as they arrive. */
  open<M extends AnyRequest>(request: M, options?: CallOptions): Promise<MessageStream<ReplyTo<M>>>;
}
