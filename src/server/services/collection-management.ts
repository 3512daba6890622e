/** The collection management service: which collections there are, and where (SVC-COL). */

import {
  CollectionInformationRequest,
  CollectionInformationResponse,
  type CollectionRecordInit,
} from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import type { Collection } from "../../storage/index.js";
import { servedCollections } from "../collections.js";
import { addressOf, type Context } from "../context.js";
import { handle } from "../handler.js";
import { offer } from "../offer.js";
import { type CollectionServiceOptions, defineService, type Service, serves } from "../service.js";

/**
 * A collection management service. Each collection is listed with the poll services and inboxes that serve it.
 *
 * @throws TypeError when the path is none
 */
export function collectionManagement(options: CollectionServiceOptions): Service {
  return defineService(options, {
    type: "COLLECTION_MANAGEMENT",
    handlers: [
      handle(CollectionInformationRequest, async ({ messageId }, context) => {
        const collections = await servedCollections(context);
        return create(CollectionInformationResponse, {
          inResponseTo: messageId,
          collections: collections.map((collection) => describe(collection, context)),
        });
      }),
    ],
  });
}

function describe(collection: Collection, context: Context): CollectionRecordInit {
  const serving = context.services.filter((service) => serves(service, collection.name));
  return {
    collectionName: collection.name,
    collectionType: collection.type,
    available: collection.available,
    description: collection.description,
    collectionVolume: collection.volume,
    contentBindings: collection.contentBindings,
    pollingServices: serving.filter(({ type }) => type === "POLL").map((service) => offer(addressOf(service, context))),
    receivingInboxServices: serving
      .filter(({ type }) => type === "INBOX")
      .map((service) => ({ ...offer(addressOf(service, context)), contentBindings: service.contentBindings })),
  };
}
