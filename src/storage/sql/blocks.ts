/** Content blocks as rows. */

import { createHash } from "node:crypto";
import type { ContentBlock, ContentInstance } from "../../../generated/taxii11/index.js";
import { charactersOf, checkedXml, isXmlContent } from "../../binding/content.js";
import type { Label } from "../label.js";
import type { BlockRow } from "./schema.js";

export function toRow(label: Label, { content, timestampLabel, message, padding, signature }: ContentBlock, binding: number): BlockRow {
  return {
    label,
    binding,
    markup: isXmlContent(content) ? 1 : 0,
    sent_label: timestampLabel ?? null,
    message: message ?? null,
    padding: padding ?? null,
    signature: signature?.xml ?? null,
    content: charactersOf(content),
  };
}

export function toBlock(row: BlockRow, contentBinding: ContentInstance): ContentBlock {
  return {
    contentBinding,
    content: row.markup === 1 ? checkedXml(row.content) : { text: row.content },
    timestampLabel: row.sent_label ?? undefined,
    message: row.message ?? undefined,
    padding: row.padding ?? undefined,
    signature: row.signature === null ? undefined : checkedXml(row.signature),
  };
}

/** What is equal for blocks of equal binding, subtype and content, and for no others. */
export function digestOf({ binding, markup, content }: Pick<BlockRow, "binding" | "markup" | "content">): string {
  return createHash("sha256").update(`${binding} ${markup} `).update(content).digest("base64");
}
