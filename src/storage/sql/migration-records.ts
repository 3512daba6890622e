/** The steps that make the tables of subscriptions, result sets and the directory. A step that was released is never changed. */

import { type CreateTableBuilder, type SqlBool, sql } from "kysely";
import type { Dialect } from "./dialect.js";
import type { Database } from "./schema.js";
import type { Step } from "./step.js";

export const recordSteps: readonly Step[] = [
  {
    name: "003-records",
    async up(db, dialect) {
      await makeSubscriptions(db, dialect);
      await makeResults(db, dialect);
      await makeDirectory(db, dialect);
    },
  },
];

async function makeSubscriptions({ schema }: Database, { numbered }: Dialect): Promise<void> {
  await taskColumns(schema.createTable("subscriptions").addColumn("seq", "integer", numbered))
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("collection", "integer", (column) => column.notNull().references("collections.id").onDelete("cascade"))
    .addColumn("parameters", "text")
    .addColumn("push", "text")
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("fingerprint", "text", (column) => column.notNull())
    .addColumn("request", "text", (column) => column.notNull())
    .addColumn("since", "bigint", (column) => column.notNull())
    .addColumn("status", "text", (column) => column.notNull())
    .addColumn("created", "bigint", (column) => column.notNull())
    .addColumn("delivered", "bigint", (column) => column.notNull())
    .addColumn("scanned", "bigint", (column) => column.notNull())
    .addColumn("pending", "bigint")
    .addUniqueConstraint("subscriptions_request", ["collection", "request"])
    .execute();
  await schema.createIndex("subscriptions_owner").on("subscriptions").columns(["owner", "seq"]).execute();
  await schema.createIndex("subscriptions_turn").on("subscriptions").column("turn").execute();
  await schema
    .createIndex("subscriptions_push")
    .on("subscriptions")
    .columns(["turn", "seq"])
    .where(sql<SqlBool>`push is not null and status = 'ACTIVE' and parked = 0`)
    .execute();
}

async function makeResults({ schema }: Database, { clustered, numbered }: Dialect): Promise<void> {
  await taskColumns(schema.createTable("results").addColumn("seq", "integer", numbered))
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("owner", "text", (column) => column.notNull())
    .addColumn("collection", "integer", (column) => column.notNull().references("collections.id").onDelete("cascade"))
    .addColumn("subscription_id", "text")
    .addColumn("version", "text", (column) => column.notNull())
    .addColumn("range_after", "bigint")
    .addColumn("range_until", "bigint", (column) => column.notNull())
    .addColumn("stated_begin", "text")
    .addColumn("stated_end", "text")
    .addColumn("content_bindings", "text", (column) => column.notNull())
    .addColumn("query", "text")
    .addColumn("response_type", "text", (column) => column.notNull())
    .addColumn("limits", "text")
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("count_value", "bigint")
    .addColumn("count_partial", "integer")
    .addColumn("push", "text")
    .addColumn("expires", "bigint", (column) => column.notNull())
    .addColumn("created", "bigint", (column) => column.notNull())
    .addColumn("parts", "integer", (column) => column.notNull())
    .addColumn("complete", "integer", (column) => column.notNull())
    .addColumn("pushed", "integer", (column) => column.notNull())
    .execute();
  await schema.createIndex("results_owner").on("results").columns(["owner", "expires"]).execute();
  await schema.createIndex("results_expires").on("results").columns(["expires", "state"]).execute();
  await schema.createIndex("results_collection").on("results").column("collection").execute();
  await schema.createIndex("results_turn").on("results").column("turn").execute();
  await schema.createIndex("results_pending").on("results").columns(["turn", "seq"]).where(sql<SqlBool>`state = 'PENDING'`).execute();
  await schema
    .createIndex("results_push")
    .on("results")
    .columns(["turn", "seq"])
    .where(sql<SqlBool>`state = 'READY' and push is not null and parked = 0`)
    .execute();
  await schema
    .createTable("result_parts")
    .addColumn("result", "integer", (column) => column.notNull().references("results.seq").onDelete("cascade"))
    .addColumn("number", "integer", (column) => column.notNull())
    .addColumn("range_after", "bigint")
    .addColumn("range_until", "bigint", (column) => column.notNull())
    .addColumn("last", "integer", (column) => column.notNull())
    .addPrimaryKeyConstraint("result_parts_key", ["result", "number"])
    .modifyEnd(sql.raw(clustered))
    .execute();
}

async function makeDirectory({ schema }: Database, { numbered }: Dialect): Promise<void> {
  await schema
    .createTable("accounts")
    .addColumn("name", "text", (column) => column.notNull().primaryKey())
    .addColumn("password_hash", "text")
    .addColumn("admin", "integer", (column) => column.notNull())
    .addColumn("disabled", "integer", (column) => column.notNull())
    .addColumn("permissions", "text", (column) => column.notNull())
    .execute();
  await schema
    .createTable("account_certificates")
    .addColumn("identity", "text", (column) => column.notNull().primaryKey())
    .addColumn("account", "text", (column) => column.notNull().references("accounts.name").onDelete("cascade"))
    .addColumn("position", "integer", (column) => column.notNull())
    .execute();
  await schema.createIndex("account_certificates_account").on("account_certificates").column("account").execute();
  await schema
    .createTable("tokens")
    .addColumn("seq", "integer", numbered)
    .addColumn("id", "text", (column) => column.notNull().unique())
    .addColumn("account", "text", (column) => column.notNull().references("accounts.name").onDelete("cascade"))
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("label", "text", (column) => column.notNull())
    .addColumn("created", "bigint", (column) => column.notNull())
    .addColumn("expires", "bigint")
    .execute();
  await schema.createIndex("tokens_account").on("tokens").column("account").execute();
  await schema
    .createTable("services")
    .addColumn("id", "text", (column) => column.notNull().primaryKey())
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
}

/** What every task of workers has. */
function taskColumns<C extends string>(table: CreateTableBuilder<string, C>) {
  return table
    .addColumn("attempts", "integer", (column) => column.notNull())
    .addColumn("not_before", "bigint", (column) => column.notNull())
    .addColumn("parked", "integer", (column) => column.notNull())
    .addColumn("error", "text")
    .addColumn("worker", "text")
    .addColumn("lease_until", "bigint")
    .addColumn("turn", "bigint", (column) => column.notNull());
}
