/** Services, and collections, which are feeds in TAXII 1.0. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { layersOf } from "../content-binding.js";
import { create } from "../create.js";
import { bindings11, offeredBindings10 } from "./bindings.js";
import type { ToVersion10Options } from "./counterparts.js";
import { response10, response11 } from "./envelope.js";

/** A discovery response of TAXII 1.0 in TAXII 1.1. */
export function discoveryResponse11(message: taxii10.DiscoveryResponse): taxii11.DiscoveryResponse {
  return create(taxii11.DiscoveryResponse, {
    ...response11(message),
    serviceInstances: message.serviceInstances.map(
      ({ serviceType, contentBindings, ...rest }): taxii11.ServiceInstanceInit => ({
        ...rest,
        serviceType: serviceType === "FEED_MANAGEMENT" ? "COLLECTION_MANAGEMENT" : serviceType,
        contentBindings: bindings11(contentBindings),
      }),
    ),
  });
}

/** A discovery response of TAXII 1.1 in TAXII 1.0. Query formats are left out: nobody can query there. */
export function discoveryResponse10(message: taxii11.DiscoveryResponse): taxii10.DiscoveryResponse {
  return create(taxii10.DiscoveryResponse, {
    ...response10(message),
    serviceInstances: message.serviceInstances.map(
      ({ serviceType, contentBindings, supportedQueries: _, ...rest }): taxii10.ServiceInstanceInit => ({
        ...rest,
        serviceType: serviceType === "COLLECTION_MANAGEMENT" ? "FEED_MANAGEMENT" : serviceType,
        contentBindings: offeredBindings10(contentBindings),
      }),
    ),
  });
}

/** The feeds of TAXII 1.0 as collections of TAXII 1.1, all of them data feeds. */
export function collections11(message: taxii10.FeedInformationResponse): taxii11.CollectionInformationResponse {
  return create(taxii11.CollectionInformationResponse, {
    ...response11(message),
    collections: message.feeds.map(({ feedName, contentBindings, ...rest }) => ({
      ...rest,
      collectionName: feedName,
      contentBindings: bindings11(contentBindings),
    })),
  });
}

/**
 * The collections of TAXII 1.1 that are feeds in TAXII 1.0: no data sets (VER-X-002), and only what has a format to list
 * (VER-X-003) and a way to the consumer (VER-X-004). Their volume and their inboxes are left out.
 */
export function feeds10(message: taxii11.CollectionInformationResponse, options: ToVersion10Options): taxii10.FeedInformationResponse {
  return create(taxii10.FeedInformationResponse, {
    ...response10(message),
    feeds: message.collections.flatMap((collection) => feed10(collection, options)),
  });
}

function feed10(collection: taxii11.CollectionRecord, { contentBindingsOf }: ToVersion10Options): taxii10.FeedRecordInit[] {
  const { collectionName, collectionType, available, description, pushMethods, pollingServices, subscriptionServices } = collection;
  if (collectionType === "DATA_SET" || pushMethods.length + pollingServices.length === 0) return [];
  const listed = offeredBindings10(collection.contentBindings);
  const contentBindings = listed.length > 0 ? listed : formatsOf(contentBindingsOf?.(collectionName) ?? []);
  if (contentBindings.length === 0) return [];
  return [{ feedName: collectionName, available, description, contentBindings, pushMethods, pollingServices, subscriptionServices }];
}

/** The formats that content is in; of nesting expressions, which only content blocks have, every layer (CB-NEST-006). */
function formatsOf(present: readonly string[]): string[] {
  return [...new Set(present.flatMap((expression) => layersOf(expression) ?? []))];
}
