/** `taxii sync`: makes services, collections and accounts what a data file says. */

import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Command } from "commander";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type JsonFlag, jsonOption } from "../admin/print.js";
import { act } from "../arguments.js";
import { readSecretFile } from "../connection/secrets.js";
import { readDataFile } from "../data/data-file.js";
import { type Change, sync } from "../data/sync.js";
import type { Environment } from "../environment.js";
import { fileErrorText, UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes, printableLine } from "../output.js";
import { jsonLine } from "../output-form.js";

interface Flags extends DatabaseFlags, JsonFlag {
  readonly dryRun?: boolean | undefined;
  readonly forceDelete?: boolean | undefined;
}

/** Adds `sync`. */
export function addSync(program: Command, environment: Environment): void {
  const command = program.command("sync").description("Make services, collections and accounts what a data file says.");
  command
    .argument("<file>", "data file in OpenTAXII's format, YAML or JSON; - for standard input")
    .option("-f, --force-delete", "remove collections the file does not have, with their content; default: they become unavailable")
    .option("-n, --dry-run", "say what would be done");
  jsonOption(databaseOptions(command));
  addNotes(command, {
    notes: `Services and accounts the file does not have are removed. A list that the file leaves out altogether stays as it is. Servers that run take the change up within seconds.

Data files of OpenTAXII are read as they are. What it has no words for: destination, versions, retention, password_file, password_hash, certificates, disabled, subtypes as { binding, subtypes }.`,
    exitCodes: operatorExitCodes,
    examples: ["taxii sync data-configuration.yml --dry-run --config taxii.yaml", "taxii sync data-configuration.yml --config taxii.yaml"],
  });
  act(command, async (file: string, flags: Flags) => {
    const data = readDataFile(await readText(file, environment), file);
    return withStorage(flags, environment, async (storage) => {
      const changes = await sync(storage, data, {
        removeCollections: flags.forceDelete ?? false,
        dryRun: flags.dryRun ?? false,
        readPassword: (name) =>
          readSecretFile(file === "-" ? name : resolve(dirname(file), name), "password", { readInput: (path) => readFile(path) }),
        warn: (text) => environment.output.err(`taxii sync: ${printableLine(text)}\n`),
      });
      for (const change of changes) await environment.output.out(flags.json === true ? jsonLine(change) : lineOf(change));
      return exitCodes.ok;
    });
  });
}

function lineOf({ kind, name, action }: Change): string {
  return `${action.padEnd(9)} ${kind} ${printableLine(name)}\n`;
}

async function readText(file: string, { readInput }: Environment): Promise<string> {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await readInput(file));
  } catch (error) {
    throw new UsageError(error instanceof TypeError ? `${printableLine(file)} is not UTF-8` : fileErrorText(error));
  }
}
