/** Which message answers which request (XML-ID-004, SVC-GEN-001). */

import type {
  DiscoveryRequest as DiscoveryRequest10,
  FeedInformationRequest,
  InboxMessage as InboxMessage10,
  Message as Message10,
  PollRequest as PollRequest10,
  SubscriptionManagementRequest as SubscriptionManagementRequest10,
} from "../../generated/taxii10/index.js";
import {
  DiscoveryResponse as DiscoveryResponse10,
  FeedInformationResponse,
  PollResponse as PollResponse10,
  StatusMessage as StatusMessage10,
  SubscriptionManagementResponse as SubscriptionManagementResponse10,
} from "../../generated/taxii10/index.js";
import {
  type CollectionInformationRequest,
  CollectionInformationResponse,
  type DiscoveryRequest,
  DiscoveryResponse,
  type InboxMessage,
  type Message as Message11,
  type PollFulfillment,
  type PollRequest,
  PollResponse,
  type ServiceType,
  StatusMessage,
  type SubscriptionManagementRequest,
  SubscriptionManagementResponse,
} from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";
import type { TaxiiVersion } from "./ids.js";

/** The messages of TAXII 1.0 that ask for something. */
export type Request10 = DiscoveryRequest10 | FeedInformationRequest | SubscriptionManagementRequest10 | InboxMessage10 | PollRequest10;

/** The messages of TAXII 1.1 that ask for something. */
export type Request11 =
  | DiscoveryRequest
  | CollectionInformationRequest
  | SubscriptionManagementRequest
  | InboxMessage
  | PollRequest
  | PollFulfillment;

/** The messages of either version that ask for something. */
export type AnyRequest = Request10 | Request11;

/** Any message of either version. */
export type AnyMessage = Message10 | Message11;

/** The version a message belongs to. */
export function versionOf({ $type }: AnyMessage): TaxiiVersion {
  return $type.startsWith("taxii10.") ? "1.0" : "1.1";
}

/** Whether a message is one of TAXII 1.0. */
export function isMessage10(message: AnyMessage): message is Message10 {
  return versionOf(message) === "1.0";
}

/** The types of the replies, by the type of the request. */
interface Replies {
  readonly "taxii10.DiscoveryRequest": DiscoveryResponse10;
  readonly "taxii10.FeedInformationRequest": FeedInformationResponse;
  readonly "taxii10.SubscriptionManagementRequest": SubscriptionManagementResponse10;
  readonly "taxii10.InboxMessage": StatusMessage10;
  readonly "taxii10.PollRequest": PollResponse10;
  readonly "taxii11.DiscoveryRequest": DiscoveryResponse;
  readonly "taxii11.CollectionInformationRequest": CollectionInformationResponse;
  readonly "taxii11.SubscriptionManagementRequest": SubscriptionManagementResponse;
  readonly "taxii11.InboxMessage": StatusMessage;
  readonly "taxii11.PollRequest": PollResponse;
  readonly "taxii11.PollFulfillment": PollResponse;
}

/** The message that answers an `M` when all is well. Any request can be answered by a Status Message instead. */
export type ReplyTo<M> = M extends { readonly $type: keyof Replies } ? Replies[M["$type"]] : never;

/** A request, the service it goes to, and the shape of its answer. */
export interface Exchange {
  /** The service, in the words of TAXII 1.1. */
  readonly service: ServiceType;
  readonly reply: Shape<AnyMessage>;
}

const exchanges: Readonly<Record<AnyRequest["$type"], Exchange>> = {
  "taxii10.DiscoveryRequest": { service: "DISCOVERY", reply: DiscoveryResponse10 },
  "taxii10.FeedInformationRequest": { service: "COLLECTION_MANAGEMENT", reply: FeedInformationResponse },
  "taxii10.SubscriptionManagementRequest": { service: "COLLECTION_MANAGEMENT", reply: SubscriptionManagementResponse10 },
  "taxii10.InboxMessage": { service: "INBOX", reply: StatusMessage10 },
  "taxii10.PollRequest": { service: "POLL", reply: PollResponse10 },
  "taxii11.DiscoveryRequest": { service: "DISCOVERY", reply: DiscoveryResponse },
  "taxii11.CollectionInformationRequest": { service: "COLLECTION_MANAGEMENT", reply: CollectionInformationResponse },
  "taxii11.SubscriptionManagementRequest": { service: "COLLECTION_MANAGEMENT", reply: SubscriptionManagementResponse },
  "taxii11.InboxMessage": { service: "INBOX", reply: StatusMessage },
  "taxii11.PollRequest": { service: "POLL", reply: PollResponse },
  "taxii11.PollFulfillment": { service: "POLL", reply: PollResponse },
};

/** Whether a message asks for something. */
export function isRequest(message: AnyMessage): message is AnyRequest {
  return Object.hasOwn(exchanges, message.$type);
}

/** The exchange that a message starts; undefined for messages that are replies themselves. */
export function exchangeOf(message: AnyMessage): Exchange | undefined {
  return isRequest(message) ? exchanges[message.$type] : undefined;
}
