/** A file as a content block: its content, and what that is. */

import type { ContentBlockInit } from "../../../generated/taxii11/index.js";
import type { Content } from "../../binding/content.js";
import { describeContent } from "../../message/content/index.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";
import { readContent } from "./file-content.js";

/** The flags as commander gives them. */
export interface BlockFlags {
  readonly binding?: string | undefined;
  readonly subtype?: string | undefined;
  readonly timestamp?: string | undefined;
  readonly asText?: boolean | undefined;
}

/**
 * Reads a file. Where no binding is given it is taken from the content, and standard error says which one it is.
 *
 * @throws UsageError when the content says nothing of its binding; what {@link readContent} throws
 */
export async function readBlock(file: string, flags: BlockFlags, environment: Environment): Promise<ContentBlockInit> {
  const content = await readContent(file, flags.asText ?? false, environment);
  const subtype = flags.subtype === undefined ? undefined : { subtypeId: flags.subtype };
  const bindingId = flags.binding ?? sniff(file, content, environment);
  return { content, timestampLabel: flags.timestamp, contentBinding: { bindingId, subtype } };
}

function sniff(file: string, content: Content, { output }: Environment): string {
  const { binding, kind, root } = describeContent(content);
  const name = file === "-" ? "standard input" : printableLine(file);
  if (binding === undefined) {
    const found = root === undefined ? kind : `${kind}, <${printableLine(root.name)}>`;
    throw new UsageError(`${name} is of no format with a known content binding (${found}); expected --binding`);
  }
  output.err(`${name}: ${binding}\n`);
  return binding;
}
