/** `taxii content`: looking at what is stored, and taking single blocks out. */

import type { Command } from "commander";
import { charactersOf } from "../../binding/content.js";
import {
  floorLabel,
  formatLabel,
  type Label,
  type Selection,
  type Storage,
  type StoredBlock,
  type StoredReceipt,
} from "../../storage/index.js";
import { requireCollection } from "../admin/collections.js";
import { confirmed } from "../admin/confirm.js";
import { type DatabaseFlags, databaseOptions, operatorExitCodes, withStorage } from "../admin/database.js";
import { type Entry, isoTime, type JsonFlag, jsonOption, printDone, printThings } from "../admin/print.js";
import { act, wholeNumber } from "../arguments.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { timestampFlag } from "../time-flags.js";

type Flags = DatabaseFlags & JsonFlag;

interface RangeFlags extends Flags {
  readonly begin?: string | undefined;
  readonly end?: string | undefined;
}

interface ListFlags extends RangeFlags {
  readonly limit?: number | undefined;
}

interface ReceiptFlags extends RangeFlags {
  readonly raw?: boolean | undefined;
}

interface RemoveFlags extends Flags {
  readonly yes?: boolean | undefined;
}

/** Adds `content` with its commands. */
export function addContent(program: Command, environment: Environment): void {
  const group = program.command("content").description("Content of the server's own database.");
  addNotes(group, {
    exitCodes: operatorExitCodes,
    examples: ["taxii content list indicators --limit 10 --config taxii.yaml", "taxii content receipts --config taxii.yaml"],
  });
  addList(group, environment);
  addShow(group, environment);
  addReceipts(group, environment);
  addRemove(group, environment);
}

function rangeOptions(command: Command): Command {
  return jsonOption(
    databaseOptions(
      command
        .option("--begin <time>", "only what came after this", timestampFlag)
        .option("--end <time>", "only what came up to this", timestampFlag),
    ),
  );
}

function addList(group: Command, environment: Environment): void {
  const command = group
    .command("list")
    .description("List the blocks of a collection, without their content.")
    .argument("<collection>", "collection");
  rangeOptions(command.option("--limit <number>", "stop after so many", wholeNumber(1)));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii content list indicators --begin 2024-05-01 --config taxii.yaml"] });
  act(command, (collection: string, flags: ListFlags) =>
    withStorage(flags, environment, async (storage) => {
      await requireCollection(storage, collection);
      const blocks = listed(storage, selectionOf(collection, flags), flags.limit);
      await printThings(blocks, flags, blockEntry, "There is no such content.", environment.output);
      return exitCodes.ok;
    }),
  );
}

function selectionOf(collection: string, { begin, end }: RangeFlags): Selection {
  return {
    collection,
    after: begin === undefined ? undefined : floorLabel(begin),
    until: end === undefined ? undefined : floorLabel(end),
  };
}

async function* listed(storage: Storage, selection: Selection, limit = Number.POSITIVE_INFINITY): AsyncGenerator<Listed, void, undefined> {
  let count = 0;
  for await (const stored of storage.content(selection)) {
    yield listedOf(stored);
    if (++count >= limit) return;
  }
}

function addShow(group: Command, environment: Environment): void {
  const command = group.command("show").description("Print the content of a block as it was sent.").argument("<collection>", "collection");
  databaseOptions(command.argument("<label>", "timestamp label of the block, as listed"));
  addNotes(command, {
    exitCodes: operatorExitCodes,
    examples: ["taxii content show indicators 2024-05-31T12:00:00.000000Z --config taxii.yaml"],
  });
  act(command, (collection: string, label: string, flags: DatabaseFlags) =>
    withStorage(flags, environment, async (storage) => {
      await requireCollection(storage, collection);
      const { block } = await requireBlock(storage, collection, labelOf(label));
      await environment.output.out(charactersOf(block.content));
      return exitCodes.ok;
    }),
  );
}

function addReceipts(group: Command, environment: Environment): void {
  const command = group.command("receipts").description("List the inbox messages that were taken: who sent what, and when.");
  rangeOptions(command.option("--raw", "with the documents, where they are kept; implies --json"));
  addNotes(command, { exitCodes: operatorExitCodes, examples: ["taxii content receipts --begin 2024-05-31 --json --config taxii.yaml"] });
  act(command, (flags: ReceiptFlags) =>
    withStorage(flags, environment, async (storage) => {
      const json = flags.json === true || flags.raw === true;
      await printThings(receipts(storage, flags), { json }, receiptEntry, "There are no such messages.", environment.output);
      return exitCodes.ok;
    }),
  );
}

async function* receipts(storage: Storage, { begin, end, raw }: ReceiptFlags): AsyncGenerator<ReceiptShown, void, undefined> {
  const range = { since: millisecondsOf(begin), until: millisecondsOf(end) };
  for await (const receipt of storage.receipts(range)) yield receiptShown(receipt, raw === true);
}

function millisecondsOf(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Math.floor(floorLabel(time) / 1000);
}

function addRemove(group: Command, environment: Environment): void {
  const command = group
    .command("remove")
    .description("Take a block out of a collection; it stays in others.")
    .argument("<collection>", "collection");
  jsonOption(databaseOptions(command.argument("<label>", "timestamp label of the block, as listed").option("--yes", "do not ask")));
  addNotes(command, {
    exitCodes: operatorExitCodes,
    examples: ["taxii content remove indicators 2024-05-31T12:00:00.000000Z --yes --config taxii.yaml"],
  });
  act(command, (collection: string, text: string, flags: RemoveFlags) =>
    withStorage(flags, environment, async (storage) => {
      await requireCollection(storage, collection);
      const label = labelOf(text);
      await requireBlock(storage, collection, label);
      await confirmed(`Remove ${text} from ${collection}?`, flags, environment);
      const { blocks } = await storage.purge({ collection, after: label - 1, until: label });
      await printDone({ collection, label: formatLabel(label), removed: blocks }, flags, `Removed ${blocks} block.`, environment.output);
      return exitCodes.ok;
    }),
  );
}

/** @throws UsageError when the text is no label */
function labelOf(text: string): Label {
  try {
    return floorLabel(text);
  } catch {
    throw new UsageError(`${JSON.stringify(text)} is no timestamp label; expected one such as 2024-05-31T12:00:00.000000Z`);
  }
}

/** @throws UsageError when the collection has no such block */
async function requireBlock(storage: Storage, collection: string, label: Label): Promise<StoredBlock> {
  for await (const stored of storage.content({ collection, after: label - 1, until: label })) return stored;
  throw new UsageError(`${collection} has no block labelled ${formatLabel(label)}`);
}

interface Listed {
  readonly label: string;
  readonly binding: string;
  readonly subtype: string | undefined;
  /** Characters of content. */
  readonly size: number;
  readonly message: string | undefined;
  readonly signed: boolean;
}

function listedOf({ label, block }: StoredBlock): Listed {
  return {
    label: formatLabel(label),
    binding: block.contentBinding.bindingId,
    subtype: block.contentBinding.subtype?.subtypeId,
    size: charactersOf(block.content).length,
    message: block.message,
    signed: block.signature !== undefined,
  };
}

function blockEntry({ label, binding, subtype, size, message, signed }: Listed): Entry {
  return {
    title: label,
    rows: [
      ["binding", `${binding}${subtype === undefined ? "" : ` (${subtype})`}`],
      ["characters", String(size)],
      ["message", message],
      ["signed", signed ? "yes" : undefined],
    ],
  };
}

type ReceiptShown = Omit<StoredReceipt, "received" | "labels" | "raw"> & {
  readonly received: string | undefined;
  readonly labels: readonly string[];
  readonly raw: string | undefined;
};

function receiptShown({ received, labels, raw, ...receipt }: StoredReceipt, withRaw: boolean): ReceiptShown {
  return {
    ...receipt,
    received: isoTime(received),
    labels: labels.map(formatLabel),
    raw: withRaw && raw !== undefined ? new TextDecoder().decode(raw) : undefined,
  };
}

function receiptEntry({ received, account, service, messageId, blockCount, labels, subscriptionId, resultId }: ReceiptShown): Entry {
  return {
    title: `${received} ${account ?? "nobody in particular"} to ${service}`,
    rows: [
      ["message id", messageId],
      ["blocks", `${blockCount}, of them stored: ${labels.length}`],
      ["subscription", subscriptionId],
      ["result", resultId],
    ],
  };
}
