/** Which message of one version is which of the other (VER-X-001), and what a translation has to be told. */

import type * as taxii10 from "../../../generated/taxii10/index.js";
import type * as taxii11 from "../../../generated/taxii11/index.js";

interface Counterparts11 {
  readonly "taxii10.StatusMessage": taxii11.StatusMessage;
  readonly "taxii10.DiscoveryRequest": taxii11.DiscoveryRequest;
  readonly "taxii10.DiscoveryResponse": taxii11.DiscoveryResponse;
  readonly "taxii10.FeedInformationRequest": taxii11.CollectionInformationRequest;
  readonly "taxii10.FeedInformationResponse": taxii11.CollectionInformationResponse;
  readonly "taxii10.SubscriptionManagementRequest": taxii11.SubscriptionManagementRequest;
  readonly "taxii10.SubscriptionManagementResponse": taxii11.SubscriptionManagementResponse;
  readonly "taxii10.PollRequest": taxii11.PollRequest;
  readonly "taxii10.PollResponse": taxii11.PollResponse;
  readonly "taxii10.InboxMessage": taxii11.InboxMessage;
}

interface Counterparts10 {
  readonly "taxii11.StatusMessage": taxii10.StatusMessage;
  readonly "taxii11.DiscoveryRequest": taxii10.DiscoveryRequest;
  readonly "taxii11.DiscoveryResponse": taxii10.DiscoveryResponse;
  readonly "taxii11.CollectionInformationRequest": taxii10.FeedInformationRequest;
  readonly "taxii11.CollectionInformationResponse": taxii10.FeedInformationResponse;
  readonly "taxii11.SubscriptionManagementRequest": taxii10.SubscriptionManagementRequest;
  readonly "taxii11.SubscriptionManagementResponse": taxii10.SubscriptionManagementResponse;
  readonly "taxii11.PollRequest": taxii10.PollRequest;
  readonly "taxii11.PollResponse": taxii10.PollResponse;
  readonly "taxii11.InboxMessage": taxii10.InboxMessage;
  /** TAXII 1.0 has no such message. */
  readonly "taxii11.PollFulfillment": never;
}

/** The message of TAXII 1.1 that says what `M`, a message of TAXII 1.0, says. */
export type Version11<M extends taxii10.Message> = Counterparts11[M["$type"]];

/** The message of TAXII 1.0 that says what `M`, a message of TAXII 1.1, says; `never` for Poll_Fulfillment, which has none. */
export type Version10<M extends taxii11.Message> = Counterparts10[M["$type"]];

/** What {@link toVersion11} is told beside the message. */
export interface ToVersion11Options {
  /**
   * The time from which waits are counted: TAXII 1.1 has seconds where TAXII 1.0 has a date and time (XML-STS-009).
   * Default: now.
   */
  readonly now?: Date | undefined;
  /**
   * The action of the request that a Subscription_Management_Response answers; the response does not repeat it. Without it
   * the number and the state of the subscriptions tell as much as they can (XML-SUB-013, XML-SUB-014).
   */
  readonly action?: taxii10.FeedAction | undefined;
}

/** What {@link toVersion10} is told beside the message. */
export interface ToVersion10Options extends ToVersion11Options {
  /**
   * The content bindings that occur in a collection which lists none, because every format may occur there: a feed has to
   * list one at least (VER-X-003). Default: none, so that such collections are left out.
   */
  readonly contentBindingsOf?: ((collectionName: string) => readonly string[]) | undefined;
  /**
   * Whether the content blocks are written apart from the message, so that their number says nothing yet about the record
   * count. Default: false.
   */
  readonly blocksFollow?: boolean | undefined;
}
