/** Which message answers which request (XML-ID-004, SVC-GEN-001). */

import {
  type CollectionInformationRequest,
  CollectionInformationResponse,
  type DiscoveryRequest,
  DiscoveryResponse,
  type InboxMessage,
  type Message,
  type PollFulfillment,
  type PollRequest,
  PollResponse,
  type ServiceType,
  StatusMessage,
  type SubscriptionManagementRequest,
  SubscriptionManagementResponse,
} from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";

/** The messages that ask for something. */
export type Request11 =
  | DiscoveryRequest
  | CollectionInformationRequest
  | SubscriptionManagementRequest
  | InboxMessage
  | PollRequest
  | PollFulfillment;

/** The message that answers an `M` when all is well. Any request can be answered by a Status Message instead. */
export type ReplyTo<M> = M extends DiscoveryRequest
  ? DiscoveryResponse
  : M extends CollectionInformationRequest
    ? CollectionInformationResponse
    : M extends SubscriptionManagementRequest
      ? SubscriptionManagementResponse
      : M extends InboxMessage
        ? StatusMessage
        : M extends PollRequest | PollFulfillment
          ? PollResponse
          : never;

/** A request, the service it goes to, and the shape of its answer. */
export interface Exchange {
  readonly service: ServiceType;
  readonly reply: Shape<Message>;
}

const exchanges: ReadonlyMap<Message["$type"], Exchange> = new Map<Request11["$type"], Exchange>([
  ["taxii11.DiscoveryRequest", { service: "DISCOVERY", reply: DiscoveryResponse }],
  ["taxii11.CollectionInformationRequest", { service: "COLLECTION_MANAGEMENT", reply: CollectionInformationResponse }],
  ["taxii11.SubscriptionManagementRequest", { service: "COLLECTION_MANAGEMENT", reply: SubscriptionManagementResponse }],
  ["taxii11.InboxMessage", { service: "INBOX", reply: StatusMessage }],
  ["taxii11.PollRequest", { service: "POLL", reply: PollResponse }],
  ["taxii11.PollFulfillment", { service: "POLL", reply: PollResponse }],
]);

/** The exchange that a message starts; undefined for messages that are replies themselves. */
export function exchangeOf({ $type }: Message): Exchange | undefined {
  return exchanges.get($type);
}
