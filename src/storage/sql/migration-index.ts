/** The steps that make the tables of the index. A step that was released is never changed. */

import { type CreateTableBuilder, sql } from "kysely";
import type { Dialect } from "./dialect.js";
import type { Step } from "./step.js";

export const indexSteps: readonly Step[] = [
  {
    name: "004-index",
    async up({ schema }, { bytewiseType, clustered, numbered }) {
      // Beside the last label, which writers of content ask for anyway.
      await schema.alterTable("label_allocator").addColumn("content_index", "integer").execute();
      await schema
        .createTable("content_indexes")
        .addColumn("id", "integer", numbered)
        .addColumn("definition", "text", (column) => column.notNull())
        .addColumn("since", "bigint", (column) => column.notNull())
        .execute();
      await schema
        .createTable("index_paths")
        .addColumn("id", "integer", numbered)
        .addColumn("path", bytewiseType, (column) => column.notNull().unique())
        .execute();
      const byLabel = async (table: string): Promise<void> => schema.createIndex(`${table}_label`).on(table).column("label").execute();
      await entries(schema.createTable("index_texts"), { clustered })
        .addColumn("value", bytewiseType, (column) => column.notNull())
        .addPrimaryKeyConstraint("index_texts_key", ["path", "value", "label"])
        .execute();
      await byLabel("index_texts");
      await entries(schema.createTable("index_numbers"), { clustered })
        .addColumn("kind", "integer", (column) => column.notNull())
        .addColumn("value", "double precision", (column) => column.notNull())
        .addPrimaryKeyConstraint("index_numbers_key", ["path", "kind", "value", "label"])
        .execute();
      await byLabel("index_numbers");
    },
  },
];

/** What entries of all kinds have. No foreign key: rows go with their blocks in steps, see purge.ts. */
function entries<C extends string>(table: CreateTableBuilder<string, C>, { clustered }: Pick<Dialect, "clustered">) {
  return table
    .addColumn("path", "integer", (column) => column.notNull())
    .addColumn("label", "bigint", (column) => column.notNull())
    .modifyEnd(sql.raw(clustered));
}
