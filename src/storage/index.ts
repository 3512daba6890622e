/** Storages: where a server keeps collections, content, subscriptions, results and accounts. */

export type {
  ContentIndexer,
  ContentIndexStore,
  IndexComparison,
  IndexEntry,
  IndexedContent,
  IndexRange,
  IndexState,
  Narrowing,
  NarrowingCondition,
} from "./content-index.js";
export type { AccountRecord, DestinationRule, Directory, Right, ServiceRecord, TokenRecord } from "./directory.js";
export { type Clock, floorLabel, formatLabel, type Label } from "./label.js";
export type { Claim, Lease } from "./lease.js";
export { type MemoryStorageOptions, memoryStorage } from "./memory.js";
export type { ResultChange, ResultLimits, ResultPart, ResultSet, ResultSetInit, ResultStore } from "./results.js";
export {
  type AddOptions,
  type Arrival,
  type BlockKey,
  type Collection,
  type CollectionInit,
  type ContentStore,
  type Purge,
  type Purged,
  type Receipt,
  type Retention,
  type Selection,
  type Storage,
  StorageError,
  type StorageErrorCode,
  type StoredBlock,
  type StoredReceipt,
} from "./storage.js";
export type { DeliveryLag, DeliveryState, Subscription, SubscriptionFilter, SubscriptionInit, SubscriptionStore } from "./subscriptions.js";
