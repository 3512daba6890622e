/** `taxii migrate`: brings a database up to date. */

import type { Command } from "commander";
import { type DatabaseFlags, databaseFor, databaseOptions, operatorExitCodes } from "../admin/database.js";
import { type JsonFlag, jsonOption } from "../admin/print.js";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { jsonLine } from "../output-form.js";
import { openStorage } from "../server/open-storage.js";

/** Adds `migrate`. */
export function addMigrate(program: Command, environment: Environment): void {
  const command = jsonOption(databaseOptions(program.command("migrate").description("Bring the database up to date.")));
  addNotes(command, {
    notes: `Servers and workers do so when they start. Steps are taken forward only, each whole or not at all; several processes may
start at the same time. A backup before an upgrade is the way back.`,
    exitCodes: operatorExitCodes,
    examples: ["taxii migrate --config taxii.yaml"],
  });
  act(command, async (flags: DatabaseFlags & JsonFlag) => {
    const steps: string[] = [];
    const storage = await openStorage(await databaseFor(flags, environment), { onMigrated: (name) => steps.push(name) });
    try {
      await storage.ping();
    } finally {
      await storage.close();
    }
    const text = steps.length === 0 ? "The database is up to date.\n" : steps.map((name) => `Migrated ${name}\n`).join("");
    await environment.output.out(flags.json === true ? jsonLine({ steps }) : text);
    return exitCodes.ok;
  });
}
