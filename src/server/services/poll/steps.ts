/** The steps of answering a poll, each of which can be replaced. */

import type {
  ContentBindingId,
  ContentBlock,
  PollRequest,
  PollResponse,
  PushParameter,
  Query,
  ResponseType,
} from "../../../../generated/taxii11/index.js";
import type { Timestamp } from "../../../message/timestamp.js";
import type { Collection, Label, StoredBlock, Subscription } from "../../../storage/index.js";
import type { QueryPredicate } from "../../query.js";
import type { ContentRange, Count } from "../../results/index.js";
import type { RunStep, Step } from "../../steps.js";

/** A poll of a collection that is known. */
export interface CollectionPoll {
  readonly request: PollRequest;
  readonly collection: Collection;
}

/** What a poll asks for beside the range. */
export interface ResolvedParameters {
  /** The subscription that is polled (SVC-POLL-004). */
  readonly subscription: Subscription | undefined;
  readonly responseType: ResponseType;
  /** The formats that are wanted; empty for any. */
  readonly contentBindings: readonly ContentBindingId[];
  readonly query: Query | undefined;
  /** Whether the answer may come later. */
  readonly allowAsynch: boolean;
  readonly deliveryParameters: PushParameter | undefined;
}

/** The range a reply covers: as labels, and as it is stated. */
export interface ResolvedRange {
  readonly after: Label | undefined;
  /** At most the horizon of the storage, so that nothing can be added to the range later. */
  readonly until: Label;
  /** Undefined for a set of data, which has no range (XML-PRS-003). */
  readonly stated: { readonly begin: Timestamp | undefined; readonly end: Timestamp } | undefined;
}

/** The content of one message. */
export interface ContentToSelect {
  /** The labels of this part, and the formats that are wanted. */
  readonly range: ContentRange;
  /** The request's query; undefined for none. */
  readonly predicate: QueryPredicate | undefined;
  /** The blocks, where they have been read already. */
  readonly content: readonly StoredBlock[] | undefined;
}

/** What a Poll_Response says beside the content. */
export interface ReplyToBuild {
  /** Id of the request, a poll or a fulfilment. */
  readonly inResponseTo: string;
  readonly collection: Collection;
  readonly subscriptionId: string | undefined;
  /** Undefined when there is one part only (XML-PRS-012). */
  readonly resultId: string | undefined;
  readonly partNumber: number;
  /** Whether a part follows. */
  readonly more: boolean;
  /** The range of this part; undefined for a set of data. */
  readonly stated: ResolvedRange["stated"];
  /** Records of the whole result. */
  readonly count: Count;
}

/** The steps, in the order they run. A fulfilment runs the first and the last two; results that are pushed run none of them. */
export interface PollSteps {
  /** The collection of this name, if the requester may read from it. */
  readonly resolveCollection: Step<string, Collection>;
  /** What is asked for, be it by the request or by a subscription. */
  readonly resolveParameters: Step<CollectionPoll, ResolvedParameters>;
  /** Which range is answered for. */
  readonly resolveRange: Step<CollectionPoll, ResolvedRange>;
  /** The blocks that are sent; not asked for when only their number is. Leaving some out does not change the count (SVC-POLL-014). */
  readonly selectContent: Step<ContentToSelect, AsyncIterable<ContentBlock> | Iterable<ContentBlock>>;
  /** The message around the blocks. */
  readonly buildReply: Step<ReplyToBuild, PollResponse>;
}

/** The steps, ready to run. */
export type RunPollSteps = { readonly [S in keyof PollSteps]: PollSteps[S] extends Step<infer I, infer O> ? RunStep<I, O> : never };
