/** What can be done with a collection, by what its record says. */

import type { CollectionRecord, InboxServiceBindings } from "../../generated/taxii11/index.js";
import { type AcceptedBinding, commonBindings } from "./content-binding.js";

/** What a producer offers for a collection (XML-COL-006). */
export interface CollectionAbilities {
  /** Whether its content can be fetched. */
  readonly poll: boolean;
  /** Whether its content can be delivered to an inbox of the subscriber. */
  readonly push: boolean;
  /** Whether TAXII is a way to subscribe to it. */
  readonly subscribe: boolean;
  /** Whether TAXII is a way to contribute to it. */
  readonly contribute: boolean;
}

/** What can be done with a collection: what its record has no service or method for cannot (XML-COL-006). */
export function abilitiesOf(collection: CollectionRecord): CollectionAbilities {
  const { pollingServices, pushMethods, subscriptionServices, receivingInboxServices } = collection;
  return {
    poll: pollingServices.length > 0,
    push: pushMethods.length > 0,
    subscribe: subscriptionServices.length > 0,
    contribute: receivingInboxServices.length > 0,
  };
}

/**
 * The content bindings that one of a collection's inboxes takes for it: what inbox and collection agree on, where either
 * stands for every binding by listing none (XML-COL-005, XML-COL-007). An empty list is every binding; undefined is none.
 */
export function inboxBindingsOf(collection: CollectionRecord, inbox: InboxServiceBindings): readonly AcceptedBinding[] | undefined {
  return commonBindings(inbox.contentBindings, collection.contentBindings);
}
