/** What a poll can be told, what it tells, and what it needs. */

import type { DefaultQuery } from "../../../generated/default-query/index.js";
import type {
  ContentBindingIdInit,
  ContentBlock,
  PollFulfillment,
  PollRequest,
  PollResponse,
  PushParameter,
  QueryInit,
  StatusMessage,
} from "../../../generated/taxii11/index.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { MatchOptions } from "../../query/matches.js";
import type { CallOptions, OnWarning, RetryOptions } from "../options.js";
import type { QueryCheck } from "../query-check.js";
import type { QueryPlace } from "./query-place.js";
import type { StateStore } from "./state.js";

/** A length of time: milliseconds, or a text such as `90s`, `30m`, `12h`, `7d`, `2w`. */
export type Duration = number | string;

export interface PollOptions extends CallOptions {
  /** Only content labelled later than this: the `end` of the poll before. Default: from the first, or from the state. */
  readonly after?: Timestamp | undefined;
  /** Only content labelled up to this. Default: to the last. */
  readonly before?: Timestamp | undefined;
  /** As `after`, counted back from now; not together with it. */
  readonly since?: Duration | undefined;
  /** Only content in these bindings; a text is a binding with all its subtypes. Default: any. */
  readonly contentBindings?: readonly (string | ContentBindingIdInit)[] | undefined;
  /** Only content this query selects (TAXII 1.1): one of Default Query, or the body of any format. Default: all. */
  readonly query?: QueryInit | DefaultQuery | undefined;
  /**
   * Whether a query is held against what the poll service advertises before it is sent, so that one it cannot answer throws
   * UnsupportedQueryError (QRY-INF-004). That takes no request beside those of discovery; where nothing is known of the service,
   * as when its address was given, it is asked. `strict` refuses then as well. Default: true.
   */
  readonly checkQuery?: QueryCheck | undefined;
  /**
   * Who evaluates a query: `server`; `client` polls without it, for producers that take none, and gives what matches of all that
   * comes; `either` leaves it to a producer that takes it, and does it here where that is refused before anything came. Here, only
   * Default Query can be evaluated; counts, `recordCount` and `received` are those of what was polled. Default: `server`.
   */
  readonly queryAt?: QueryPlace | undefined;
  /** How a query is evaluated here: vocabularies and modules of third parties, limits. Default: those of `matches` of `taxii/query`. */
  readonly matching?: MatchOptions | undefined;
  /** Polls on behalf of this subscription, whose bindings and query then hold. Default: none. */
  readonly subscriptionId?: string | undefined;
  /** Lets the producer deliver a result that takes time to an inbox instead. Default: it is fetched from there. */
  readonly deliverTo?: PushParameter | undefined;
  /** Whether the producer may answer that the result takes time; the poll then waits and fetches it. Default: true. */
  readonly allowAsynch?: boolean | undefined;
  /**
   * Asks for this length of time after the other instead of for all at once, for producers that do not manage wide ranges.
   * Needs a beginning. Default: all at once.
   */
  readonly window?: Duration | undefined;
  /** Whether a range with a beginning is halved when the producer does not answer in time. Default: true. */
  readonly splitOnTimeout?: boolean | undefined;
  /**
   * Where to go on from, and where that is kept for the next time. `after` and `since` win over what is kept. Default:
   * nowhere.
   */
  readonly state?: StateStore | undefined;
  /** How long to wait for results that take time. */
  readonly wait?: Partial<WaitOptions> | undefined;
  /**
   * The most parts of one result that are asked for, and the most times a range that the producer shortens is polled on: a
   * guard against producers that never end (SVC-MULTI-015). Default: 100,000.
   */
  readonly maxParts?: number | undefined;
  /** Is told of each reply when its content blocks begin to arrive; `contentBlocks` is empty. */
  readonly onPart?: ((part: PollResponse) => void) | undefined;
  /** Is told when the producer says that the result takes time, and how many milliseconds the poll waits. */
  readonly onPending?: ((status: StatusMessage, delay: number) => void) | undefined;
}

/** How a poll waits for a result, in milliseconds. */
export interface WaitOptions {
  /** The least between two requests, whatever the producer estimates. Default: 1,000. */
  readonly min: number;
  /** The most between two requests. Default: 300,000. */
  readonly max: number;
  /** The most altogether. Default: 3,600,000. */
  readonly total: number;
}

/** A range of labels: later than `begin` (absent: from the first), up to `end`. */
export interface LabelRange {
  readonly begin: Timestamp | undefined;
  readonly end: Timestamp;
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
   * Undefined before a result was received whole; it advances with each range where there are several. It is as the producer
   * wrote it; where the producer wrote none, it is the latest label received, otherwise the end that was asked for or
   * shortly before the request, and a warning says so. A fulfilment that nothing says it of has none.
   */
  readonly end: Timestamp | undefined;
  /** From where it is complete, exclusive; undefined when that is the first record, and where `end` is. */
  readonly begin: Timestamp | undefined;
  /** The ranges of the parts that were received whole, as the producer stated them. */
  readonly received: readonly LabelRange[];
  /** How many blocks the producer said there are; undefined when it did not, or not of each of several ranges. */
  readonly recordCount: number | undefined;
  /** Whether the producer delivers the result to the inbox of `deliverTo`: then there was nothing to iterate. */
  readonly willPush: boolean;
  /** The result that takes time or has more parts: with `part`, what `fulfil` needs to go on elsewhere. */
  readonly result: { readonly id: string; readonly part: number } | undefined;
}

/** The answer to a Poll_Request or Poll_Fulfillment. */
export type PollReply =
  | {
      readonly kind: "part";
      /** The head; what stands behind the blocks is there once they have ended. */
      readonly message: PollResponse;
      /** The blocks as they arrive; throws ParseError `TRUNCATED` or TransportError behind the last whole one when the body breaks. */
      readonly blocks: AsyncGenerator<ContentBlock, void, undefined>;
    }
  | { readonly kind: "pending"; readonly status: StatusMessage };

/** What the poll needs of the client. */
export interface PollContext {
  /**
   * Sends one request to where it belongs, repeated as configured as long as no answer has begun, and gives the reply. Only
   * what does not come in time is not repeated: the poll may ask for less instead.
   *
   * @throws StatusError for a Status Message other than `PENDING`, TransportError and ParseError as the client does
   */
  readonly open: (request: PollRequest | PollFulfillment) => Promise<PollReply>;
  /** The address of the producer; state is kept by producer and collection (SVC-GEN-009). */
  readonly producer: string;
  readonly retry: RetryOptions;
  readonly warn: OnWarning;
}
