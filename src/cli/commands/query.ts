/** `taxii query`: the content of a collection that meets conditions. */

import { type Command, Option } from "commander";
import { DefaultQuery } from "../../../generated/default-query/index.js";
import type { Client } from "../../client/api.js";
import { isQueryRefusal } from "../../client/poll/query-place.js";
import { toXml } from "../../codec/xml.js";
import { ValidationError } from "../../errors.js";
import { toJson, toText } from "../../message/forms.js";
import { queryBody } from "../../message/query-body.js";
import { StatusError } from "../../message/status-error.js";
import { query as queryFor } from "../../query/build/query.js";
import { explain } from "../../query/explain.js";
import { formatQuery } from "../../query/text/format.js";
import { shortVocabularies } from "../../query/text/words.js";
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
import { exitCodeOf, UsageError } from "../failure.js";
import { addNotes } from "../help.js";
import { exitCodes, printable, printableLine } from "../output.js";
import { Reception, type ReceptionFlags, receptionOptions } from "../poll/reception.js";
import { addQueryFlags, conditionOfFlags, type QueryFlag } from "../query/flags.js";
import { warningsFor } from "../query/support.js";
import { durationFlag, timestampFlag } from "../time-flags.js";

interface Flags extends ConnectionFlags, AddressFlags, Omit<ReceptionFlags, "collection"> {
  readonly collection?: string | undefined;
  readonly tev?: string | undefined;
  readonly ignoreCase?: boolean | undefined;
  readonly print?: keyof typeof printed | true | undefined;
  readonly explain?: boolean | undefined;
  readonly clientSide?: boolean | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly since?: string | undefined;
  readonly binding?: readonly string[] | undefined;
}

const notes = `
A condition is TARGET RELATIONSHIP [VALUE], such as
  **/Title contains 'some text'            STIX_Package/@timestamp >= 2024-01-01T00:00:00Z
  **/Size_In_Bytes > 1000                  **/@id exists
  **/Hash_Value = d41d8cd9 nocase          **/Title ~ '^APT[0-9]+'

A target is the way to elements or to an attribute (@name), without prefixes; * is one of any name, ** any number.
Relationships of core: equals (=), not_equals (!=), greater_than (>), greater_than_or_equal (>=), less_than (<),
less_than_or_equal (<=), exists, does_not_exist, begins_with, ends_with, contains; of regex: matches (~). The orders are
those of numbers, or those of the timestamp module where the value is a date-time; timestamp:equals asks for it by name.
A value with spaces, quotes or parentheses stands in quotes, single or double, which are doubled within. Behind it may
stand nocase, case, or number for equals and not_equals. not, and, or and parentheses join conditions in one --where.
In front may stand the vocabulary, in place of --tev: in stix-1.2 where **/Title contains beacon. Instead of the value all
parameters can be given by name, so that relationships of any module can be asked for:

  **/Address_Value 'urn:example.com:network-1':in_network(value=192.0.2.0/24 strict=true)

Between flags: conditions side by side must all hold; the same flag twice in a row asks for either value; --or joins less
closely than that, and --not turns the next condition around. A server needs not support queries: see its Supported_Query.
With --client-side everything the other flags allow is fetched, and searched here.`;

/** Adds `query`. */
export function addQuery(program: Command, environment: Environment): void {
  const command = urlArgument(program.command("query").description("Fetch the content of a collection that meets conditions (TAXII 1.1)."));
  command.option("-c, --collection <name>", "name of the collection");
  const given = addQueryFlags(command);
  command
    .option("--ignore-case", "compare texts of --where without regard to case, unless they say so themselves")
    .option(
      "--tev <vocabulary>",
      `vocabulary of the targets: ${Object.keys(shortVocabularies).join(", ")} or a URI; default: ${defaultVocabulary}`,
    )
    .addOption(
      new Option("--print [form]", "print the query instead of sending it, and talk to nobody; as a --where: where")
        .choices(Object.keys(printed))
        .preset("xml"),
    )
    .addOption(new Option("--explain", "say in plain words what the query asks for instead of sending it").conflicts("print"))
    .option("--client-side", "search here: fetch everything, and give what meets the conditions; for servers that take no queries")
    .option("--after <time>", "only content labelled later than this, such as 2024-05-31 or 2024-05-31T12:00:00Z", timestampFlag)
    .option("--before <time>", "only content labelled up to this", timestampFlag)
    .addOption(
      new Option("--since <time>", "as --after, counted back from now: 90s, 30m, 12h, 7d, 2w").argParser(durationFlag).conflicts("after"),
    )
    .option("-b, --binding <id>", "only content in this binding, subtypes behind a comma; repeatable", several);
  connectionOptions(addressOption(receptionOptions(command)));
  addNotes(command, {
    notes,
    examples: [
      "taxii query https://taxii.example.com/discovery --collection indicators --ip 192.0.2.9 --ip 198.51.100.7",
      "taxii query --profile example -c indicators --domain evil.example --or --hash d41d8cd98f00b204e9800998ecf8427e",
      "taxii query --profile example -c indicators --where '**/Title contains beacon nocase' --not --id ex:1 --dest-dir found/",
      "taxii query --profile example -c indicators --ip 192.0.2.9 --since 7d --client-side",
      "taxii query --ip 192.0.2.9 --print",
    ],
  });
  act(command, (url: string | undefined, flags: Flags) => run(url, flags, given, environment));
}

const defaultVocabulary = "stix-1.1.1";

const printed = {
  xml: (query: DefaultQuery) => toXml(DefaultQuery, query, { pretty: true, declaration: false }),
  json: (query: DefaultQuery) => toJson(DefaultQuery, query),
  text: (query: DefaultQuery) => toText(DefaultQuery, query),
  where: (query: DefaultQuery) => formatQuery(query, { pretty: true }),
} as const;

async function run(url: string | undefined, flags: Flags, given: readonly QueryFlag[], environment: Environment): Promise<number> {
  const query = queryOfFlags(flags, given);
  if (flags.explain === true) {
    await environment.output.out(explain(query));
    return exitCodes.ok;
  }
  if (flags.print !== undefined) {
    const text = printed[flags.print === true ? "xml" : flags.print](query);
    await environment.output.out(text.endsWith("\n") ? text : `${text}\n`);
    return exitCodes.ok;
  }
  const { collection, after, before, since, binding, address, clientSide = false } = flags;
  if (collection === undefined) throw new UsageError("expected --collection, the name of what is to be searched; or --print or --explain");
  const reception = new Reception({ ...flags, collection }, environment);
  const client = await openClient(flags, environment, url);
  const { onPart, onPending } = reception;
  const { signal } = environment;
  const missing = !clientSide && flags.endpoint !== "service" && (await announce(query, client, environment));
  const range = { address, after, before, since, contentBindings: bindingsOf(binding) };
  // What is missing was told; the server has the last word.
  const asking = { query, checkQuery: false, queryAt: clientSide ? ("client" as const) : ("server" as const) };
  try {
    await reception.receive(client.poll(collection, { ...range, ...asking, signal, onPart, onPending }));
    return exitCodes.ok;
  } catch (error) {
    if (isRefusal(error, missing))
      environment.output.err("The server does not answer this query; --client-side fetches everything, and searches it here.\n");
    throw error;
  }
}

/** @throws UsageError for a query that breaks the rules of Default Query */
function queryOfFlags({ tev, ignoreCase = false }: Flags, given: readonly QueryFlag[]): DefaultQuery {
  const asked = conditionOfFlags(given, { vocabulary: tev ?? defaultVocabulary, isFixed: tev !== undefined, ignoreCase });
  try {
    return queryFor(asked.vocabulary, asked.condition);
  } catch (cause) {
    throw cause instanceof ValidationError ? new UsageError(printable(cause.message), { cause }) : cause;
  }
}

/** Says what the server does not say that it supports. @returns whether there is something */
async function announce(query: DefaultQuery, client: Client, { output, signal }: Environment): Promise<boolean> {
  let missing: readonly string[];
  try {
    missing = warningsFor(queryBody(query), await client.discover({ signal }));
  } catch (error) {
    signal.throwIfAborted();
    // A server without discovery may take queries all the same.
    if (exitCodeOf(error) === exitCodes.network) throw error;
    return false;
  }
  for (const sentence of missing) output.err(`warning: ${printableLine(sentence)}\n`);
  return missing.length > 0;
}

/** Whether a server refuses the query, and not the poll. Some say FAILURE to all they do not know. */
function isRefusal(error: unknown, wasExpected: boolean): boolean {
  return isQueryRefusal(error) || (wasExpected && error instanceof StatusError && error.code === "FAILURE");
}
