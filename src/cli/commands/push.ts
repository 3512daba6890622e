/** `taxii push`: files to the inboxes of collections. */

import { Argument, type Command } from "commander";
import type { ContentBlockInit } from "../../../generated/taxii11/index.js";
import type { PushOutcome, PushReport } from "../../client/api.js";
import { PushError } from "../../client/push.js";
import { act, several } from "../arguments.js";
import { type AddressFlags, addressOption, type ConnectionFlags, connectionOptions, openClient } from "../connection-options.js";
import type { Environment } from "../environment.js";
import { exitCodeOf, failureText, UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes, type Output, printableLine } from "../output.js";
import { jsonLine } from "../output-form.js";
import { countText } from "../poll/progress.js";
import { type BlockFlags, readBlock } from "../push/file-block.js";
import { timestampFlag } from "../time-flags.js";

interface Flags extends ConnectionFlags, AddressFlags, BlockFlags {
  readonly collection?: readonly string[] | undefined;
  readonly message?: string | undefined;
  readonly json?: boolean | undefined;
}

const notes = `
Each file becomes a content block: as XML when it is well-formed, without its XML declaration, otherwise as text, and
unchanged in either case. Its content binding is found in the content unless --binding says it; standard error tells which.
Files go in messages of up to 1,000 blocks; an inbox takes a message whole or not at all.`;

/** Adds `push`. */
export function addPush(program: Command, environment: Environment): void {
  const command = program
    .command("push")
    .description("Send files to the inbox of one or several collections.")
    .addArgument(new Argument("<files...>", "files to send; - is standard input"))
    .option("-c, --collection <name>", "collection the content is for; repeatable; default: what the inbox makes of it", several)
    .option("-b, --binding <id>", "content binding of the files; default: by what is in them")
    .option("--subtype <id>", "subtype of the content binding (TAXII 1.1)")
    .option("--message <text>", "remark for a person, sent along")
    .option("--timestamp <time>", "label of the content, such as 2024-05-31T12:00:00Z", timestampFlag)
    .option("--as-text", "send XML as text as well")
    .option("--json", "one JSON object a line for each collection, saying what became of it");
  connectionOptions(addressOption(command));
  addNotes(command, {
    notes,
    examples: [
      "taxii push --url https://taxii.example.com/discovery --collection indicators report.xml",
      "taxii push --profile example --collection a --collection b --binding urn:stix.mitre.org:xml:1.2 stix/*.xml",
      "make-report | taxii push --profile example --collection indicators -",
    ],
  });
  act(command, (files: string[], flags: Flags) => push(files, flags, environment));
}

async function push(files: readonly string[], flags: Flags, environment: Environment): Promise<number> {
  if (files.filter((file) => file === "-").length > 1) throw new UsageError("standard input can be sent once only");
  const { collection, message, address, json = false } = flags;
  const { signal, output } = environment;
  const client = await openClient(flags, environment);
  try {
    const report = await client.push(blocksOf(files, flags, environment), { collection, message, address, signal });
    await print(report, json, output, environment);
    return exitCodes.ok;
  } catch (error) {
    if (!(error instanceof PushError)) throw error;
    await print(error.report, json, output, environment);
    return exitCodeOf(error.cause, signal);
  }
}

/** One file after the other is read, so that memory holds one message and not all files. */
async function* blocksOf(files: readonly string[], flags: BlockFlags, environment: Environment): AsyncGenerator<ContentBlockInit> {
  for (const file of files) yield await readBlock(file, flags, environment);
}

async function print({ outcomes }: PushReport, json: boolean, output: Output, environment: Environment): Promise<void> {
  for (const outcome of outcomes) await (json ? output.out(outcomeLine(outcome, environment)) : printOutcome(outcome, environment));
}

function outcomeLine({ collection, address, blocks, error }: PushOutcome, environment: Environment): string {
  return jsonLine({
    collection: collection ?? null,
    address,
    blocks,
    error: error === undefined ? null : failureText(error, environment),
  });
}

async function printOutcome({ collection, address, blocks, error }: PushOutcome, environment: Environment): Promise<void> {
  const where = printableLine(`${collection ?? "the inbox"} at ${address}`);
  if (error === undefined) await environment.output.out(`${countText(blocks)} taken by ${where}\n`);
  else environment.output.err(`${countText(blocks)} taken by ${where}, then: ${failureText(error, environment)}\n`);
}
