/** Collection information: which collections there are, and what can be done with them (SVC-COL). */

import {
  CollectionInformationRequest,
  CollectionInformationResponse,
  type CollectionRecordInit,
  type PushMethodInit,
  type ServiceType,
} from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import type { Collection } from "../../storage/index.js";
import { isAllowed, isOpenTo, visibleCollections } from "../collections.js";
import type { Context } from "../context.js";
import { type Handler, handle } from "../handler.js";
import { type Offer, offersOf } from "../offer.js";
import { type Service, serves } from "../service.js";
import { type Step, step } from "../steps.js";

/** The steps of collection information. */
export interface InformationSteps {
  /** Chooses the collections to tell of. Built in: those of which the requester may know (SVC-COL-002). */
  readonly selectCollections: Step<CollectionInformationRequest, readonly Collection[]>;
  /** Describes one. Built in: with the services that serve it, as far as the requester may use them. */
  readonly describeCollection: Step<Collection, CollectionRecordInit>;
}

/**
 * What Collection_Volume says, which is meant to be the records of a typical day (XML-COL-004). `stated`: what the operator says
 * of the collection, otherwise nothing, as nobody else knows. `blocks`: the number of blocks in it where the operator says
 * nothing, as OpenTAXII has it and people who come from there read it.
 */
export type VolumeRule = "stated" | "blocks";

/** The handler for Collection_Information_Request. */
export function informationHandler(volume: VolumeRule, steps: Partial<InformationSteps>): Handler {
  const selectCollections = step((_: CollectionInformationRequest, context) => visibleCollections(context), steps.selectCollections);
  const describeCollection = step((collection: Collection, context) => describe(collection, volume, context), steps.describeCollection);
  return handle(CollectionInformationRequest, async (request, context) => {
    const collections: CollectionRecordInit[] = [];
    for (const collection of await selectCollections(request, context)) collections.push(await describeCollection(collection, context));
    return create(CollectionInformationResponse, { inResponseTo: request.messageId, collections });
  });
}

/** Ways that are closed to the requester are left out, so that no way at all may be left (SVC-COL-004). */
async function describe(collection: Collection, volume: VolumeRule, context: Context): Promise<CollectionRecordInit> {
  const reading = await isAllowed("read", collection, context);
  const writing = await isAllowed("write", collection, context);
  const subscriptionServices = reading ? contactsOf("COLLECTION_MANAGEMENT", collection, context) : [];
  return {
    collectionName: collection.name,
    collectionType: collection.type,
    available: collection.available,
    description: collection.description,
    collectionVolume: collection.volume ?? (volume === "blocks" ? collection.blockCount : undefined),
    contentBindings: collection.contentBindings,
    // Who cannot subscribe is not pushed to.
    pushMethods: subscriptionServices.length > 0 ? pushMethods(context) : [],
    pollingServices: reading ? contactsOf("POLL", collection, context) : [],
    subscriptionServices,
    receivingInboxServices: writing ? inboxesOf(collection, context) : [],
  };
}

/**
 * The services of a type that the requester may use for a collection. Of collection management services those that take
 * subscriptions.
 */
function servicesFor(type: ServiceType, { name }: Pick<Collection, "name">, context: Context): readonly Service[] {
  return context.services.filter(
    (service) =>
      service.type === type &&
      serves(service, name) &&
      (type !== "COLLECTION_MANAGEMENT" || service.subscriptions) &&
      isOpenTo(context, service),
  );
}

/** How the services of a type are reached that the requester may use for a collection it has the right for. */
export function contactsOf(type: ServiceType, collection: Pick<Collection, "name">, context: Context): Offer[] {
  return servicesFor(type, collection, context).flatMap((service) => offersOf(service, context));
}

function inboxesOf(collection: Collection, context: Context): NonNullable<CollectionRecordInit["receivingInboxServices"]> {
  return servicesFor("INBOX", collection, context).flatMap((service) =>
    offersOf(service, context).map((offer) => ({ ...offer, contentBindings: service.contentBindings })),
  );
}

function pushMethods({ push }: Context): PushMethodInit[] {
  if (push === undefined || push.messageBindings.length === 0) return [];
  return push.protocolBindings.map((protocolBinding) => ({ protocolBinding, messageBindings: [...push.messageBindings] }));
}
