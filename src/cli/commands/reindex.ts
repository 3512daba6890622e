/** `taxii reindex`: has the index for queries take in the content that is there. */

import type { Command } from "commander";
import { indexForQueries } from "../../server/query-index.js";
import type { ContentIndexStore, Storage } from "../../storage/index.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type JsonFlag, jsonOption } from "../admin/print.js";
import { act } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { jsonLine } from "../output-form.js";
import { readServerConfig } from "../server/config/read.js";
import { ServiceQueryHandlers } from "../server/queries.js";

type Flags = DatabaseFlags & JsonFlag;

/** Milliseconds between two lines about how far it is. */
const progressInterval = 2000;

/** Adds `reindex`. */
export function addReindex(program: Command, environment: Environment): void {
  const command = jsonOption(
    databaseOptions(program.command("reindex").description("Index the content that queries about preferred scopes are to find quickly.")),
  );
  addNotes(command, {
    notes: `The index has what is in the preferred scopes of the configuration's queries. Servers and workers see to it when they start,
and index what comes from then on; this does the same for what was there before, the newest first. They need not be stopped:
queries find the same before, meanwhile and after. What was begun goes on where it ended, and several may run at once.

With --database the scopes are those the database has already. Where there are none any more, the index is removed.`,
    exitCodes: operatorExitCodes,
    examples: ["taxii reindex --config taxii.yaml"],
  });
  act(command, (flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      await defineBy(flags, storage, environment);
      const { index } = storage;
      if (index === undefined) throw new UsageError("this database keeps no index");
      await indexAll(index, flags, environment);
      return exitCodes.ok;
    }),
  );
}

async function defineBy({ config }: Flags, storage: Storage, environment: Environment): Promise<void> {
  if (config === undefined) return;
  await indexForQueries(storage, new ServiceQueryHandlers(await readServerConfig(config, environment)).vocabularies);
}

async function indexAll(index: ContentIndexStore, flags: Flags, environment: Environment): Promise<void> {
  const { output } = environment;
  let [blocks, told] = [0, environment.now().getTime()];
  for (let done = false; !done; ) {
    const step = await index.index();
    blocks += step.blocks;
    done = step.done;
    const now = environment.now().getTime();
    if (done || now - told < progressInterval) continue;
    told = now;
    const { missing } = await index.state();
    if (flags.json === true) await output.out(jsonLine({ blocks, missing, done }));
    else output.err(`${blocks} blocks indexed, ${missing} to go\n`);
  }
  const { definition, missing } = await index.state();
  const text = definition === undefined ? "There are no preferred scopes, and nothing to index." : `Indexed ${blocks} blocks.`;
  await output.out(flags.json === true ? jsonLine({ blocks, missing, done: true }) : `${text}\n`);
}
