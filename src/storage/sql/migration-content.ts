/** The steps that make the tables of collections and content. A step that was released is never changed. */

import { sql } from "kysely";
import type { Step } from "./step.js";

export const contentSteps: readonly Step[] = [
  // Released in 0.2, for SQLite.
  {
    name: "001-content",
    async up({ schema }, { clustered, labelType, numbered }) {
      await schema
        .createTable("label_allocator")
        .addColumn("id", "integer", (column) => column.primaryKey())
        .addColumn("last", "bigint", (column) => column.notNull())
        .execute();
      await schema
        .createTable("collections")
        .addColumn("id", "integer", numbered)
        .addColumn("name", "text", (column) => column.notNull().unique())
        .addColumn("type", "text", (column) => column.notNull())
        .addColumn("description", "text", (column) => column.notNull())
        .addColumn("available", "integer", (column) => column.notNull())
        .addColumn("volume", "bigint")
        .addColumn("content_bindings", "text", (column) => column.notNull())
        .execute();
      await schema
        .createTable("content_bindings")
        .addColumn("id", "integer", numbered)
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
  {
    name: "002-totals",
    async up(db, { bytesType, labelType, name, numbered }) {
      const { schema } = db;
      await schema.alterTable("collections").addColumn("newest", "bigint").execute();
      await schema
        .alterTable("collections")
        .addColumn("digested", "bigint", (column) => column.notNull().defaultTo(0))
        .execute();
      await schema.alterTable("collections").addColumn("retention", "text").execute();
      await sql`
        update collections set newest = (select max(label) from collection_content where collection = collections.id)
      `.execute(db);

      await schema
        .createTable("collection_totals")
        .addColumn("collection", "integer", (column) => column.notNull().references("collections.id").onDelete("cascade"))
        .addColumn("binding", "integer", (column) => column.notNull())
        .addColumn("blocks", "bigint", (column) => column.notNull())
        .addColumn("size", "bigint", (column) => column.notNull())
        .addPrimaryKeyConstraint("collection_totals_key", ["collection", "binding"])
        .execute();
      await sql`
        insert into collection_totals (collection, binding, blocks, size)
        select collection, binding, count(*), sum(size) from collection_content group by collection, binding
      `.execute(db);

      await schema.alterTable("collection_content").addColumn("digest", "text").execute();
      await schema
        .createIndex("collection_content_digest")
        .on("collection_content")
        .columns(["collection", "digest"])
        .where(sql.ref("digest"), "is not", null)
        .execute();
      // What refers to a block has to be found when the block goes. Where an index could also give ranges of labels, it would be
      // taken for polls now and then, and those would walk through the content of all other collections.
      const byLabel = schema.createIndex("collection_content_label").on("collection_content").column("label");
      await (name === "postgres" ? byLabel.using("hash") : byLabel).execute();

      await schema
        .createTable("unused_blocks")
        .addColumn("label", labelType, (column) => column.primaryKey())
        .execute();
      await schema
        .createTable("revision")
        .addColumn("id", "integer", (column) => column.primaryKey())
        .addColumn("value", "bigint", (column) => column.notNull())
        .execute();
      await db.insertInto("revision").values({ id: 1, value: 1 }).execute();
      await schema
        .createTable("receipts")
        .addColumn("id", "integer", numbered)
        .addColumn("received", "bigint", (column) => column.notNull())
        .addColumn("message_id", "text", (column) => column.notNull())
        .addColumn("account", "text")
        .addColumn("service", "text", (column) => column.notNull())
        .addColumn("subscription_id", "text")
        .addColumn("result_id", "text")
        .addColumn("block_count", "integer", (column) => column.notNull())
        .addColumn("labels", "text", (column) => column.notNull())
        .addColumn("raw", bytesType)
        .execute();
      await schema.createIndex("receipts_received").on("receipts").columns(["received", "id"]).execute();
    },
  },
];
