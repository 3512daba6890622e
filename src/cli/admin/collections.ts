/** Collections of a database, as the commands of operators need them. */

import type { Collection, CollectionInit, Storage } from "../../storage/index.js";
import { UsageError } from "../failure.js";

/** @throws UsageError when there is none of that name */
export async function requireCollection(storage: Storage, name: string): Promise<Collection> {
  const collection = await storage.collection(name);
  if (collection === undefined) throw new UsageError(`there is no collection ${JSON.stringify(name)}`);
  return collection;
}

/** What can be set of a collection. */
export function settingsOf({ name, type, description, available, contentBindings, volume, retention }: Collection): CollectionInit {
  return { name, type, description, available, contentBindings, volume, retention };
}
