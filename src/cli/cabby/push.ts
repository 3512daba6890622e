/** `taxii-push`: a file into an inbox. */

import { Option } from "commander";
import { PushError } from "../../client/push.js";
import { contentBindings } from "../../constants.js";
import { several } from "../arguments.js";
import type { Environment } from "../environment.js";
import { reportFailure, UsageError } from "../failure.js";
import { exitCodes, printableLine } from "../output.js";
import { readContent } from "../push/file-content.js";
import type { CabbyCommand } from "./command.js";
import type { CommonFlags } from "./flags.js";

interface PushFlags extends CommonFlags {
  readonly contentFile: string;
  readonly binding: string;
  readonly subtype?: readonly string[] | undefined;
  /** Names of collections. */
  readonly dest?: readonly string[] | undefined;
}

export const push: CabbyCommand<PushFlags> = {
  description: "Push the content of a file into an inbox.",
  options: [
    new Option("-f, --content-file <file>", "file with the content; - is standard input; required").makeOptionMandatory(),
    new Option("--binding <id>", "what kind of content it is").default(contentBindings.stix12),
    new Option("--subtype <id>", "what kind more precisely").argParser(several),
    new Option("--dest <name>", "collection it is for; may be given several times").argParser(several),
  ],
  example: "--discovery https://taxii.example.com/services/discovery --content-file indicators.xml --dest indicators",
  async run({ contentFile, binding, subtype = [], dest = [] }, session) {
    const { client, address, environment, version } = session;
    const [subtypeId, ...others] = subtype;
    if (others.length > 0) throw new UsageError("--subtype is given several times; a content block has one subtype at most");
    if (version === "1.0" && subtypeId !== undefined)
      throw new UsageError("--subtype cannot be used with TAXII 1.0, which has no subtypes");
    if (version === "1.0" && dest.length > 0)
      throw new UsageError("--dest cannot be used with TAXII 1.0, where the receiver decides what content is for");
    const content = await readContent(contentFile, false, environment);
    const block = {
      contentBinding: { bindingId: binding, subtype: subtypeId === undefined ? undefined : { subtypeId } },
      content,
      timestampLabel: environment.now().toISOString(),
    };
    try {
      const { outcomes } = await client.push([block], {
        collection: dest,
        address,
        signal: environment.signal,
        onMessage: (_blocks, { message }) => session.detail(`taken${message === undefined ? "" : `: ${message}`}`),
      });
      for (const { collection, address: inbox } of outcomes) session.note(`pushed to ${collection ?? inbox}`);
      return exitCodes.ok;
    } catch (error) {
      if (error instanceof PushError) return reportRefusals(error, session.program, environment);
      throw error;
    }
  },
};

/** Reports each destination that did not take all content. @returns the exit code of the first */
export function reportRefusals({ report }: PushError, program: string, environment: Environment): number {
  const codes = report.outcomes.flatMap(({ collection, address, error }) =>
    error === undefined ? [] : [reportFailure(`${program}: ${printableLine(collection ?? address)}`, error, environment)],
  );
  return codes[0] ?? exitCodes.refused;
}
