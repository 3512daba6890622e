/** What the parts of a memory storage know of each other. */

import type { Clock, Label } from "../label.js";
import type { Collection } from "../storage.js";

export interface MemoryContext {
  readonly clock: Clock;
  /** The collection of this name as it is now; undefined when there is none. */
  collection(name: string): Collection | undefined;
  /** The label of the first block of a collection behind `label`; undefined when there is none. */
  firstBehind(collection: string, label: Label): Label | undefined;
  /** See {@link Directory.revision}. */
  revision(): number;
  /** Raises the revision. */
  touch(): void;
}
