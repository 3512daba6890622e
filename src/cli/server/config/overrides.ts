/** Environment variables that come before what the file says. */

import { parse } from "yaml";
import type { z } from "zod";
import { connectionVariables } from "../../connection/variables.js";
import { UsageError } from "../../failure.js";
import { type Leaf, leavesOf } from "../../schema-tree.js";
import { closest } from "../../suggestion.js";
import { configSchema } from "./schema.js";

type Variables = Readonly<Record<string, string | undefined>>;

/** A value for a place in the configuration. */
export interface Override {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** The names of version 0.2 stand for what they stand for in the file. */
const aliases: Readonly<Record<string, readonly string[]>> = {
  TAXII_HOST: ["listen", "host"],
  TAXII_PORT: ["listen", "port"],
  TAXII_MAX_REQUEST_BYTES: ["limits", "requestBytes"],
};

/** Each setting that is a single value, by its variable: `TAXII_LISTEN_PORT` for `listen.port`. */
export const configVariables: ReadonlyMap<string, Leaf> = variablesOf(leavesOf(configSchema));

function variablesOf(leaves: readonly Leaf[]): Map<string, Leaf> {
  const byPath = new Map(leaves.map((leaf) => [leaf.path.join("."), leaf]));
  return new Map(
    leaves
      .filter(({ path }) => path[0] !== "$schema")
      .map((leaf) => {
        const name = `TAXII_${leaf.path.map((key) => key.replace(/[A-Z]/g, "_$&")).join("_")}`.toUpperCase();
        return [name, byPath.get((aliases[name] ?? leaf.path).join(".")) ?? leaf];
      }),
  );
}

/**
 * The settings that the environment has. A variable that is empty is not set.
 *
 * @throws UsageError naming each variable whose value cannot be used, without the value, which may be a secret
 */
export function overridesOf(env: Variables): readonly Override[] {
  const problems: string[] = [];
  const overrides: Override[] = [];
  // What stands for another one goes first, so that the new name counts when both are set.
  const known = [...configVariables].sort(([one], [other]) => Number(other in aliases) - Number(one in aliases));
  for (const [name, { path, schema }] of known) {
    const given = env[name];
    if (given === undefined || given === "") continue;
    const value = valueOf(given, schema);
    if ("problem" in value) problems.push(`${name}: ${value.problem}`);
    else overrides.push({ path, value: value.value });
  }
  if (problems.length > 0) throw new UsageError(problems.join("\n"));
  return overrides;
}

/** A text when the setting takes texts; otherwise what YAML makes of it: a number, true, a list. */
function valueOf(given: string, schema: z.ZodType): { readonly value: unknown } | { readonly problem: string } {
  if (schema.safeParse(given).success) return { value: given };
  const value = yamlValue(given);
  const result = schema.safeParse(value);
  return result.success ? { value } : { problem: result.error.issues[0]?.message ?? "it cannot be used" };
}

function yamlValue(given: string): unknown {
  try {
    return parse(given, { logLevel: "silent" });
  } catch {
    return given;
  }
}

/** Variables that look like settings and are none: each with the one that may be meant. */
export function unknownVariables(env: Variables): readonly { readonly name: string; readonly meant: string }[] {
  const others = new Set([...Object.keys(connectionVariables), "TAXII_PROFILE", "TAXII_CONFIG"]);
  return Object.keys(env)
    .filter((name) => name.startsWith("TAXII_") && !configVariables.has(name) && !others.has(name))
    .flatMap((name) => {
      const meant = closest(name, configVariables.keys());
      return meant === undefined ? [] : [{ name, meant }];
    });
}

/**
 * A value with the overrides in it. What is in the way of one, because it is no object, stays: the schema says so. A secret and
 * the file it may be in are one setting: the one that is given takes the place of the other.
 */
export function withOverrides(value: unknown, overrides: readonly Override[]): unknown {
  const cleared = overrides
    .flatMap(({ path }) => counterpartsOf(path))
    .reduce<unknown>((before, path) => put(before, path, undefined), value);
  return overrides.reduce<unknown>((before, { path, value: given }) => put(before, path, given), cleared);
}

const settings: ReadonlyMap<string, Leaf["path"]> = new Map([...configVariables.values()].map(({ path }) => [path.join("."), path]));

/** `databaseFile` for `database`, and the other way round, where there is such a setting. */
function counterpartsOf(path: Leaf["path"]): Leaf["path"][] {
  const name = path.join(".");
  const counterpart = settings.get(name.endsWith("File") ? name.slice(0, -"File".length) : `${name}File`);
  return counterpart === undefined ? [] : [counterpart];
}

function put(value: unknown, [key, ...rest]: readonly string[], given: unknown): unknown {
  if (key === undefined) return given;
  if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value))) return value;
  const object = (value ?? {}) as Readonly<Record<string, unknown>>;
  return { ...object, [key]: put(object[key], rest, given) };
}
