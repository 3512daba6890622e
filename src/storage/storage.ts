/** What a server keeps, behind one interface: collections, and content in the order it came. */

import type {
  CollectionType,
  ContentBindingId,
  ContentBindingIdInit,
  ContentBlock,
  ContentInstance,
} from "../../generated/taxii11/index.js";
import { TaxiiError } from "../errors.js";
import type { Label } from "./label.js";

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
}

/** A collection to be; what is left out has its default: an available feed for any content. */
export interface CollectionInit extends Pick<Collection, "name">, Partial<Omit<Collection, "name" | "contentBindings">> {
  readonly contentBindings?: readonly ContentBindingIdInit[] | undefined;
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
}

/**
 * Where a server keeps its data. Each method is atomic: it happens whole or not at all, and is seen whole or not at all, by
 * everyone who uses the same data, also from other processes.
 */
export interface Storage {
  /** Adds a collection, or replaces what is known about it; its content stays. */
  putCollection(collection: CollectionInit): Promise<void>;

  /** The collection of this name, or undefined. */
  collection(name: string): Promise<Collection | undefined>;

  /** All collections, by name. */
  collections(): Promise<readonly Collection[]>;

  /**
   * Stores content, all of it or none (SVC-INBOX-003), and labels it in the order given. A label is unique, greater than all
   * labels and horizons given out before, also before a restart or before the clock was set back (SVC-TS-002, SVC-TS-003,
   * SVC-RANGE-006).
   *
   * @returns the labels, one for each arrival
   * @throws StorageError `UNKNOWN_COLLECTION` when a collection is not there; nothing is stored then
   */
  add(arrivals: readonly Arrival[]): Promise<readonly Label[]>;

  /**
   * How far the data is complete: everything labelled up to here is there, everything to come will be labelled later.
   *
   * @param atLeast a label the horizon is to reach; it does so unless that lies in the future, and labels to come are then
   *   later than that too
   */
  horizon(atLeast?: Label): Promise<Label>;

  /** How many blocks a selection has. */
  count(selection: Selection): Promise<number>;

  /** The blocks of a selection by label, fetched as they are taken, so that memory does not grow with their number. */
  content(selection: Selection): AsyncIterable<StoredBlock>;

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
  | "INCOMPATIBLE_DATABASE";

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
