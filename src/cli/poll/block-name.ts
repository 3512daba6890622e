/** The names of files that content blocks are saved in. */

import { createHash } from "node:crypto";
import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../binding/content.js";

/** The content of a block as it came. */
export function contentText({ content }: Pick<ContentBlock, "content">): string {
  return charactersOf(content);
}

/**
 * A name out of collection, label and content: the same block gets the same name in each poll, another block another one. Not
 * yet safe for a file system.
 *
 * @param extension without a dot
 */
export function blockName(collection: string, { timestampLabel = "" }: ContentBlock, bytes: Uint8Array, extension: string): string {
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 12);
  // 2014-12-19T12:00:00.5Z as 20141219T120000.5Z: colons cannot stand in all file names.
  const label = timestampLabel.replace(/^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):/, "$1$2$3T$4$5");
  return `${[collection, label, hash].filter((part) => part !== "").join("_")}.${extension}`;
}
