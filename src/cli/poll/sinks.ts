/** Where the blocks of a poll go: standard output in one of three forms, or files. */

import { ContentBlock, PollResponse } from "../../../generated/taxii11/index.js";
import { toXml } from "../../codec/xml.js";
import { describeContent } from "../../message/content/index.js";
import { create } from "../../message/create.js";
import { toJsonObject } from "../../message/forms.js";
import { writeMessageStream } from "../../message/stream.js";
import type { BlockFiles } from "../block-files.js";
import type { MessageForm } from "../message-text.js";
import { type Output, printable, printableLine } from "../output.js";
import { jsonLine } from "../output-form.js";
import { blockName, contentText } from "./block-name.js";
import { extensionOf } from "./extension.js";

/** Takes blocks one by one, each only when the one before has been dealt with, so that memory stays flat. */
export type Sink = (blocks: AsyncIterable<ContentBlock>) => Promise<void>;

/**
 * The content of each block as it came, followed by a line feed where it has none. On a terminal what it would act on is made
 * visible, and a line about each block goes to standard error.
 */
export function contentSink(output: Output): Sink {
  return async (blocks) => {
    for await (const block of blocks) {
      const text = contentText(block);
      if (output.outIsTerminal) output.err(`${headline(block)}\n`);
      await output.out(output.outIsTerminal ? printable(text) : text);
      if (!text.endsWith("\n")) await output.out("\n");
    }
  };
}

function headline({ timestampLabel, contentBinding: { bindingId, subtype }, message }: ContentBlock): string {
  const parts = [timestampLabel ?? "(no label)", bindingId, subtype?.subtypeId, message];
  return `--- ${parts.flatMap((part) => (part === undefined ? [] : [printableLine(part)])).join("  ")}`;
}

/** A line of JSON for each block: libtaxii's dictionary, the collection, and what the content turns out to be. */
export function jsonSink(collection: string, output: Output): Sink {
  return async (blocks) => {
    for await (const block of blocks) {
      await output.out(jsonLine({ ...origin(collection, block), ...toJsonObject(ContentBlock, block) }));
    }
  };
}

function origin(collection: string, block: ContentBlock): object {
  const { kind, stixVersion = null } = describeContent(block);
  return { collection_name: collection, content_kind: kind, stix_version: stixVersion };
}

/**
 * One Poll_Response with all blocks, whatever number of parts they came in. The document is complete also when the poll breaks.
 *
 * @param firstPart the head of the first part, once it has arrived
 */
export function xmlSink(collection: string, firstPart: () => PollResponse | undefined, output: Output): Sink {
  return async (blocks) => {
    const iterator = blocks[Symbol.asyncIterator]();
    // The head comes with the first block.
    const first = await iterator.next();
    const { subscriptionId, exclusiveBeginTimestamp, inclusiveEndTimestamp, recordCount, message } = firstPart() ?? {};
    const head = create(PollResponse, {
      inResponseTo: "0",
      collectionName: collection,
      subscriptionId,
      exclusiveBeginTimestamp,
      inclusiveEndTimestamp,
      recordCount,
      message,
    });
    async function* all(): AsyncGenerator<ContentBlock, void, undefined> {
      for (let next = first; next.done !== true; next = await iterator.next()) yield next.value;
    }
    for await (const piece of writeMessageStream(PollResponse, head, all())) await output.out(piece);
    await output.out("\n");
  };
}

/** What became of the files of a poll. */
export interface FileCounts {
  saved: number;
  unchanged: number;
}

export interface FileSinkOptions {
  readonly collection: string;
  readonly form: MessageForm;
  readonly files: BlockFiles;
  readonly counts: FileCounts;
  readonly output: Output;
}

/**
 * A file for each block. In the XML form it is the whole Content_Block, otherwise the content as it came. Standard output gets
 * the path, on a terminal nothing; in the JSON form a line about each block without its content.
 */
export function fileSink({ collection, form, files, counts, output }: FileSinkOptions): Sink {
  return async (blocks) => {
    for await (const block of blocks) {
      const bytes = Buffer.from(form === "xml" ? toXml(ContentBlock, block) : contentText(block));
      const { path, outcome } = await files.save(blockName(collection, block, bytes, form === "xml" ? "xml" : extensionOf(block)), bytes);
      if (outcome === "unchanged") counts.unchanged += 1;
      else counts.saved += 1;
      if (form === "json") {
        const { content: _, content_is_xml: __, ...rest } = toJsonObject(ContentBlock, block);
        await output.out(jsonLine({ ...origin(collection, block), file: path, outcome, bytes: bytes.length, ...rest }));
      } else if (!output.outIsTerminal) await output.out(`${path}\n`);
    }
  };
}
