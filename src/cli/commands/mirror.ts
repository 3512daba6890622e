/** `taxii mirror`: a folder or an inbox in step with a collection. */

import { type Command, Option } from "commander";
import { durationInMicroseconds } from "../../client/poll/duration.js";
import { addMicroseconds } from "../../message/instant.js";
import type { Timestamp } from "../../message/timestamp.js";
import { act, seconds, several } from "../arguments.js";
import { connect } from "../connection.js";
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
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { stateFileFor } from "../mirror/inbox.js";
import { runRounds } from "../mirror/rounds.js";
import { folderTarget, inboxTarget, type MirrorSource, type MirrorTarget } from "../mirror/target.js";
import { watchRelay } from "../relay-summary.js";
import { type Side, sideConnection, sideOptions } from "../side-options.js";
import { durationFlag } from "../time-flags.js";

interface Flags extends ConnectionFlags, AddressFlags {
  readonly collection: string;
  readonly destDir?: string | undefined;
  readonly to?: string | undefined;
  readonly toCollection?: readonly string[] | undefined;
  readonly state?: string | undefined;
  readonly since?: string | undefined;
  readonly window?: string | undefined;
  readonly binding?: readonly string[] | undefined;
  readonly subscription?: string | undefined;
  readonly dedupe?: boolean | undefined;
  readonly keepLabels?: boolean | undefined;
  readonly message?: string | undefined;
  readonly watch?: number | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const inboxSide: Side = { name: "inbox", heading: "The server with the inbox, for --to:" };

const notes = `
Each run fetches what is new since the last one. Nothing is ever taken away.

A folder gets a file for each block, and in index.ndjson a line of JSON for each: file, collection, label, binding,
subtype, kind (xml or text), message, padding, signature, bytes, sha256, id. A block that is in the index is there, and is
there once, also when a run was killed and the next one gets blocks again. A file may be moved away: the index remembers
it. A file with the name of a block and other content is never replaced. Where the next run begins is in
.taxii-mirror.json.

An inbox gets each block at least once: the state is saved when the inbox has taken everything before it. The state is in
$XDG_STATE_HOME/taxii, or in ~/.local/state/taxii, unless --state names a file. What variables and profiles say of the
inbox stands in TAXII_INBOX_PASSWORD and the like, and in --inbox-profile.

--watch goes on until Ctrl-C. After failures it waits longer and longer, up to an hour.`;

/** Adds `mirror`. */
export function addMirror(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("mirror").description("Keep a folder or an inbox in step with a collection, run after run."));
  command
    .requiredOption("-c, --collection <name>", "collection to mirror")
    .option("-d, --dest-dir <folder>", "folder to keep in step; made if need be")
    .addOption(new Option("--to <url>", "server whose inbox to keep in step").conflicts(["destDir", "dedupe"]))
    .addOption(new Option("--to-collection <name>", "collection at the inbox; repeatable").argParser(several).conflicts("destDir"))
    .option("--since <time>", "begin the first run not earlier than this: 90s, 30m, 12h, 7d, 2w before now", durationFlag)
    .option("--window <time>", "ask for this length of time after the other, for servers that do not manage wide ranges", durationFlag)
    .option("-b, --binding <id>", "only content in this binding, subtypes behind a comma; repeatable", several)
    .option("-s, --subscription <id>", "poll on behalf of this subscription")
    .option("--dedupe", "no second file for content that is there already (takes memory for each block of the index)")
    .addOption(new Option("--state <file>", "where to keep the state of a mirror into an inbox").conflicts("destDir"))
    .addOption(new Option("--keep-labels", "send timestamp labels and signatures to the inbox").conflicts("destDir"))
    .addOption(new Option("--message <text>", "remark for a person, sent to the inbox").conflicts("destDir"))
    .option("--watch <seconds>", "go on, with a pause of this length between two runs", seconds)
    .option("-q, --quiet", "neither progress nor summary on standard error")
    .option("--json", "one JSON object a line for each run");
  connectionOptions(addressOption(command));
  sideOptions(command, inboxSide);
  addNotes(command, {
    notes,
    examples: [
      "taxii mirror https://taxii.example.com/discovery --collection indicators --dest-dir stix/ --since 30d",
      "taxii mirror --profile example --collection indicators --dest-dir stix/ --watch 300",
      "taxii mirror --profile a --collection feed --to https://b.example/discovery --inbox-profile b --to-collection feed",
    ],
  });
  act(command, (url: string | undefined, flags: Flags) => mirror(url, flags, environment));
}

async function mirror(url: string | undefined, flags: Flags, environment: Environment): Promise<number> {
  const { collection, address, subscription, binding, window, watch, quiet = false, json = false } = flags;
  if ((flags.destDir ?? flags.to) === undefined) throw new UsageError("expected --dest-dir or --to, to say what is to be kept in step");
  const watcher = watchRelay(environment, quiet);
  const source: MirrorSource = {
    client: await openClient(flags, environment, url),
    collection,
    poll: {
      address,
      subscriptionId: subscription,
      contentBindings: bindingsOf(binding),
      window,
      signal: environment.signal,
      onPart: watcher.onPart,
      onPending: watcher.onPending,
    },
    begin: flags.since === undefined ? undefined : before(environment.now(), flags.since),
  };
  const target = await targetOf(flags, source, environment);
  try {
    return await runRounds(target, { collection, watch, quiet, json, watcher }, environment);
  } finally {
    await target.close();
  }
}

async function targetOf(flags: Flags, source: MirrorSource, environment: Environment): Promise<MirrorTarget> {
  const { destDir, to = "", toCollection: destinations = [], keepLabels = false, message, dedupe = false } = flags;
  if (destDir !== undefined) return folderTarget(destDir, dedupe, source, environment);
  const client = await connect(await sideConnection(inboxSide, { ...flags }, environment, to), environment);
  const route = { from: source.client.url, to: client.url, collection: source.collection, destinations };
  const state = flags.state ?? stateFileFor(route, environment);
  return inboxTarget({ client, route, state, keepLabels, message }, source, environment);
}

function before(now: Date, duration: string): Timestamp {
  return addMicroseconds(now.toISOString(), -durationInMicroseconds(duration, "--since"));
}
