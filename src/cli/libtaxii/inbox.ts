/** The scripts that send content: inbox_client, inbox_client_10. */

import { Option } from "commander";
import { InboxMessage as InboxMessage10 } from "../../../generated/taxii10/index.js";
import { InboxMessage as InboxMessage11 } from "../../../generated/taxii11/index.js";
import type { Content } from "../../binding/content.js";
import { contentBindings } from "../../constants.js";
import { create } from "../../message/create.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { exitCodes } from "../output.js";
import { readContent } from "../push/file-content.js";
import { addressOf, defaultPaths } from "./address.js";
import { exchange } from "./exchange.js";
import type { CommonFlags, Script } from "./flags.js";
import { sampleContent } from "./sample-content.js";

interface InboxFlags extends CommonFlags {
  readonly contentBinding: string;
  readonly subtype?: string | undefined;
  readonly contentFile?: string | undefined;
  readonly dcn?: string | undefined;
}

function contentOptions(): Option[] {
  return [
    new Option("--content-binding <id>", "content binding of the content").default(contentBindings.stix111, "STIX XML 1.1.1"),
    new Option("--subtype <id>", "subtype of the content binding; TAXII 1.1 only"),
    new Option("--content-file <file>", "the content, XML or text in UTF-8; - is standard input; default: a sample in STIX 1.1.1"),
  ];
}

export const inboxClient: Script<InboxFlags> = {
  description: "Send content to a TAXII 1.1 inbox service.",
  options: [...contentOptions(), new Option("--dcn <name>", "destination collection; default: none is named")],
  example: "-u https://taxii.example.com/inbox --content-file package.xml --dcn indicators",
  async run(flags, environment) {
    const { contentBinding: bindingId, subtype: subtypeId, dcn } = flags;
    const url = addressOf(flags, defaultPaths.data, environment);
    const contentBinding = { bindingId, subtype: subtypeId === undefined ? undefined : { subtypeId } };
    const message = create(InboxMessage11, {
      destinationCollectionNames: dcn === undefined ? [] : [dcn],
      contentBlocks: [{ contentBinding, content: await contentOf(flags, environment) }],
    });
    await exchange(message, url, flags, environment);
    return exitCodes.ok;
  },
};

export const inboxClient10: Script<InboxFlags> = {
  description: "Send content to a TAXII 1.0 inbox service.",
  options: contentOptions(),
  example: "-u https://taxii.example.com/inbox --content-file package.xml",
  async run(flags, environment) {
    const { contentBinding, subtype } = flags;
    const url = addressOf(flags, defaultPaths.data, environment);
    // Left out in silence, the content would arrive under another label than the one it was given.
    if (subtype !== undefined) throw new UsageError("--subtype: TAXII 1.0 has no subtypes; inbox_client sends TAXII 1.1");
    const message = create(InboxMessage10, { contentBlocks: [{ contentBinding, content: await contentOf(flags, environment) }] });
    await exchange(message, url, flags, environment);
    return exitCodes.ok;
  },
};

/** The content of `--content-file`, or the sample. @throws UsageError; what {@link readContent} throws */
async function contentOf({ contentFile, contentBinding }: InboxFlags, environment: Environment): Promise<Content> {
  if (contentFile !== undefined) return readContent(contentFile, false, environment);
  if (contentBinding !== contentBindings.stix111)
    throw new UsageError(`--content-binding ${contentBinding} needs --content-file; the sample is in ${contentBindings.stix111}`);
  environment.output.err("No --content-file: a sample in STIX 1.1.1 is sent.\n");
  return sampleContent();
}
