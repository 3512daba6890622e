/** `taxii contract`: whether a service keeps to the specifications, row by row. */

import { type Command, Option } from "commander";
import { type CheckResult, checkService } from "../../contract/index.js";
import { act, several } from "../arguments.js";
import { type ConnectionFlags, connectionOf, connectionOptions, urlArgument } from "../connection-options.js";
import { carrierOf } from "../contract/connection.js";
import { exitCodeOfResults, type Threshold, thresholds } from "../contract/judgement.js";
import { junit } from "../contract/junit.js";
import { countsText, TextReport } from "../contract/text.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { jsonLine } from "../output-form.js";
import { withoutSecrets } from "../secrets.js";

interface Flags extends ConnectionFlags {
  readonly collection?: string | undefined;
  readonly write?: string | undefined;
  readonly select?: readonly string[] | undefined;
  readonly format: "text" | "json" | "junit";
  readonly failOn?: Threshold | undefined;
}

const notes = `
The URL is that of a discovery service. Each check is a row of the conformance table, in each version the service speaks, and
ends in one of four ways: it holds, it is broken, it is not applicable, or it is not reachable; the last two say why.

Nothing is changed at the service unless --write names a collection. Then content is sent to it, and subscriptions to it are
made and removed again: name one that is there for tests, and that the account has no subscriptions to.

Services at other origins than the URL's are not asked, unless --auth-origin names them. --timeout is for one check.
--strict is --fail-on should.`;

/** Adds `contract`. */
export function addContract(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("contract").description("Check a service against the specifications, row by row."));
  command
    .option("-c, --collection <name>", "feed to poll; default: the one that shows most")
    .option("--write <name>", "collection to write to; default: nothing is written")
    .option("--select <rows>", "rows to check, such as 'SVC-POLL-*,HTTP-*'; repeatable", several)
    .addOption(new Option("--format <format>", "form of the report").choices(["text", "json", "junit"]).default("text"))
    .addOption(
      new Option("--fail-on <level>", "lowest level of a broken row that makes the exit code 1; default: must").choices([...thresholds]),
    );
  connectionOptions(command);
  addNotes(command, {
    notes,
    exitCodes: {
      0: "nothing is broken that counts",
      1: "something is broken, of the level of --fail-on or above",
      2: "the command line, the configuration or the address is wrong",
      3: "a check had no answer, or not in time",
      130: "interrupted with Ctrl-C",
    },
    examples: [
      "taxii contract https://taxii.example.com/taxii-discovery-service",
      "taxii contract --profile test --write scratch --format junit > contract.xml",
      "taxii contract --profile test --select 'SVC-POLL-*,SVC-RANGE-*' --fail-on any",
    ],
  });
  act(command, (url: string | undefined, flags: Flags) => report(flags, environment, url));
}

async function report(flags: Flags, environment: Environment, url: string | undefined): Promise<number> {
  const connection = await connectionOf(flags, environment, url);
  const { version = "auto", authOrigins, timeout, rewriteOrigin } = connection;
  const threshold = flags.failOn ?? (flags.strict === true ? "should" : "must");
  const print = (text: string): void | Promise<void> => environment.output.out(withoutSecrets(environment, text));
  const results: CheckResult[] = [];
  const text = new TextReport();
  const checks = checkService({
    ...(await carrierOf(connection, environment)),
    url: connection.url,
    collection: flags.collection,
    write: flags.write,
    select: flags.select?.flatMap((list) => list.split(",")).map((row) => row.trim()),
    origins: authOrigins,
    rewriteOrigin,
    versions: version === "auto" ? undefined : [version],
    timeout: timeout === undefined ? undefined : timeout * 1000,
    signal: environment.signal,
  });
  for await (const result of usable(checks)) {
    results.push(result);
    if (flags.format === "text") await print(text.line(result));
    if (flags.format === "json") await print(jsonLine(result));
  }
  if (flags.format === "text") await print(countsText(results));
  if (flags.format === "junit") await print(junit(results, threshold));
  return exitCodeOfResults(results, threshold);
}

/** Faults of the command line in the words of the command line. */
async function* usable(results: AsyncIterable<CheckResult>): AsyncGenerator<CheckResult> {
  try {
    yield* results;
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
