/** Collections as a service and a requester see them. */

import { StatusError } from "../message/status-error.js";
import type { Collection, Right } from "../storage/index.js";
import { allowAll } from "./access.js";
import type { Context } from "./context.js";
import { type Service, serves } from "./service.js";

/** The collections the service at hand serves, whoever asks. */
export async function servedCollections({ service, storage }: Pick<Context, "service" | "storage">): Promise<readonly Collection[]> {
  const collections = await storage.collections();
  return collections.filter(({ name }) => serves(service, name));
}

/** Whether the requester may do something with a collection. */
export async function isAllowed(
  right: Right,
  collection: Pick<Collection, "name">,
  { account, authorize, service }: Pick<Context, "account" | "authorize" | "service">,
): Promise<boolean> {
  return authorize({ account, right, collection, service });
}

/** Whether the requester may know of a collection: it has a right on it, whichever. */
export async function isVisible(collection: Pick<Collection, "name">, context: Context): Promise<boolean> {
  return (await isAllowed("read", collection, context)) || (await isAllowed("write", collection, context));
}

/** The collections that the service at hand serves, and of which the requester may know. */
export async function visibleCollections(context: Context): Promise<readonly Collection[]> {
  return filter(await servedCollections(context), (collection) => isVisible(collection, context));
}

/** Those of `collections` with which the requester may do something. */
export function allowedCollections(right: Right, collections: readonly Collection[], context: Context): Promise<readonly Collection[]> {
  return filter(collections, (collection) => isAllowed(right, collection, context));
}

async function filter<T>(items: readonly T[], test: (item: T) => Promise<boolean>): Promise<readonly T[]> {
  const kept: T[] = [];
  for (const item of items) if (await test(item)) kept.push(item);
  return kept;
}

/**
 * The collection of this name, if the service serves it and the requester may know of it. In TAXII 1.0 there are no data sets
 * (VER-X-002).
 *
 * @param isKnown tells whether the requester may know of it. Default: {@link isVisible}.
 * @throws StatusError as {@link noCollection} says
 */
export async function knownCollection(
  name: string,
  context: Context,
  isKnown: (collection: Collection) => Promise<boolean> = (collection) => isVisible(collection, context),
): Promise<Collection> {
  const { service, storage, version } = context;
  const collection = serves(service, name) ? await storage.collection(name) : undefined;
  const spoken = collection !== undefined && !(version === "1.0" && collection.type === "DATA_SET");
  if (spoken && (await isKnown(collection))) return collection;
  throw noCollection(name, context);
}

/**
 * A collection to be read from or written to.
 *
 * @param right what is to be done. Default: `read`.
 * @throws StatusError as {@link noCollection} says; `UNAUTHORIZED` when the requester may know of it and not do this
 *   (SEC-ID-002); `DENIED` when it is not available
 */
export async function requireCollection(name: string, context: Context, right: Right = "read"): Promise<Collection> {
  let allowed = false;
  const collection = await knownCollection(name, context, async (found) => {
    allowed = await isAllowed(right, found, context);
    return allowed || isVisible(found, context);
  });
  if (!allowed) {
    const deed = right === "read" ? "read from" : "send content to";
    throw new StatusError("UNAUTHORIZED", { message: `You may not ${deed} the collection ${JSON.stringify(name)}.` });
  }
  if (!collection.available) throw new StatusError("DENIED", { message: `The collection ${JSON.stringify(name)} is not available.` });
  return collection;
}

/**
 * The refusal for a collection that is not there, or of which the requester may not know; both get the same one (SEC-ID-002):
 * `NOT_FOUND` with ITEM (SVC-POLL-007, SVC-INBOX-011, SVC-SUB-003). Who has not logged in where that matters is told to, as
 * missing authentication comes before all else (SVC-SUB-002).
 */
export function noCollection(name: string, { account, authorize }: Pick<Context, "account" | "authorize">): StatusError {
  const quoted = JSON.stringify(name);
  if (account === undefined && authorize !== allowAll)
    return new StatusError("UNAUTHORIZED", { message: `There is no collection ${quoted} here for those who have not logged in.` });
  return new StatusError("NOT_FOUND", { message: `There is no collection ${quoted} here.`, details: { ITEM: name } });
}

/** Whether a service is there for the requester at all: one that wants an account is not, for those who have none. */
export function isOpenTo({ account }: Pick<Context, "account">, service: Service): boolean {
  return account !== undefined || !service.requiresAccount;
}
