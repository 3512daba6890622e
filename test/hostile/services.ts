/** What the servers of these tests offer. Nothing of vitest is in here: a process of its own uses it as well. */

import { collectionManagement, defaultQuery, discovery, inbox, poll, type Service } from "../../src/server/index.js";
import { memoryStorage, type Storage } from "../../src/storage/index.js";

/** Where all services are. */
export const path = "/taxii";

/** Every service, at one address. */
export function services(): readonly Service[] {
  const queries = [defaultQuery()];
  return [discovery({ path }), collectionManagement({ path, queries }), inbox({ path }), poll({ path, queries })];
}

/** A storage with an empty feed `feed`, and one whose name is that of a property of every object. */
export async function storageWithFeeds(): Promise<Storage> {
  const storage = memoryStorage();
  for (const name of ["feed", "__proto__"]) await storage.putCollection({ name });
  return storage;
}
