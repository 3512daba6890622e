/** Messages of TAXII 1.1 in the words of TAXII 1.0. */

import { DiscoveryRequest, FeedInformationRequest, type Message as Message10 } from "../../../generated/taxii10/index.js";
import type { Message as Message11 } from "../../../generated/taxii11/index.js";
import { create } from "../create.js";
import type { ToVersion10Options, Version10 } from "./counterparts.js";
import { request10 } from "./envelope.js";
import { inboxMessage10 } from "./inbox.js";
import { NotInVersion10Error } from "./not-in-version-10.js";
import { pollRequest10, pollResponse10 } from "./polls.js";
import { discoveryResponse10, feeds10 } from "./services.js";
import { status10 } from "./status.js";
import { subscriptionRequest10, subscriptionResponse10 } from "./subscriptions.js";

/**
 * The message of TAXII 1.0 that means what `message`, of TAXII 1.1, means.
 *
 * A request is translated faithfully or not at all: a query, a pause, a destination would be lost without a word. A reply
 * tells what the requester can understand: status types that TAXII 1.0 does not know become FAILURE (VER-X-005), and
 * collections and subscriptions that cannot be described there are left out (VER-X-002, VER-X-003, VER-X-004, VER-X-006), as
 * are query formats, subtypes (VER-X-007) and remarks on blocks. Signatures are left out, of the message and of its blocks,
 * because they sign the old form.
 *
 * @throws NotInVersion10Error for what TAXII 1.0 has no words for; it names the property
 * @throws TypeError when `message` is no message of TAXII 1.1; RangeError when a label in it is no date and time
 */
export function toVersion10<M extends Message11>(message: M, options?: ToVersion10Options): Version10<M>;
export function toVersion10(message: Message11, options: ToVersion10Options = {}): Message10 {
  const { now = new Date(), action } = options;
  switch (message.$type) {
    case "taxii11.StatusMessage":
      return status10(message, now);
    case "taxii11.DiscoveryRequest":
      return create(DiscoveryRequest, request10(message));
    case "taxii11.DiscoveryResponse":
      return discoveryResponse10(message);
    case "taxii11.CollectionInformationRequest":
      return create(FeedInformationRequest, request10(message));
    case "taxii11.CollectionInformationResponse":
      return feeds10(message, options);
    case "taxii11.SubscriptionManagementRequest":
      return subscriptionRequest10(message);
    case "taxii11.SubscriptionManagementResponse":
      return subscriptionResponse10(message, action);
    case "taxii11.PollRequest":
      return pollRequest10(message);
    case "taxii11.PollResponse":
      return pollResponse10(message, options);
    case "taxii11.InboxMessage":
      return inboxMessage10(message, options);
    case "taxii11.PollFulfillment":
      throw new NotInVersion10Error([], "a result has one part there, so there is no Poll_Fulfillment");
    default:
      throw new TypeError(`expected a message of TAXII 1.1, found ${String(Reflect.get(message, "$type"))}`);
  }
}
