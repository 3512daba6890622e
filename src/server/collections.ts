/** Collections as a service sees them. */

import { StatusError } from "../message/status-error.js";
import type { Collection } from "../storage/index.js";
import type { Context } from "./context.js";
import { serves } from "./service.js";

/** The collections the service at hand serves. */
export async function servedCollections({ service, storage }: Context): Promise<readonly Collection[]> {
  const collections = await storage.collections();
  return collections.filter(({ name }) => serves(service, name));
}

/**
 * A collection to be read from or written to.
 *
 * @throws StatusError `NOT_FOUND` with ITEM when the service serves none of that name (SVC-POLL-007, SVC-INBOX-011), `DENIED`
 *   when it is not available
 */
export async function requireCollection(name: string, { service, storage }: Context): Promise<Collection> {
  const collection = serves(service, name) ? await storage.collection(name) : undefined;
  if (collection === undefined) {
    throw new StatusError("NOT_FOUND", { message: `There is no collection ${JSON.stringify(name)} here.`, details: { ITEM: name } });
  }
  if (!collection.available) throw new StatusError("DENIED", { message: `The collection ${JSON.stringify(name)} is not available.` });
  return collection;
}
