/** `taxii-proxy`: content from a collection of one server into an inbox of another. */

import { type Command, Option } from "commander";
import type { Client } from "../../client/api.js";
import { PushError } from "../../client/push.js";
import { contentBindings } from "../../constants.js";
import type { TaxiiVersion } from "../../message/ids.js";
import { act, several } from "../arguments.js";
import { connect } from "../connection.js";
import type { Environment } from "../environment.js";
import { exitCodes } from "../output.js";
import { type RelayProgress, relay } from "../relay.js";
import { addressOf } from "./address.js";
import { blocksText } from "./blocks.js";
import { plainCommand } from "./command.js";
import { cleartextOption, limitOption, type RangeFlags, rangeOf, rangeOptions, verboseOption, versionOption } from "./flags.js";
import { headersOf } from "./headers.js";
import { passwordOf } from "./password.js";
import { remarks } from "./print.js";
import { reportRefusals } from "./push.js";
import { verificationOf } from "./session.js";

/** The flags of one side, without the name of the side. */
interface SideFlags {
  readonly path: string;
  readonly collection: string;
  readonly taxiiVersion: TaxiiVersion;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
  readonly verify: string;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
  readonly keyPassword?: string | undefined;
  readonly jwtAuth?: string | undefined;
  readonly header?: readonly string[] | undefined;
}

type Side = "poll" | "inbox";

/** The flags beside those of the sides, which begin with the name of theirs. */
interface ProxyFlags extends RangeFlags {
  readonly verbose?: true | undefined;
  readonly binding: string;
  readonly limit?: number | undefined;
  readonly cleartextAuth?: true | undefined;
}

/** The program `name`. */
export function proxyCommand(name: string, environment: Environment): Command {
  const command = plainCommand(
    name,
    {
      description: "Push the content of a collection of one server into an inbox of another.",
      options: [
        ...sideOptions("inbox", "inbox service"),
        ...sideOptions("poll", "poll service"),
        verboseOption(),
        new Option("--binding <id>", "content binding to ask for").default(contentBindings.stix12),
        limitOption("the most blocks to push"),
        ...rangeOptions(),
        cleartextOption(),
      ],
      example:
        "--poll-path https://one.example.com/poll --poll-collection indicators " +
        "--inbox-path https://two.example.com/inbox --inbox-collection indicators",
    },
    environment,
  );
  return act(command, (flags: ProxyFlags) => proxy(name, flags, environment));
}

function sideOptions(side: Side, what: string): Option[] {
  return [
    new Option(`--${side}-path <url>`, `URL of the ${what}; required`).makeOptionMandatory(),
    new Option(
      `--${side}-collection <name>`,
      side === "poll" ? "collection to poll; required" : "collection to push to; required",
    ).makeOptionMandatory(),
    versionOption(`--${side}-taxii-version <version>`),
    new Option(`--${side}-username <name>`, `name to log in with at the ${what}`),
    new Option(`--${side}-password <password>`, `its password; without it, ${variableOf(side)} is used, or it is asked for`),
    new Option(`--${side}-verify <what>`, "check the server's certificate: yes, no, or a file of authorities, PEM").default("yes"),
    new Option(`--${side}-cert <file>`, "client certificate, PEM"),
    new Option(`--${side}-key <file>`, "its key, PEM"),
    new Option(`--${side}-key-password <password>`, "opens an encrypted key"),
    new Option(`--${side}-jwt-auth <url>`, "where name and password are exchanged for a token"),
    new Option(`--${side}-header <name:value>`, "further header field; may be given several times").argParser(several),
  ];
}

const variableOf = (side: Side): string => `TAXII_${side.toUpperCase()}_PASSWORD`;

async function proxy(name: string, flags: ProxyFlags, environment: Environment): Promise<number> {
  const { limit, verbose = false, binding } = flags;
  if (limit === 0) return exitCodes.ok;
  const note = remarks(name, environment);
  const [source, target] = [sideOf("poll", flags), sideOf("inbox", flags)];
  const range = rangeOf(flags, environment);
  const from = await clientOf("poll", source, flags, environment);
  const to = await clientOf("inbox", target, flags, environment);
  const hasDestinations = target.taxiiVersion === "1.1";
  if (!hasDestinations) note("--inbox-collection has no effect: in TAXII 1.0 the receiver decides what content is for");
  let progress: Pick<RelayProgress, "polled" | "pushed"> = { polled: 0, pushed: 0 };
  try {
    const { unsigned } = await relay({
      from: from.client,
      collection: source.collection,
      poll: { ...range, contentBindings: [binding], address: from.address, signal: environment.signal },
      to: to.client,
      push: { collection: hasDestinations ? target.collection : undefined, address: to.address, signal: environment.signal },
      limit,
      onProgress(next) {
        progress = next;
        if (verbose) note(`${next.polled} polled, ${next.pushed} pushed`);
      },
    });
    if (unsigned > 0) note(`the signatures of ${blocksText(unsigned)} were left out together with the labels`);
    return exitCodes.ok;
  } catch (error) {
    if (error instanceof PushError) return reportRefusals(error, name, environment);
    throw error;
  } finally {
    note(`${blocksText(progress.polled)} polled, ${progress.pushed} pushed`);
  }
}

/** The flags of one side: `pollPath` is its `path`. */
function sideOf(side: Side, flags: ProxyFlags): SideFlags {
  const own = Object.entries(flags).filter(([name]) => name.startsWith(side));
  return Object.fromEntries(
    own.map(([name, value]) => [name.charAt(side.length).toLowerCase() + name.slice(side.length + 1), value]),
  ) as SideFlags;
}

/** A client of one side, and the address of its service. @throws UsageError when its flags cannot be used */
async function clientOf(
  side: Side,
  flags: SideFlags,
  { cleartextAuth }: ProxyFlags,
  environment: Environment,
): Promise<{ readonly client: Client; readonly address: string }> {
  const { username, jwtAuth } = flags;
  const address = addressOf(`--${side}-path`, flags.path, {});
  const login = { flag: `--${side}-password`, username, password: flags.password, variable: variableOf(side) };
  const connection = {
    url: address,
    endpoint: "service",
    version: flags.taxiiVersion,
    username,
    password: await passwordOf(login, environment),
    jwtUrl: jwtAuth === undefined ? undefined : addressOf(`--${side}-jwt-auth`, jwtAuth, {}),
    headers: headersOf(`--${side}-header`, flags.header, environment),
    cert: flags.cert,
    key: flags.key,
    keyPassword: flags.keyPassword,
    ...verificationOf(flags, environment),
    cleartextAuth,
    followRedirects: true,
  } as const;
  return { client: await connect(connection, environment), address };
}
