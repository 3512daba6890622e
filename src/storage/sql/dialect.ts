/** What databases differ in. */

import type { ColumnDefinitionBuilder, Expression } from "kysely";

/** Of what is read at once. */
export interface BatchSize {
  /** Labels with sizes, to know how many blocks the next batches have. */
  readonly keys: number;
  /** Characters of content, unless one block alone has more. */
  readonly characters: number;
}

export interface Dialect {
  readonly name: "sqlite" | "postgres";
  /** How much of content is read at once. What is read is in memory until it was taken, for everyone who reads. */
  readonly batch: BatchSize;
  /** Starts a transaction that writes. */
  readonly begin: readonly string[];
  /** Starts a transaction that keeps every other process from migrating. */
  readonly beginExclusive: readonly string[];
  /** Within a transaction: keeps others from removing content until it ends. */
  readonly lockRemoval: readonly string[];
  /** Column type of a primary key of 64 bits. */
  readonly labelType: "integer" | "bigint";
  /** Column type of bytes. */
  readonly bytesType: "blob" | "bytea";
  /** Column type of texts that are in the order of their bytes. */
  readonly bytewiseType: "text" | Expression<string>;
  /** Makes an integer column the primary key that numbers its rows. */
  readonly numbered: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** What to add to a table that is nothing but its primary key, so that rows lie in the order of the key. */
  readonly clustered: string;
}
