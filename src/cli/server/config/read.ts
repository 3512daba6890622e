/** Reading a configuration. */

import { z } from "zod";
import { readSecretFile } from "../../connection/secrets.js";
import type { Environment } from "../../environment.js";
import { fileErrorText, UsageError } from "../../failure.js";
import { keepSecret } from "../../secrets.js";
import { readYaml } from "../../yaml-file.js";
import { overridesOf, withOverrides } from "./overrides.js";
import { type ConfigFile, completeConfig, configSchema, type ServerConfig } from "./schema.js";

type World = Pick<Environment, "env" | "readInput"> & Environment;

/**
 * Reads a configuration file, YAML or JSON; `-` is standard input. Environment variables come before what it says.
 *
 * @throws UsageError with `FILE:LINE:COLUMN: what is wrong` for each place, or when a file cannot be read
 */
export async function readServerConfig(file: string, environment: World): Promise<ServerConfig> {
  return parseServerConfig(await readText(file, environment), file, environment);
}

/** The same, from the text of a file. */
export async function parseServerConfig(source: string, name: string, environment: World): Promise<ServerConfig> {
  const overrides = overridesOf(environment.env);
  const schema = z.preprocess((value) => withOverrides(value ?? {}, overrides), configSchema);
  const config = readYaml(source, schema, name);
  return completeConfig(config, await databaseOf(config, name, environment));
}

async function databaseOf({ database, databaseFile }: ConfigFile, name: string, environment: World): Promise<string> {
  if (database !== undefined && databaseFile !== undefined)
    throw new UsageError(`${name}: the database is given twice: database and databaseFile`);
  const given = databaseFile === undefined ? database : await readSecretFile(databaseFile, "database", environment);
  if (given === undefined || given === "")
    throw new UsageError(`${name}: expected a database: a file for SQLite, or postgres://…, as database, databaseFile or TAXII_DATABASE`);
  const password = URL.canParse(given) ? new URL(given).password : "";
  keepSecret(environment, password, decoded(password));
  return given;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

async function readText(file: string, { readInput }: Environment): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readInput(file));
  } catch (cause) {
    if (cause instanceof TypeError) throw new UsageError(`${file} is not UTF-8`, { cause });
    throw new UsageError(`the configuration cannot be read: ${fileErrorText(cause, file)}`, { cause });
  }
}
