/** For test files: databases in the one PostgreSQL of a run. */

import { randomUUID } from "node:crypto";
import pg from "pg";
import { inject } from "vitest";
import { postgresPrograms } from "./postgres.js";
import { meetPostgres } from "./postgres-meeting.js";

/**
 * Whether tests can use PostgreSQL. Where they run to gate a landing it has to be there, and this is true; the tests then fail
 * with what is missing.
 */
export const hasPostgres = postgresPrograms() !== undefined || Boolean(process.env["CI"]);

if (!hasPostgres) console.warn("PostgreSQL is not installed: its tests are skipped (apt-get install postgresql-15)");

let database: Promise<string> | undefined;

/**
 * Makes something that is as good as an empty database, and says its address: a schema in a database of this test file, which is
 * made in no time.
 */
export async function postgresDatabase(): Promise<string> {
  database ??= meetPostgres(inject("postgresMeeting")).then((postgres) => postgres.createDatabase());
  const url = await database;
  const schema = `s${randomUUID().replaceAll("-", "")}`;
  await postgresQuery(url, `create schema ${schema}`);
  return `${url}?options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

/** Asks a database, behind a storage's back. */
export async function postgresQuery(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}
