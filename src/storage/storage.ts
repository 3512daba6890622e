/** What a server keeps, behind one interface: collections, content in the order it came, and what belongs to its peers. */

import type {
  CollectionType,
  ContentBindingId,
  ContentBindingIdInit,
  ContentBlock,
  ContentInstance,
} from "../../generated/taxii11/index.js";
import { TaxiiError } from "../errors.js";
import type { ContentIndexStore, Narrowing } from "./content-index.js";
import type { Directory } from "./directory.js";
import type { Label } from "./label.js";
import type { ResultStore } from "./results.js";
import type { SubscriptionStore } from "./subscriptions.js";

/** How long content is kept. What is left out sets no limit. */
export interface Retention {
  /** Days since a block arrived. */
  readonly days?: number | undefined;
  /** Bytes of content in the collection; the oldest blocks go first. */
  readonly bytes?: number | undefined;
  /** Blocks in the collection; the oldest go first. */
  readonly blocks?: number | undefined;
}

/** A data collection. */
export interface Collection {
  /** A URI, unique within the storage (SVC-COL-003). Compared code point by code point (XML-ID-009). */
  readonly name: string;
  /** A feed is ordered by label; a set is not, and polls of it take no range. */
  readonly type: CollectionType;
  /** For people. */
  readonly description: string;
  /** Whether content can be polled and pushed. */
  readonly available: boolean;
  /** What content it takes; empty for any (CB-MATCH-001). */
  readonly contentBindings: readonly ContentBindingId[];
  /** Records of a typical day, where somebody says so. */
  readonly volume?: number | undefined;
  /** How long content is kept; undefined for ever. */
  readonly retention?: Retention | undefined;
  /** Blocks it has now. */
  readonly blockCount: number;
  /** Characters of content it has now. */
  readonly size: number;
  /** The label of its newest block; undefined while it never had one. Deletion does not take it back. */
  readonly newest: Label | undefined;
}

/** A collection to be; what is left out has its default: an available feed for any content. */
export interface CollectionInit extends Pick<Collection, "name"> {
  readonly type?: CollectionType | undefined;
  readonly description?: string | undefined;
  readonly available?: boolean | undefined;
  readonly contentBindings?: readonly ContentBindingIdInit[] | undefined;
  readonly volume?: number | undefined;
  readonly retention?: Retention | undefined;
}

/** Content that arrives, and where it goes. */
export interface Arrival {
  /** Its `timestampLabel` has no say in the label it gets (SVC-INBOX-012). */
  readonly block: ContentBlock;
  /** Names of the collections it joins, at least one; a name that occurs twice counts once. */
  readonly collections: readonly string[];
}

/** Content as it is kept. */
export interface StoredBlock {
  /** When it came, as far as order goes; unique in the storage, and greater than that of everything that came before. */
  readonly label: Label;
  /** As it arrived, its `timestampLabel` included. Markup is known to be well-formed: writers do not check it again. */
  readonly block: ContentBlock;
}

/** Which content of a collection is meant. */
export interface Selection {
  readonly collection: string;
  /** Labels greater than this. Default: from the first. */
  readonly after?: Label | undefined;
  /** Labels up to and including this. Default: to the last. */
  readonly until?: Label | undefined;
  /** Which content bindings; asked once per binding and subtype, not once per block. Default: all. */
  readonly accepts?: ((binding: ContentInstance) => boolean) | undefined;
  /** What blocks have in common that are wanted: `content` may leave out those that do not meet it, or give them all the same. */
  readonly narrowing?: Narrowing | undefined;
}

/** A block without its content. */
export interface BlockKey {
  readonly label: Label;
  /** Characters of the block. */
  readonly size: number;
}

/** An Inbox Message as it arrived, kept for people who have to find out later what was sent. */
export interface Receipt {
  readonly messageId: string;
  /** Name of the account that sent it; undefined for nobody in particular. */
  readonly account?: string | undefined;
  /** Path of the service that took it. */
  readonly service: string;
  /** Id of the subscription or of the result set it fulfils, as the sender states it. */
  readonly subscriptionId?: string | undefined;
  readonly resultId?: string | undefined;
  /** Blocks in the message, also those that were left out. */
  readonly blockCount: number;
  /** The document, where it is kept. */
  readonly raw?: Uint8Array | undefined;
}

/** A receipt that is kept. */
export interface StoredReceipt extends Receipt {
  /** Milliseconds since 1970. */
  readonly received: number;
  /** Labels of the blocks that were stored. */
  readonly labels: readonly Label[];
}

export interface AddOptions {
  /** Leaves out a block for a collection that has one of equal binding, subtype and content already. Default: false. */
  readonly unlessPresent?: boolean | undefined;
  /** Kept together with the content, in the same step. */
  readonly receipt?: Receipt | undefined;
}

/**
 * Which content is to go. What is left out sets no limit; without any limit all of the collection's content goes. Where several
 * limits are given, only what each of them lets go does.
 */
export interface Purge {
  readonly collection: string;
  /** Blocks with labels greater than this. */
  readonly after?: Label | undefined;
  /** Blocks with labels up to and including this. */
  readonly until?: Label | undefined;
  /** Only the oldest, until at most so many blocks are left in the collection. */
  readonly keepBlocks?: number | undefined;
  /** Only the oldest, until at most so many characters are left in the collection. */
  readonly keepSize?: number | undefined;
}

/** What a purge took. */
export interface Purged {
  readonly blocks: number;
  /** Characters. */
  readonly size: number;
}

/** Where a server keeps collections and content. */
export interface ContentStore {
  /** Adds a collection, or replaces what is known about it; its content stays. */
  putCollection(collection: CollectionInit): Promise<void>;

  /** Removes a collection with its subscriptions and result sets. Blocks stay in the other collections they are in. False when there is none. */
  removeCollection(name: string): Promise<boolean>;

  /** The collection of this name, or undefined. */
  collection(name: string): Promise<Collection | undefined>;

  /** All collections, by name. */
  collections(): Promise<readonly Collection[]>;

  /** The bindings, without subtypes, that the content of a collection is in now, by name (VER-X-003). */
  bindingsOf(collection: string): Promise<readonly string[]>;

  /**
   * Stores content, all of it or none (SVC-INBOX-003), and labels it in the order given. A label is unique, greater than all
   * labels and horizons given out before, also before a restart or before the clock was set back (SVC-TS-002, SVC-TS-003,
   * SVC-RANGE-006).
   *
   * @returns the labels, one for each arrival; undefined for one that was left out because all its collections have it
   * @throws StorageError `UNKNOWN_COLLECTION` when a collection is not there; nothing is stored then
   */
  add(arrivals: readonly Arrival[], options?: AddOptions): Promise<readonly (Label | undefined)[]>;

  /**
   * How far the data is complete: everything labelled up to here is there, everything to come will be labelled later.
   *
   * @param atLeast a label the horizon is to reach; it does so unless that lies in the future, and labels to come are then
   *   later than that too
   */
  horizon(atLeast?: Label): Promise<Label>;

  /**
   * How many blocks a selection has.
   *
   * @param limit counting stops here, so that the cost is bounded. Default: none.
   */
  count(selection: Selection, limit?: number): Promise<number>;

  /**
   * The blocks of a selection by label, without their content, fetched as they are taken: many at once, as each is small.
   *
   * @param limit no more than these are fetched. Default: none.
   */
  keys(selection: Selection, limit?: number): AsyncIterable<readonly BlockKey[]>;

  /** The blocks of a selection by label, fetched as they are taken, so that memory does not grow with their number. */
  content(selection: Selection): AsyncIterable<StoredBlock>;

  /** Removes content from one collection; blocks stay in the others they are in. Counts and sizes are kept right. */
  purge(what: Purge): Promise<Purged>;

  /** Receipts of messages received within [since, until), oldest first, in milliseconds since 1970. */
  receipts(range?: { readonly since?: number | undefined; readonly until?: number | undefined }): AsyncIterable<StoredReceipt>;

  /** Forgets the receipts of messages received before `until`, in milliseconds since 1970; says how many there were. */
  purgeReceipts(until: number): Promise<number>;
}

/**
 * Where a server keeps its data. Each method is atomic: it happens whole or not at all, and is seen whole or not at all, by
 * everyone who uses the same data, also from other processes.
 */
export interface Storage extends ContentStore {
  readonly subscriptions: SubscriptionStore;
  readonly results: ResultStore;
  readonly directory: Directory;
  /** The index of what is in content, where a storage keeps one. */
  readonly index?: ContentIndexStore | undefined;

  /** Asks for a sign of life; rejects when the data cannot be reached. */
  ping(): Promise<void>;

  /** Releases what the storage holds. Nothing else may be called after this. */
  close(): Promise<void>;
}

/** Codes of {@link StorageError}. */
export type StorageErrorCode =
  /** No collection of that name. */
  | "UNKNOWN_COLLECTION"
  /** The database driver is not installed. */
  | "DRIVER_MISSING"
  /** The database belongs to something else, or to a later version of this package. */
  | "INCOMPATIBLE_DATABASE"
  /** An owner has as many result sets as it may have. */
  | "QUOTA_EXCEEDED"
  /** A name or an id that has to be unique is taken. */
  | "ALREADY_EXISTS"
  /** The database cannot take more, as when its disk is full. Nothing was stored. */
  | "STORAGE_FULL"
  /** The database cannot be reached at the moment. Nothing was stored, or it is not known whether it was. */
  | "UNAVAILABLE";

/** A storage cannot do what it was asked for. */
export class StorageError extends TaxiiError {
  declare readonly code: StorageErrorCode;

  constructor(code: StorageErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** The error for a collection that is not there. */
export function unknownCollection(name: string): StorageError {
  return new StorageError("UNKNOWN_COLLECTION", `there is no collection ${JSON.stringify(name)}`);
}
