/** `taxii collection`: what content there is. */

import { type Command, Option } from "commander";
import type { Collection, CollectionInit } from "../../storage/index.js";
import { formatLabel } from "../../storage/index.js";
import { requireCollection, settingsOf } from "../admin/collections.js";
import { confirmed } from "../admin/confirm.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type Entry, type JsonFlag, jsonOption, printDone, printThings } from "../admin/print.js";
import { either } from "../admin/switches.js";
import { act, several, wholeNumber } from "../arguments.js";
import { bindingsOf } from "../content-binding-flags.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { bindingsText } from "../listing.js";
import { exitCodes } from "../output.js";

type Flags = DatabaseFlags & JsonFlag;

interface SettingFlags extends Flags {
  readonly type?: Collection["type"] | undefined;
  readonly description?: string | undefined;
  readonly available?: boolean | undefined;
  readonly unavailable?: boolean | undefined;
  readonly binding?: readonly string[] | undefined;
  readonly anyContent?: boolean | undefined;
  readonly volume?: number | undefined;
  readonly keepDays?: number | undefined;
  readonly keepBlocks?: number | undefined;
  readonly keepBytes?: number | undefined;
  readonly keepForever?: boolean | undefined;
}

interface RemoveFlags extends Flags {
  readonly yes?: boolean | undefined;
}

/** Adds `collection` with its commands. */
export function addCollection(program: Command, environment: Environment): void {
  const group = program.command("collection").description("Collections of the server's own database: data feeds and data sets.");
  addNotes(group, {
    exitCodes: operatorExitCodes,
    examples: ["taxii collection add indicators --keep-days 365 --config taxii.yaml", "taxii collection list --config taxii.yaml"],
  });
  addList(group, environment);
  addAdd(group, environment);
  addChange(group, environment);
  addRemove(group, environment);
}

function addList(group: Command, environment: Environment): void {
  const command = jsonOption(
    databaseOptions(group.command("list").description("List all collections.").argument("[name]", "only this one")),
  );
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii collection list --config taxii.yaml --json"] });
  act(command, (name: string | undefined, flags: Flags) =>
    withStorage(flags, environment, async (storage) => {
      const collections = name === undefined ? await storage.collections() : [await requireCollection(storage, name)];
      await printThings(collections.map(shown), flags, entryOf, "There are no collections.", environment.output);
      return exitCodes.ok;
    }),
  );
}

function settingOptions(command: Command): Command {
  return jsonOption(
    databaseOptions(
      command
        .addOption(new Option("--type <type>", "a feed is ordered by time, a set is not").choices(["DATA_FEED", "DATA_SET"]))
        .option("--description <text>", "for people")
        .option("--available", "content can be polled, pushed and sent")
        .option("--unavailable", "for the time being it cannot")
        .option("--binding <binding>", "what it takes, with subtypes behind commas; may be repeated; default: anything", several)
        .option("--any-content", "it takes anything")
        .option("--volume <number>", "records of a typical day", wholeNumber(0))
        .option("--keep-days <number>", "content older than this goes", wholeNumber(1))
        .option("--keep-blocks <number>", "the oldest content goes when there are more blocks", wholeNumber(1))
        .option("--keep-bytes <number>", "the oldest content goes when it is more than this", wholeNumber(1))
        .option("--keep-forever", "nothing goes"),
    ),
  );
}

function addAdd(group: Command, environment: Environment): void {
  const command = settingOptions(group.command("add").description("Add a collection.").argument("<name>", "a URI or a plain word, unique"));
  addNotes(command, {
    exitCodes: operatorExitCodes,
    examples: ["taxii collection add indicators --binding urn:stix.mitre.org:xml:1.1.1 --keep-days 365 --config taxii.yaml"],
  });
  act(command, (name: string, flags: SettingFlags) =>
    withStorage(flags, environment, async (storage) => {
      if ((await storage.collection(name)) !== undefined) throw new UsageError(`there is a collection ${JSON.stringify(name)} already`);
      await storage.putCollection(changed({ name }, flags));
      await printDone(shown(await requireCollection(storage, name)), flags, `Added ${name}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addChange(group: Command, environment: Environment): void {
  const command = settingOptions(
    group.command("change").description("Change a collection; what no flag is about stays.").argument("<name>", "collection"),
  );
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii collection change indicators --unavailable --config taxii.yaml"] });
  act(command, (name: string, flags: SettingFlags) =>
    withStorage(flags, environment, async (storage) => {
      await storage.putCollection(changed(settingsOf(await requireCollection(storage, name)), flags));
      await printDone(shown(await requireCollection(storage, name)), flags, `Changed ${name}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

function addRemove(group: Command, environment: Environment): void {
  const command = group.command("remove").description("Remove a collection with its subscriptions and the content that is in no other.");
  jsonOption(databaseOptions(command.argument("<name>", "collection").option("--yes", "do not ask")));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii collection remove old-reports --yes --config taxii.yaml"] });
  act(command, (name: string, flags: RemoveFlags) =>
    withStorage(flags, environment, async (storage) => {
      const { blockCount } = await requireCollection(storage, name);
      await confirmed(`Remove ${name} with ${blockCount} blocks?`, flags, environment);
      await storage.removeCollection(name);
      await printDone({ name, removed: true }, flags, `Removed ${name}.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

/** @throws UsageError when flags contradict each other */
function changed(before: CollectionInit, flags: SettingFlags): CollectionInit {
  const available = either(flags, "available", "unavailable");
  if (flags.anyContent === true && flags.binding !== undefined) throw new UsageError("--any-content and --binding exclude each other");
  return {
    ...before,
    type: flags.type ?? before.type,
    description: flags.description ?? before.description,
    available: available ?? before.available,
    contentBindings: changedBindings(before.contentBindings, flags),
    volume: flags.volume ?? before.volume,
    retention: changedRetention(before.retention, flags),
  };
}

function changedBindings(
  before: CollectionInit["contentBindings"],
  { anyContent, binding }: SettingFlags,
): CollectionInit["contentBindings"] {
  if (anyContent === true) return [];
  return binding === undefined ? before : bindingsOf(binding);
}

function changedRetention(before: CollectionInit["retention"], flags: SettingFlags): CollectionInit["retention"] {
  const limits = { days: flags.keepDays, blocks: flags.keepBlocks, bytes: flags.keepBytes };
  const given = Object.values(limits).some((limit) => limit !== undefined);
  if (flags.keepForever === true) {
    if (given) throw new UsageError("--keep-forever excludes the other --keep flags");
    return undefined;
  }
  if (!given) return before;
  return { days: limits.days ?? before?.days, blocks: limits.blocks ?? before?.blocks, bytes: limits.bytes ?? before?.bytes };
}

type Shown = Omit<Collection, "newest"> & { readonly newest: string | undefined };

function shown({ newest, ...collection }: Collection): Shown {
  return { ...collection, newest: newest === undefined ? undefined : formatLabel(newest) };
}

function entryOf(collection: Shown): Entry {
  const { name, type, available, description, contentBindings, volume, retention, blockCount, size, newest } = collection;
  return {
    title: `${name} (${type === "DATA_SET" ? "data set" : "data feed"}${available ? "" : ", unavailable"})`,
    rows: [
      ["description", description],
      ["takes", bindingsText(contentBindings)],
      ["volume", volume === undefined ? undefined : `${volume} a day`],
      ["holds", `${blockCount} blocks, ${size} characters`],
      ["newest", newest],
      ["keeps", retentionText(retention)],
    ],
  };
}

function retentionText({ days, blocks, bytes }: NonNullable<Collection["retention"]> = {}): string | undefined {
  const limits = [days && `${days} days`, blocks && `${blocks} blocks`, bytes && `${bytes} bytes`].filter(Boolean);
  return limits.length === 0 ? undefined : limits.join(", ");
}
