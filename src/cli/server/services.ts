/** Which services a server has: those of its configuration, otherwise those of the database. */

import { given } from "../../server/given.js";
import type { Service } from "../../server/index.js";
import { type ServiceExtras, servicesFrom } from "../../server/service-records.js";
import type { ServiceRecord, Storage } from "../../storage/index.js";
import type { ServerConfig } from "./config/schema.js";
import { defaultServices, serviceRecords } from "./config/services.js";
import type { ProcessParts } from "./process-parts.js";

type ServicesConfig = Pick<ServerConfig, "services" | "collections" | "collectionManagement" | "inbox" | "poll">;

/** Makes what the configuration declares known to the database. */
export async function putCollections({ collections }: Pick<ServerConfig, "collections">, storage: Storage): Promise<void> {
  for (const collection of collections) await storage.putCollection(collection);
}

/**
 * The services to serve now, as data. With services of its own the configuration has the say; without, `taxii sync` and
 * `taxii service` have it, as soon as there is one service in the database.
 */
export async function currentRecords(
  { services, collections }: Pick<ServerConfig, "services" | "collections">,
  { directory }: Pick<Storage, "directory">,
): Promise<readonly ServiceRecord[]> {
  // Where the configuration declares collections, its services serve these and not whatever else is in the database.
  const names = collections.length === 0 ? undefined : collections.map(({ name }) => name);
  if (services !== undefined) return serviceRecords(services, names);
  const records = await directory.services();
  return records.length > 0 ? records : defaultServices(names);
}

/**
 * The services to serve now.
 *
 * @throws TypeError for a service that cannot be made
 */
export async function currentServices(
  config: ServicesConfig,
  { storage, queries }: Pick<ProcessParts, "storage" | "queries">,
): Promise<Service[]> {
  const { collectionManagement, inbox, poll } = config;
  const extras: ServiceExtras = {
    queries: (record) => queries.of(record),
    collectionManagement: given(collectionManagement),
    inbox,
    poll: given(poll),
  };
  return servicesFrom(await currentRecords(config, storage), extras);
}
