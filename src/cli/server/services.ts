/** Which services a server has: those of its configuration, otherwise those of the database. */

import { given } from "../../server/given.js";
import type { Service } from "../../server/index.js";
import { type ServiceExtras, servicesFrom } from "../../server/service-records.js";
import type { Storage } from "../../storage/index.js";
import type { ServerConfig } from "./config/schema.js";
import { defaultServices, serviceRecords } from "./config/services.js";
import { queryHandlers } from "./queries.js";

type ServicesConfig = Pick<ServerConfig, "services" | "collections" | "collectionManagement" | "inbox" | "poll" | "queries">;

/** Makes what the configuration declares known to the database. */
export async function putCollections({ collections }: Pick<ServerConfig, "collections">, storage: Storage): Promise<void> {
  for (const collection of collections) await storage.putCollection(collection);
}

/**
 * The services to serve now. With services of its own the configuration has the say; without, `taxii sync` and `taxii service`
 * have it, as soon as there is one service in the database.
 *
 * @throws TypeError for a service that cannot be made
 */
export async function currentServices(config: ServicesConfig, { directory }: Pick<Storage, "directory">): Promise<Service[]> {
  // Where the configuration declares collections, its services serve these and not whatever else is in the database.
  const names = config.collections.length === 0 ? undefined : config.collections.map(({ name }) => name);
  if (config.services !== undefined) return servicesFrom(serviceRecords(config.services, names), extrasOf(config));
  const records = await directory.services();
  return servicesFrom(records.length > 0 ? records : defaultServices(names), extrasOf(config));
}

function extrasOf({ collectionManagement, inbox, poll, queries }: ServicesConfig): ServiceExtras {
  return { queries: queryHandlers({ queries }), collectionManagement: given(collectionManagement), inbox, poll: given(poll) };
}
