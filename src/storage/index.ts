/** Storages: where a server keeps collections and content. */

export { type Clock, floorLabel, formatLabel, type Label } from "./label.js";
export { type MemoryStorageOptions, memoryStorage } from "./memory.js";
export {
  type Arrival,
  type Collection,
  type CollectionInit,
  type Selection,
  type Storage,
  StorageError,
  type StorageErrorCode,
  type StoredBlock,
} from "./storage.js";
