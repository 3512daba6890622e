/** Messages of TAXII 1.0 in the words of TAXII 1.1. */

import type { Message as Message10 } from "../../../generated/taxii10/index.js";
import { CollectionInformationRequest, DiscoveryRequest, type Message as Message11 } from "../../../generated/taxii11/index.js";
import { create } from "../create.js";
import type { ToVersion11Options, Version11 } from "./counterparts.js";
import { request11 } from "./envelope.js";
import { inboxMessage11 } from "./inbox.js";
import { pollRequest11, pollResponse11 } from "./polls.js";
import { collections11, discoveryResponse11 } from "./services.js";
import { status11 } from "./status.js";
import { subscriptionRequest11, subscriptionResponse11 } from "./subscriptions.js";

/**
 * The message of TAXII 1.1 that means what `message`, of TAXII 1.0, means, so that programs have to know one version only.
 *
 * ```ts
 * const request = toVersion11(fromXml(messages10, bytes));
 * ```
 *
 * Every message that is valid in TAXII 1.0 has such a counterpart, and that is valid too. Ids, headers and content are kept.
 * Signatures are left out, of the message and of its blocks, because they sign the old form. What a receiver has to disregard
 * in TAXII 1.0 is left out where it would mean something in TAXII 1.1. One thing cannot be said there: a poll that names a
 * subscription and content bindings keeps the subscription, so who answers it looks at the bindings of the original
 * (SVC-POLL-017).
 *
 * @throws TypeError when `message` is no message of TAXII 1.0; RangeError when a label in it is no date and time
 */
export function toVersion11<M extends Message10>(message: M, options?: ToVersion11Options): Version11<M>;
export function toVersion11(message: Message10, { now = new Date(), action }: ToVersion11Options = {}): Message11 {
  switch (message.$type) {
    case "taxii10.StatusMessage":
      return status11(message, now);
    case "taxii10.DiscoveryRequest":
      return create(DiscoveryRequest, request11(message));
    case "taxii10.DiscoveryResponse":
      return discoveryResponse11(message);
    case "taxii10.FeedInformationRequest":
      return create(CollectionInformationRequest, request11(message));
    case "taxii10.FeedInformationResponse":
      return collections11(message);
    case "taxii10.SubscriptionManagementRequest":
      return subscriptionRequest11(message);
    case "taxii10.SubscriptionManagementResponse":
      return subscriptionResponse11(message, action);
    case "taxii10.PollRequest":
      return pollRequest11(message);
    case "taxii10.PollResponse":
      return pollResponse11(message);
    case "taxii10.InboxMessage":
      return inboxMessage11(message);
    default:
      throw new TypeError(`expected a message of TAXII 1.0, found ${String(Reflect.get(message, "$type"))}`);
  }
}
