/** Makes a storage's services, collections and accounts what a data file says. */

import { isDeepStrictEqual } from "node:util";
import { hashPassword, isPasswordHash, verifyPassword } from "../../accounts/index.js";
import type { AccountRecord, Storage } from "../../storage/index.js";
import { settingsOf } from "../admin/collections.js";
import { checkServices } from "../admin/services.js";
import type { AccountEntry, DataFile } from "./data-file.js";
import { collectionInit, permissionsOf, serviceRecords, type Warn } from "./records.js";

export interface SyncOptions {
  /** Removes collections the file does not have, with their content. Default: they become unavailable. */
  readonly removeCollections: boolean;
  /** Tells what would be done, and does nothing. */
  readonly dryRun: boolean;
  /** Reads the password out of a file that an entry names. */
  readonly readPassword: (file: string) => Promise<string>;
  readonly warn: Warn;
}

/** One thing that was done, or would be. */
export interface Change {
  readonly kind: "service" | "collection" | "account";
  readonly name: string;
  readonly action: "added" | "changed" | "removed" | "disabled" | "unchanged";
}

/**
 * Brings the storage to what the file says: what the file has is added or changed; services and accounts it does not have are
 * removed, collections it does not have become unavailable. A list that the file leaves out altogether is left as it is.
 * Running it again changes nothing.
 *
 * @throws UsageError when its services cannot be served; nothing is changed then
 */
export async function sync(storage: Storage, data: DataFile, options: SyncOptions): Promise<Change[]> {
  checkServices(serviceRecords(data, () => undefined));
  return [
    ...(data.collections == null ? [] : await syncCollections(storage, data, options)),
    ...(data.services == null ? [] : await syncServices(storage, data, options)),
    ...(data.accounts == null ? [] : await syncAccounts(storage, data, options)),
  ];
}

async function syncCollections(storage: Storage, data: DataFile, { removeCollections, dryRun, warn }: SyncOptions): Promise<Change[]> {
  const before = new Map((await storage.collections()).map((collection) => [collection.name, collection]));
  const changes: Change[] = [];
  for (const entry of data.collections ?? []) {
    const init = collectionInit(entry, warn);
    const old = before.get(entry.name);
    before.delete(entry.name);
    const action = old === undefined ? "added" : isDeepStrictEqual(plain(settingsOf(old)), plain(init)) ? "unchanged" : "changed";
    if (action !== "unchanged" && !dryRun) await storage.putCollection(init);
    changes.push({ kind: "collection", name: entry.name, action });
  }
  for (const old of before.values()) {
    if (removeCollections) {
      if (!dryRun) await storage.removeCollection(old.name);
      changes.push({ kind: "collection", name: old.name, action: "removed" });
    } else if (old.available) {
      if (!dryRun) await storage.putCollection({ ...settingsOf(old), available: false });
      changes.push({ kind: "collection", name: old.name, action: "disabled" });
    }
  }
  return changes;
}

async function syncServices(storage: Storage, data: DataFile, { dryRun, warn }: SyncOptions): Promise<Change[]> {
  const before = new Map((await storage.directory.services()).map((service) => [service.id, service]));
  const changes: Change[] = [];
  for (const record of serviceRecords(data, warn)) {
    const old = before.get(record.id);
    before.delete(record.id);
    const action = old === undefined ? "added" : isDeepStrictEqual(plain(old), plain(record)) ? "unchanged" : "changed";
    if (action !== "unchanged" && !dryRun) await storage.directory.putService(record);
    changes.push({ kind: "service", name: record.id, action });
  }
  for (const id of before.keys()) {
    if (!dryRun) await storage.directory.removeService(id);
    changes.push({ kind: "service", name: id, action: "removed" });
  }
  return changes;
}

async function syncAccounts(storage: Storage, data: DataFile, options: SyncOptions): Promise<Change[]> {
  const { dryRun } = options;
  const before = new Map((await storage.directory.accounts()).map((account) => [account.name, account]));
  const collections = new Set([
    ...(await storage.collections()).map(({ name }) => name),
    ...(data.collections ?? []).map(({ name }) => name),
  ]);
  const changes: Change[] = [];
  for (const entry of data.accounts ?? []) {
    const old = before.get(entry.username);
    before.delete(entry.username);
    const record = await accountRecord(entry, old, collections, options);
    const action = old === undefined ? "added" : isDeepStrictEqual(plain(old), plain(record)) ? "unchanged" : "changed";
    if (action !== "unchanged" && !dryRun) await storage.directory.putAccount(record);
    changes.push({ kind: "account", name: record.name, action });
  }
  for (const name of before.keys()) {
    if (!dryRun) await storage.directory.removeAccount(name);
    changes.push({ kind: "account", name, action: "removed" });
  }
  return changes;
}

async function accountRecord(
  entry: AccountEntry,
  old: AccountRecord | undefined,
  collections: ReadonlySet<string>,
  { readPassword, warn }: SyncOptions,
): Promise<AccountRecord> {
  const password = entry.password ?? (entry.password_file === undefined ? undefined : await readPassword(entry.password_file));
  return {
    name: entry.username,
    passwordHash: entry.password_hash ?? (password === undefined ? old?.passwordHash : await hashOf(password, old?.passwordHash)),
    admin: entry.is_admin,
    disabled: entry.disabled,
    permissions: permissionsOf(entry, collections, warn),
    certificates: entry.certificates,
  };
}

/** The old hash when it is one of this password: a new one would end everybody's cached log-ins for nothing. */
async function hashOf(password: string, old: string | undefined): Promise<string> {
  return old !== undefined && isPasswordHash(old) && (await verifyPassword(password, old)) ? old : hashPassword(password);
}

/** Without what is undefined, as the storage gives it back. */
function plain(record: object): unknown {
  return JSON.parse(JSON.stringify(record));
}
