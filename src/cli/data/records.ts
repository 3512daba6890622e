/** From entries of a data file to records of the storage. */

import type { CollectionInit, Right, ServiceRecord } from "../../storage/index.js";
import type { AccountEntry, CollectionEntry, DataFile, ServiceEntry } from "./data-file.js";

/** Where a file says something that cannot be had as it stands. */
export type Warn = (text: string) => void;

const serviceTypes = {
  inbox: "INBOX",
  discovery: "DISCOVERY",
  collection_management: "COLLECTION_MANAGEMENT",
  poll: "POLL",
} as const;

/**
 * The services of a file as records. A file without collections, or whose collections name no services, does not say which
 * collections a service serves: all of them then.
 */
export function serviceRecords({ services, collections }: DataFile, warn: Warn): ServiceRecord[] {
  const assigned = collections?.some(({ service_ids }) => service_ids.length > 0) === true;
  return (services ?? []).map((entry) => serviceRecord(entry, assigned ? collectionsOf(entry, collections) : undefined, warn));
}

function collectionsOf({ id, type }: ServiceEntry, collections: readonly CollectionEntry[]): string[] | undefined {
  if (type === "discovery") return undefined;
  return collections.filter(({ service_ids }) => service_ids.includes(id)).map(({ name }) => name);
}

function serviceRecord(entry: ServiceEntry, collections: string[] | undefined, warn: Warn): ServiceRecord {
  const type = serviceTypes[entry.type];
  if (type === "INBOX") warnOfNoContent(`the inbox ${JSON.stringify(entry.id)}`, entry, warn);
  if (entry.max_result_count !== undefined)
    warn(`max_result_count of ${JSON.stringify(entry.id)} has no effect: results are never cut off`);
  return {
    id: entry.id,
    type,
    address: entry.address,
    description: entry.description ?? undefined,
    available: entry.available,
    requiresAccount: entry.authentication_required,
    versions: entry.versions,
    protocolBindings: entry.protocol_bindings ?? undefined,
    collections,
    advertised: entry.advertised_services ?? undefined,
    contentBindings: entry.accept_all_content === true ? [] : entry.supported_content,
    destination: entry.destination ?? (entry.destination_collection_required === true ? "required" : undefined),
    requiresSubscription: entry.subscription_required,
    maxBlocks: entry.max_result_size,
    subscriptions: entry.subscription_supported,
    subscriptionMessage: entry.subscription_message ?? undefined,
  };
}

/** A collection of a file as the storage takes it. */
export function collectionInit(entry: CollectionEntry, warn: Warn): CollectionInit {
  warnOfNoContent(`the collection ${JSON.stringify(entry.name)}`, entry, warn);
  return {
    name: entry.name,
    type: entry.type,
    description: entry.description ?? "",
    available: entry.available,
    contentBindings: entry.accept_all_content === true ? [] : entry.supported_content,
    volume: entry.volume ?? undefined,
    retention: entry.retention,
  };
}

function warnOfNoContent(what: string, entry: Pick<ServiceEntry, "accept_all_content" | "supported_content">, warn: Warn): void {
  if (entry.accept_all_content !== true && entry.supported_content.length === 0)
    warn(`${what} names no supported_content and does not say accept_all_content: true; it takes any content`);
}

/** The rights an account entry grants, as far as there are such collections. */
export function permissionsOf(
  { username, permissions }: AccountEntry,
  collections: ReadonlySet<string>,
  warn: Warn,
): Record<string, readonly Right[]> {
  const granted = Object.entries(permissions ?? {}).filter(([name]) => {
    const known = collections.has(name);
    if (!known) warn(`${JSON.stringify(username)} has a permission for ${JSON.stringify(name)}, which is no collection; left out`);
    return known;
  });
  return Object.fromEntries(granted.map(([name, permission]) => [name, rightsOf(permission)]));
}

function rightsOf(permission: "read" | "modify" | "write" | readonly Right[]): readonly Right[] {
  if (permission === "modify") return ["read", "write"];
  if (permission === "read" || permission === "write") return [permission];
  return permission;
}
