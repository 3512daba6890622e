/** Profiles: what the user said once and for all of the servers in use, in `~/.config/taxii/config.yaml`. */

import { readFile, stat } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { isCode } from "../client/node/system-error.js";
import type { Settings } from "./connection/settings.js";
import type { Environment } from "./environment.js";
import { fileErrorText, UsageError } from "./failure.js";
import { printableLine } from "./output.js";

/** Where the configuration is: `TAXII_CONFIG`, or `taxii/config.yaml` in `XDG_CONFIG_HOME`, or in `~/.config`. */
export function configurationFile({ env, home }: Pick<Environment, "env" | "home">): string {
  const { TAXII_CONFIG: file = "", XDG_CONFIG_HOME: folder = "" } = env;
  if (file !== "") return file;
  // A relative one has no meaning, says the XDG Base Directory Specification.
  return join(isAbsolute(folder) ? folder : join(home, ".config"), "taxii", "config.yaml");
}

/**
 * What the profile called `name` says, or the default one.
 *
 * @returns settings that say nothing when no profile is named and there is no configuration or no default in it
 * @throws UsageError when there is no such profile, or the configuration is wrong: every place, with line and column
 */
export async function profileSettings(name: string | undefined, environment: Environment): Promise<Settings> {
  const file = configurationFile(environment);
  const source = await readIfThere(file, environment.env["TAXII_CONFIG"]);
  if (source === undefined) {
    if (name === undefined) return { source: "no profile" };
    throw new UsageError(`there is no profile ${printableLine(name)}, because there is no file ${printableLine(file)}`);
  }
  // Most runs have no configuration, and need no reader for it.
  const { hasSecrets, readConfiguration, settingsOf } = await import("./profile-file.js");
  const { default: preset, profiles } = readConfiguration(source, file);
  if (hasSecrets(profiles)) await warnIfExposed(file, environment);
  const chosen = name ?? preset;
  if (chosen === undefined) return { source: "no profile" };
  const found = Object.hasOwn(profiles, chosen) ? profiles[chosen] : undefined;
  if (found !== undefined) return settingsOf(chosen, found, dirname(resolve(file)), environment.home);
  const names = Object.keys(profiles).map(printableLine).join(", ");
  throw new UsageError(`there is no profile ${printableLine(chosen)} in ${printableLine(file)}; expected one of: ${names}`);
}

async function readIfThere(file: string, named: string | undefined): Promise<string | undefined> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const isMissing = isCode(error, "ENOENT") || isCode(error, "ENOTDIR");
    if (isMissing && (named ?? "") === "") return undefined;
    throw new UsageError(`the configuration cannot be read: ${fileErrorText(error)}`, { cause: error });
  }
}

const readableByOthers = 0o044;

async function warnIfExposed(file: string, { output }: Environment): Promise<void> {
  if (process.platform === "win32") return;
  const { mode } = await stat(file);
  if ((mode & readableByOthers) === 0) return;
  const name = printableLine(file);
  output.err(`warning: ${name} holds secrets and can be read by other users; chmod 600 ${name} keeps them to yourself\n`);
}
