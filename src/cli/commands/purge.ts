/** `taxii purge`: removes content by age, number or size. */

import type { Command } from "commander";
import { floorLabel, type Purge, type Purged, type Storage } from "../../storage/index.js";
import { requireCollection } from "../admin/collections.js";
import { confirmed } from "../admin/confirm.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type JsonFlag, jsonOption, printDone } from "../admin/print.js";
import { act, wholeNumber } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { timestampFlag } from "../time-flags.js";

interface Flags extends DatabaseFlags, JsonFlag {
  readonly begin?: string | undefined;
  readonly end?: string | undefined;
  readonly keepDays?: number | undefined;
  readonly keepBlocks?: number | undefined;
  readonly keepBytes?: number | undefined;
  readonly all?: boolean | undefined;
  readonly receipts?: boolean | undefined;
  readonly yes?: boolean | undefined;
}

const millisecondsPerDay = 86_400_000;

/** Adds `purge`. */
export function addPurge(program: Command, environment: Environment): void {
  const command = program.command("purge").description("Remove content from collections; what is in others too stays there.");
  command
    .argument("<collection...>", "collections")
    .option("--begin <time>", "only blocks labelled after this", timestampFlag)
    .option("--end <time>", "only blocks labelled up to this", timestampFlag)
    .option("--keep-days <number>", "only blocks older than this", wholeNumber(0))
    .option("--keep-blocks <number>", "only the oldest, until so many are left", wholeNumber(0))
    .option("--keep-bytes <number>", "only the oldest, until so much is left", wholeNumber(0))
    .option("--all", "all of the content")
    .option("--receipts", "forget the inbox messages of that time as well; needs --end or --keep-days")
    .option("--yes", "do not ask");
  jsonOption(databaseOptions(command));
  addNotes(command, {
    notes: "Polls see what is left. Labels are not given out again, so consumers that poll from the last end on miss and repeat nothing.",
    exitCodes: operatorExitCodes,
    examples: [
      "taxii purge indicators --keep-days 90 --yes --config taxii.yaml",
      "taxii purge indicators --begin 2024-01-01 --end 2024-02-01 --config taxii.yaml",
    ],
  });
  act(command, (names: string[], flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      const limits = limitsOf(flags, environment.now().getTime());
      for (const name of names) await requireCollection(storage, name);
      await confirmed(`Remove content from ${names.join(", ")}?`, flags, environment);
      for (const name of names) await purge(storage, { collection: name, ...limits }, flags, environment);
      await purgeReceipts(storage, limits, flags, environment);
      return exitCodes.ok;
    }),
  );
}

async function purge(storage: Storage, what: Purge, flags: Flags, { output }: Environment): Promise<Purged> {
  const purged = await storage.purge(what);
  const { collection } = what;
  await printDone(
    { collection, ...purged },
    flags,
    `Removed ${purged.blocks} blocks (${purged.size} characters) from ${collection}.`,
    output,
  );
  return purged;
}

async function purgeReceipts(storage: Storage, { until }: Limits, flags: Flags, { output }: Environment): Promise<void> {
  if (flags.receipts !== true || until === undefined) return;
  const receipts = await storage.purgeReceipts(Math.floor(until / 1000));
  await printDone({ receipts }, flags, `Forgot ${receipts} inbox messages.`, output);
}

type Limits = Omit<Purge, "collection">;

/** @throws UsageError when nothing says what is to go, or flags contradict each other */
function limitsOf({ begin, end, keepDays, keepBlocks, keepBytes, all, receipts }: Flags, now: number): Limits {
  const limits: Limits = {
    after: begin === undefined ? undefined : floorLabel(begin),
    until: untilOf(end, keepDays, now),
    keepBlocks,
    keepSize: keepBytes,
  };
  const given = Object.values(limits).some((limit) => limit !== undefined);
  if (given && all === true) throw new UsageError("--all excludes the other flags");
  if (!given && all !== true) throw new UsageError("expected --begin, --end, one of the --keep flags, or --all");
  if (receipts === true && limits.until === undefined) throw new UsageError("--receipts needs --end or --keep-days");
  return limits;
}

function untilOf(end: string | undefined, keepDays: number | undefined, now: number): number | undefined {
  if (end !== undefined && keepDays !== undefined) throw new UsageError("--end and --keep-days exclude each other");
  if (end !== undefined) return floorLabel(end);
  return keepDays === undefined ? undefined : (now - keepDays * millisecondsPerDay) * 1000;
}
