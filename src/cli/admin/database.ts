/** The database that the commands of operators work on: the server's own, whether it runs or not. */

import type { Command } from "commander";
import type { Storage } from "../../storage/index.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { readServerConfig } from "../server/config/read.js";
import { openStorage } from "../server/open-storage.js";

/** The flags as commander gives them. */
export interface DatabaseFlags {
  readonly config?: string | undefined;
  readonly database?: string | undefined;
}

/** Exit codes of the commands of operators. */
export const operatorExitCodes = {
  0: "done",
  1: "the database cannot be used",
  2: "the command line or a file it names is wrong, or there is no such thing",
} as const;

// A command does one thing after the other.
const pool = { connections: 2, timeout: 10, applicationName: "taxii command" };

/** Adds `--config` and `--database`. */
export function databaseOptions(command: Command): Command {
  return command
    .option("--config <file>", "the server's configuration, which names its database")
    .option("--database <database>", "the database itself, instead: an SQLite file or postgres://…; default: TAXII_DATABASE");
}

/**
 * Opens the database, does `work`, and closes it.
 *
 * @throws UsageError when it is not said which database; StorageError when it cannot be used
 */
export async function withStorage<T>(flags: DatabaseFlags, environment: Environment, work: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await openStorage(await databaseFor(flags, environment));
  try {
    return await work(storage);
  } finally {
    await storage.close();
  }
}

/**
 * The database that the flags name, for {@link openStorage}.
 *
 * @throws UsageError when it is not said which database
 */
export async function databaseFor(flags: DatabaseFlags, environment: Environment): Promise<Parameters<typeof openStorage>[0]> {
  return { database: await databaseOf(flags, environment), pool };
}

async function databaseOf({ config, database }: DatabaseFlags, environment: Environment): Promise<string> {
  if (database !== undefined) return database;
  if (config !== undefined) return (await readServerConfig(config, environment)).database;
  const { TAXII_DATABASE: variable } = environment.env;
  if (variable === undefined || variable === "") throw new UsageError("expected --config or --database, to know which database");
  return variable;
}
