/** `taxii poll`: the content of a collection. */

import { type Command, Option } from "commander";
import type { Client } from "../../client/api.js";
import { fileState } from "../../client/node/index.js";
import type { PollOptions } from "../../client/poll/options.js";
import { act, several } from "../arguments.js";
import {
  type AddressFlags,
  addressOption,
  type ConnectionFlags,
  connectionOptions,
  openClient,
  urlArgument,
} from "../connection-options.js";
import { bindingsOf } from "../content-binding-flags.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes } from "../output.js";
import { formOf, jsonLine } from "../output-form.js";
import { Reception, type ReceptionFlags, receptionOptions } from "../poll/reception.js";
import { durationFlag, timestampFlag } from "../time-flags.js";

interface Flags extends ConnectionFlags, AddressFlags, ReceptionFlags {
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly since?: string | undefined;
  readonly window?: string | undefined;
  readonly binding?: readonly string[] | undefined;
  readonly subscription?: string | undefined;
  readonly count?: boolean | undefined;
  readonly state?: string | undefined;
}

const notes = `
The content goes to standard output as it comes, or into files; everything else goes to standard error. Results in several
parts, and results that take time, are put together. Memory stays flat, however much there is.

--after is exclusive and --before inclusive, as in TAXII, so that the end of one poll is the --after of the next. --state
keeps that end in a file and goes on from there, also within a result of several parts that was interrupted. Ctrl-C ends
the poll: what is whole stays, and so does the state that goes with it.`;

/** Adds `poll`. */
export function addPoll(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("poll").description("Fetch the content of a collection."));
  command
    .requiredOption("-c, --collection <name>", "name of the collection; in TAXII 1.0, of the feed")
    .option("--after <time>", "only content labelled later than this, such as 2024-05-31 or 2024-05-31T12:00:00Z", timestampFlag)
    .option("--before <time>", "only content labelled up to this", timestampFlag)
    .addOption(
      new Option("--since <time>", "as --after, counted back from now: 90s, 30m, 12h, 7d, 2w").argParser(durationFlag).conflicts("after"),
    )
    .option("--window <time>", "ask for this length of time after the other, for servers that do not manage wide ranges", durationFlag)
    .option("-b, --binding <id>", "only content in this binding, subtypes behind a comma; repeatable", several)
    .option("-s, --subscription <id>", "poll on behalf of this subscription")
    .option("--state <file>", "go on where the last poll with this file ended")
    .addOption(new Option("--count", "print how many blocks there are, and fetch none (TAXII 1.1)").conflicts(["destDir", "xml", "state"]));
  connectionOptions(addressOption(receptionOptions(command)));
  addNotes(command, {
    notes,
    examples: [
      "taxii poll https://taxii.example.com/discovery --collection indicators --since 7d --dest-dir stix/",
      "taxii poll --profile example --collection indicators --state indicators.state --json | jq -r .timestamp_label",
      "taxii poll --profile example --collection indicators --count",
    ],
  });
  act(command, async (url: string | undefined, flags: Flags) => {
    const options = optionsOf(flags, environment);
    const reception = new Reception(flags, environment);
    const client = await openClient(flags, environment, url);
    if (flags.count === true) return count(client, flags, options, environment);
    const state = flags.state === undefined ? undefined : fileState(flags.state);
    const { onPart, onPending } = reception;
    await reception.receive(client.poll(flags.collection, { ...options, window: flags.window, state, onPart, onPending }));
    return exitCodes.ok;
  });
}

function optionsOf({ address, after, before, since, binding, subscription }: Flags, { signal }: Environment): PollOptions {
  return { signal, address, after, before, since, contentBindings: bindingsOf(binding), subscriptionId: subscription };
}

async function count(client: Client, flags: Flags, options: PollOptions, { output }: Environment): Promise<number> {
  const found = await client.count(flags.collection, options);
  if (formOf(flags) === "json") {
    const { value = null, partialCount = null } = found ?? {};
    await output.out(jsonLine({ collection_name: flags.collection, record_count: value, partial_count: partialCount }));
  } else if (found === undefined) output.err("The server does not say how many there are.\n");
  else await output.out(`${found.partialCount ? "at least " : ""}${found.value}\n`);
  return exitCodes.ok;
}
