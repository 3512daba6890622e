/** `taxii proxy`: the content of a collection into an inbox of another server. */

import { type Command, Option } from "commander";
import { act, several, wholeNumber } from "../arguments.js";
import { connect } from "../connection.js";
import { bindingsOf } from "../content-binding-flags.js";
import type { Environment } from "../environment.js";
import { addNotes } from "../help.js";
import { exitCodes, printableLine } from "../output.js";
import { jsonLine } from "../output-form.js";
import { type RelayReport, relay } from "../relay.js";
import { relaySummary, watchRelay } from "../relay-summary.js";
import { type Side, sideConnection, sideOptions } from "../side-options.js";
import { timestampFlag } from "../time-flags.js";

interface Flags extends Readonly<Record<string, unknown>> {
  readonly pollCollection: string;
  readonly inboxCollection?: readonly string[] | undefined;
  readonly pollAddress?: string | undefined;
  readonly inboxAddress?: string | undefined;
  readonly begin?: string | undefined;
  readonly end?: string | undefined;
  readonly binding?: readonly string[] | undefined;
  readonly limit?: number | undefined;
  readonly keepLabels?: boolean | undefined;
  readonly message?: string | undefined;
  readonly quiet?: boolean | undefined;
  readonly json?: boolean | undefined;
}

const pollSide: Side = { name: "poll", heading: "The server to poll:" };
const inboxSide: Side = { name: "inbox", heading: "The server with the inbox:" };

const notes = `
Content, bindings, subtypes, remarks and padding go over as they are, in messages of up to 1,000 blocks and 8 MiB. The
receiver gives labels of its own, unless --keep-labels says otherwise. What came whole before an error is still sent.

Everything an environment variable or a profile can say of a server holds for one side only: TAXII_POLL_PASSWORD and
--poll-profile, TAXII_INBOX_PASSWORD and --inbox-profile. To go on where the last run ended, see taxii mirror --to.`;

/** Adds `proxy`. */
export function addProxy(program: Command, environment: Environment): void {
  const command = program.command("proxy").description("Poll a collection of one server and push its content to an inbox of another.");
  command
    .requiredOption("--poll-collection <name>", "collection to poll")
    .option("--inbox-collection <name>", "collection the content is for; repeatable; default: what the inbox makes of it", several)
    .option("--poll-address <url>", "where to poll, instead of what discovery and the collection say")
    .option("--inbox-address <url>", "where to push, instead of what discovery and the collection say")
    .option("--begin <time>", "only content labelled later than this, such as 2024-05-31 or 2024-05-31T12:00:00Z", timestampFlag)
    .option("--end <time>", "only content labelled up to this", timestampFlag)
    .option("-b, --binding <id>", "only content in this binding, subtypes behind a comma; repeatable", several)
    .addOption(new Option("-n, --limit <number>", "stop after this many blocks").argParser(wholeNumber(1)))
    .option("--keep-labels", "send timestamp labels and signatures along")
    .option("--message <text>", "remark for a person, sent along with each message")
    .option("-q, --quiet", "neither progress nor summary on standard error")
    .option("--json", "one JSON object about it all on standard output");
  sideOptions(command, pollSide);
  sideOptions(command, inboxSide);
  addNotes(command, {
    notes,
    examples: [
      "taxii proxy --poll-url https://a.example/discovery --poll-collection feed --inbox-url https://b.example/discovery",
      "taxii proxy --poll-profile a --poll-collection feed --inbox-profile b --inbox-collection incoming --begin 2024-05-01",
    ],
  });
  act(command, (flags: Flags) => proxy(flags, environment));
}

async function proxy(flags: Flags, environment: Environment): Promise<number> {
  const { pollCollection: collection, inboxCollection, begin, end, binding, limit, keepLabels, message, quiet = false } = flags;
  const { signal, output } = environment;
  const from = await connect(await sideConnection(pollSide, flags, environment), environment);
  const to = await connect(await sideConnection(inboxSide, flags, environment), environment);
  const watcher = watchRelay(environment, quiet);
  const { onPart, onPending, onProgress } = watcher;
  const contentBindings = bindingsOf(binding);
  let report: RelayReport | undefined;
  try {
    report = await relay({
      from,
      collection,
      poll: { after: begin, before: end, contentBindings, address: flags.pollAddress, signal, onPart, onPending },
      to,
      push: { collection: inboxCollection, message, address: flags.inboxAddress, signal },
      keepLabels,
      limit,
      onProgress,
    });
    return exitCodes.ok;
  } finally {
    watcher.end();
    if (!quiet) output.err(`${printableLine(relaySummary(collection, watcher.progress, report))}\n`);
    if (flags.json === true) await output.out(jsonLine({ collection, ...watcher.progress, end: report?.end ?? null }));
  }
}
