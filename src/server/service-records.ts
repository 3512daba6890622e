/** Services out of data. */

import type { ServiceRecord } from "../storage/index.js";
import { given } from "./given.js";
import type { Handler } from "./handler.js";
import type { QueryHandler } from "./query.js";
import type { CollectionServiceOptions, Service } from "./service.js";
import { type CollectionManagementOptions, collectionManagement } from "./services/collection-management.js";
import { type DiscoveryOptions, discovery } from "./services/discovery.js";
import { external } from "./services/external.js";
import { type InboxOptions, inbox } from "./services/inbox.js";
import { type PollOptions, poll } from "./services/poll.js";

/** What data about services does not say. */
export interface ServiceExtras {
  /** Evaluates the queries of poll services and of subscriptions: for all of them, or for each as its record is. Default: none. */
  readonly queries?: readonly QueryHandler[] | ((record: ServiceRecord) => readonly QueryHandler[]) | undefined;
  /** Handlers to run before a service's own, by its id. Default: none. */
  readonly handlers?: Readonly<Record<string, readonly Handler[]>> | undefined;
  /** Options for all services of a type; what a record says goes before. Default: none. */
  readonly discovery?: Omit<DiscoveryOptions, "path" | "id"> | undefined;
  readonly collectionManagement?: Omit<CollectionManagementOptions, "path" | "id"> | undefined;
  readonly inbox?: Omit<InboxOptions, "path" | "id"> | undefined;
  readonly poll?: Omit<PollOptions, "path" | "id"> | undefined;
}

/**
 * Makes services out of records: those with a path are served, those with a whole address are elsewhere.
 *
 * @throws TypeError when a record is of no use, as with an address that is neither; it names the record
 */
export function servicesFrom(records: readonly ServiceRecord[], extras: ServiceExtras = {}): Service[] {
  return records.map((record) => {
    try {
      return serviceFrom(record, extras);
    } catch (error) {
      if (!(error instanceof TypeError || error instanceof RangeError)) throw error;
      throw new TypeError(`the service ${JSON.stringify(record.id)} cannot be made: ${error.message}`, { cause: error });
    }
  });
}

function serviceFrom(record: ServiceRecord, extras: ServiceExtras): Service {
  // What a service elsewhere evaluates is not known here.
  if (!record.address.startsWith("/")) return external(record);
  const queries = typeof extras.queries === "function" ? extras.queries(record) : extras.queries;
  const common = commonOptions(record, extras);
  switch (record.type) {
    case "DISCOVERY":
      return discovery({ ...given(extras.discovery), ...common, ...given({ advertised: record.advertised }) });
    case "COLLECTION_MANAGEMENT": {
      const { subscriptions, subscriptionMessage } = record;
      return collectionManagement({
        ...given({ queries, ...extras.collectionManagement }),
        ...common,
        ...given({ subscriptions, subscriptionMessage }),
      });
    }
    case "INBOX": {
      const { contentBindings, destination } = record;
      return inbox({ ...given(extras.inbox), ...common, contentBindings, ...given({ destination }) });
    }
    case "POLL": {
      const { maxBlocks, requiresSubscription } = record;
      return poll({ ...given({ queries, ...extras.poll }), ...common, ...given({ maxBlocks, requiresSubscription }) });
    }
  }
}

function commonOptions(record: ServiceRecord, { handlers }: ServiceExtras): CollectionServiceOptions {
  const { id, address, description, available, requiresAccount, versions, protocolBindings, collections } = record;
  // Ids are data: `constructor` names no handlers.
  const own = handlers !== undefined && Object.hasOwn(handlers, id) ? handlers[id] : undefined;
  return {
    id,
    path: address,
    available,
    requiresAccount,
    versions,
    ...given({ description, protocolBindings, collections, handlers: own }),
  };
}
