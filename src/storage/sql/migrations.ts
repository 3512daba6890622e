/** How the tables come to be, step by step; forward only. A step that was released is never changed. */

import { sql } from "kysely";
import { StorageError } from "../storage.js";
import type { Database } from "./schema.js";

/** What databases differ in. */
export interface Dialect {
  /** Starts a transaction that keeps every other process from migrating. */
  readonly beginExclusive: string;
  /** Column type of a primary key of 64 bits. */
  readonly labelType: "integer" | "bigint";
  /** What to add to a table that is nothing but its primary key, so that rows lie in the order of the key. */
  readonly clustered: string;
}

interface Step {
  /** Sorts behind those before it. */
  readonly name: string;
  up(db: Database, dialect: Dialect): Promise<void>;
}

const steps: readonly Step[] = [
  {
    name: "001-content",
    async up({ schema }, { clustered, labelType }) {
      await schema
        .createTable("label_allocator")
        .addColumn("id", "integer", (column) => column.primaryKey())
        .addColumn("last", "bigint", (column) => column.notNull())
        .execute();
      await schema
        .createTable("collections")
        .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
        .addColumn("name", "text", (column) => column.notNull().unique())
        .addColumn("type", "text", (column) => column.notNull())
        .addColumn("description", "text", (column) => column.notNull())
        .addColumn("available", "integer", (column) => column.notNull())
        .addColumn("volume", "bigint")
        .addColumn("content_bindings", "text", (column) => column.notNull())
        .execute();
      await schema
        .createTable("content_bindings")
        .addColumn("id", "integer", (column) => column.primaryKey().autoIncrement())
        .addColumn("binding_id", "text", (column) => column.notNull())
        .addColumn("subtype_id", "text", (column) => column.notNull())
        .addUniqueConstraint("content_bindings_key", ["binding_id", "subtype_id"])
        .execute();
      // The content comes last: a row is read up to the columns that are asked for, and content can be long.
      await schema
        .createTable("content_blocks")
        .addColumn("label", labelType, (column) => column.primaryKey())
        .addColumn("binding", "integer", (column) => column.notNull().references("content_bindings.id"))
        .addColumn("markup", "integer", (column) => column.notNull())
        .addColumn("sent_label", "text")
        .addColumn("message", "text")
        .addColumn("padding", "text")
        .addColumn("signature", "text")
        .addColumn("content", "text", (column) => column.notNull())
        .execute();
      await schema
        .createTable("collection_content")
        .addColumn("collection", "integer", (column) => column.notNull().references("collections.id").onDelete("cascade"))
        .addColumn("label", "bigint", (column) => column.notNull().references("content_blocks.label").onDelete("cascade"))
        .addColumn("binding", "integer", (column) => column.notNull())
        .addColumn("size", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("collection_content_key", ["collection", "label"])
        .modifyEnd(sql.raw(clustered))
        .execute();
    },
  },
];

/**
 * Brings a database up to date. Several processes may do so at the same time.
 *
 * @throws StorageError `INCOMPATIBLE_DATABASE` when it has steps this version does not know, or tables of somebody else
 */
export async function migrate(db: Database, dialect: Dialect): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql.raw(dialect.beginExclusive).execute(connection);
    try {
      await bringUpToDate(connection, dialect);
      await sql.raw("commit").execute(connection);
    } catch (error) {
      await sql.raw("rollback").execute(connection);
      throw error;
    }
  });
}

async function bringUpToDate(db: Database, dialect: Dialect): Promise<void> {
  await db.schema
    .createTable("migrations")
    .ifNotExists()
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("applied_at", "text", (column) => column.notNull())
    .execute();
  const rows = await db.selectFrom("migrations").select("name").orderBy("name").execute();
  const applied = new Set(rows.map(({ name }) => name));
  const unknown = rows.find(({ name }) => !steps.some((step) => step.name === name));
  if (unknown !== undefined) {
    throw new StorageError(
      "INCOMPATIBLE_DATABASE",
      `the database is of a later version, or not of this program: it knows the migration ${JSON.stringify(unknown.name)}`,
    );
  }
  for (const step of steps) {
    if (applied.has(step.name)) continue;
    await step.up(db, dialect);
    await db.insertInto("migrations").values({ name: step.name, applied_at: new Date().toISOString() }).execute();
  }
}
