/** What becomes of a content block: printed or written to a file, its content or the whole of it. */

import { createHash } from "node:crypto";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../binding/content.js";
import { toXml } from "../../codec/xml.js";
import { toText } from "../../message/forms.js";
import { contentBlockTo10 } from "../../message/versions/index.js";
import { createBlockFiles } from "../block-files.js";
import { printable, printableLine } from "../output.js";
import { printFaithfully } from "./print.js";
import type { Session } from "./session.js";

/** The flags about blocks. */
export interface BlockFlags {
  readonly collection: string;
  readonly destDir?: string | undefined;
  /** Whether whole blocks are meant, not only what is in them. */
  readonly raw?: true | undefined;
}

/** Takes one block. */
export type BlockSink = (block: taxii11.ContentBlock) => Promise<void>;

/** What to do with each block. @throws UsageError when the folder is none */
export async function blockSink(flags: BlockFlags, session: Session): Promise<BlockSink> {
  return flags.destDir === undefined ? (block) => printBlock(block, flags, session) : fileSink(flags.destDir, flags, session);
}

async function printBlock(block: taxii11.ContentBlock, { raw }: BlockFlags, { asXml, version, environment }: Session): Promise<void> {
  if (raw !== true) return printFaithfully(contentOf(block), environment);
  if (asXml) return printFaithfully(xmlOf(block, version), environment);
  const text = version === "1.0" ? toText(taxii10.ContentBlock, contentBlockTo10(block)) : toText(taxii11.ContentBlock, block);
  await environment.output.out(`${printable(text)}\n`);
}

/** Writes each block to a file of its own, named after the collection and the block, so that the same block is the same file. */
async function fileSink(directory: string, flags: BlockFlags, session: Session): Promise<BlockSink> {
  const files = await createBlockFiles(directory, { existing: "overwrite" }, session.environment);
  return async (block) => {
    const xml = xmlOf(block, session.version);
    const { path, outcome } = await files.save(fileNameOf(flags.collection, xml), flags.raw === true ? xml : contentOf(block));
    session.detail(`${outcome} ${path}`);
  };
}

/**
 * The collection's name with a dash for each run of what is neither letter, digit nor underscore; and the MD5, in hexadecimal,
 * of the block's XML.
 */
export function fileNameOf(collection: string, xml: string): string {
  return `${collection.replace(/[^\p{L}\p{N}_]+/gu, "-")}_${createHash("md5").update(xml).digest("hex")}`;
}

/** The block as this package writes it, in UTF-8 and without declaration. */
function xmlOf(block: taxii11.ContentBlock, version: Session["version"]): string {
  const options = { declaration: false };
  return version === "1.0" ? toXml(taxii10.ContentBlock, contentBlockTo10(block), options) : toXml(taxii11.ContentBlock, block, options);
}

function contentOf({ content }: taxii11.ContentBlock): string {
  return charactersOf(content);
}

/** `1 block`, `2 blocks`. */
export function blocksText(count: number): string {
  return `${count} ${count === 1 ? "block" : "blocks"}`;
}

/** What a poll response says of itself beside its blocks, for people. */
export function partText({ resultPartNumber, more, resultId, message }: taxii11.PollResponse): string {
  const result = resultId === undefined ? "" : ` of result ${printableLine(resultId)}`;
  const remark = message === undefined ? "" : `: ${printableLine(message)}`;
  return `part ${resultPartNumber}${result}${more ? ", more to come" : ""}${remark}`;
}
