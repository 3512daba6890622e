/** One step on the way to the tables of today. */

import type { Dialect } from "./dialect.js";
import type { Database } from "./schema.js";

export interface Step {
  /** Sorts behind those before it; never used for something else. */
  readonly name: string;
  up(db: Database, dialect: Dialect): Promise<void>;
}
