/** Receives the blocks of a poll or a fulfilment: counts them, shows how far it is, and sums up. */

import { type Command, Option } from "commander";
import type { ContentBlock, PollResponse, StatusMessage } from "../../../generated/taxii11/index.js";
import type { Poll } from "../../client/poll/options.js";
import { wholeNumber } from "../arguments.js";
import { createBlockFiles } from "../block-files.js";
import type { Environment } from "../environment.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";
import { type FormFlags, formOf, formOptions } from "../output-form.js";
import { contentText } from "./block-name.js";
import { countText, createProgress, type Progress, sizeText } from "./progress.js";
import { contentSink, type FileCounts, fileSink, jsonSink, type Sink, xmlSink } from "./sinks.js";

/** The flags as commander gives them. */
export interface ReceptionFlags extends FormFlags {
  readonly collection: string;
  readonly destDir?: string | undefined;
  readonly overwrite?: boolean | undefined;
  readonly limit?: number | undefined;
  readonly quiet?: boolean | undefined;
  /** Where the poll keeps where to go on, if it does. */
  readonly state?: string | undefined;
}

/** Adds the flags that say what becomes of the blocks. */
export function receptionOptions(command: Command): Command {
  command
    .addOption(new Option("-n, --limit <number>", "stop after this many blocks").argParser(wholeNumber(1)))
    .option("-d, --dest-dir <folder>", "write a file for each block instead, made of collection, label and a hash of the content")
    .option("--overwrite", "replace files that exist with other content; otherwise that is an error")
    .option("-q, --quiet", "neither progress nor summary on standard error");
  return formOptions(command, {
    json: "one JSON object a line for each block, with libtaxii's keys",
    xml: "one Poll_Response with all blocks; with --dest-dir a Content_Block in each file",
  });
}

/** Receives one poll. Made before it, because the poll tells it of its parts. */
export class Reception {
  readonly #flags: ReceptionFlags;
  readonly #environment: Environment;
  readonly #progress: Progress;
  readonly #counts: FileCounts = { saved: 0, unchanged: 0 };
  #firstPart: PollResponse | undefined;
  #part = 1;
  #blocks = 0;
  #bytes = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(flags: ReceptionFlags, environment: Environment) {
    const { errIsTerminal, outIsTerminal } = environment.output;
    this.#flags = flags;
    this.#environment = environment;
    // Where the content itself goes to the same terminal, it is the best progress.
    const visible = errIsTerminal && flags.quiet !== true && (flags.destDir !== undefined || !outIsTerminal);
    this.#progress = createProgress(environment, visible);
    if (flags.overwrite === true && flags.destDir === undefined) throw new UsageError("--overwrite is given without --dest-dir");
  }

  /** For the poll's `onPart`. */
  readonly onPart = (part: PollResponse): void => {
    this.#firstPart ??= part;
    this.#part = part.resultPartNumber;
    if (part.message !== undefined && this.#flags.quiet !== true) this.#progress.note(`The server says: ${part.message}`);
    this.#show();
  };

  /** For the poll's `onPending`. */
  readonly onPending = (_status: StatusMessage, delay: number): void => {
    if (this.#flags.quiet !== true) this.#progress.note(`The result takes time; asking again in ${Math.ceil(delay / 1000)} s.`);
  };

  /**
   * Receives all blocks. What has arrived is there also when it throws.
   *
   * @throws what the poll throws, and what goes wrong with the files
   */
  async receive(poll: Poll): Promise<void> {
    const sink = await this.#sink();
    try {
      await sink(this.#taken(poll));
      if (this.#failure !== undefined) throw this.#failure.error;
    } finally {
      this.#progress.end();
      // Where nothing came, the error says it all.
      const isSaid = this.#failure !== undefined && this.#blocks === 0;
      if (this.#flags.quiet !== true && !isSaid) this.#environment.output.err(this.#summary(poll));
    }
  }

  async #sink(): Promise<Sink> {
    const { collection, destDir, overwrite } = this.#flags;
    const { output } = this.#environment;
    const form = formOf(this.#flags);
    if (destDir !== undefined) {
      const existing = overwrite === true ? "overwrite" : "refuse";
      const files = await createBlockFiles(destDir, { existing, create: true }, this.#environment);
      return fileSink({ collection, form, files, counts: this.#counts, output });
    }
    if (form === "xml") return xmlSink(collection, () => this.#firstPart, output);
    return form === "json" ? jsonSink(collection, output) : contentSink(output);
  }

  /** The blocks, counted. A break ends them, so that the sink can end what it writes; `receive` throws it afterwards. */
  async *#taken(poll: Poll): AsyncGenerator<ContentBlock, void, undefined> {
    const iterator = poll[Symbol.asyncIterator]();
    try {
      while (this.#blocks < (this.#flags.limit ?? Number.POSITIVE_INFINITY)) {
        const next = await this.#next(iterator);
        if (next === undefined) return;
        yield next;
        this.#blocks += 1;
        this.#bytes += Buffer.byteLength(contentText(next));
        this.#show();
      }
    } finally {
      await iterator.return?.();
    }
  }

  async #next(iterator: AsyncIterator<ContentBlock>): Promise<ContentBlock | undefined> {
    try {
      const next = await iterator.next();
      return next.done === true ? undefined : next.value;
    } catch (error) {
      this.#failure = { error };
      return undefined;
    }
  }

  #show(): void {
    this.#progress.show({ blocks: this.#blocks, bytes: this.#bytes, part: this.#part });
  }

  #summary({ end, result, willPush, recordCount }: Poll): string {
    const { collection, destDir, limit, state } = this.#flags;
    if (willPush) return "The server delivers the result to the inbox.\n";
    const stated = recordCount === undefined || this.#blocks === recordCount ? "" : ` of ${recordCount.toLocaleString("en-US")}`;
    const complete = end === undefined ? "" : `, complete up to ${end}`;
    const lines = [`${countText(this.#blocks)}${stated} (${sizeText(this.#bytes)}) of ${collection}${complete}`];
    if (destDir !== undefined) lines.push(`${this.#counts.saved} saved in ${destDir}, ${this.#counts.unchanged} were there already`);
    if (this.#blocks === limit) lines.push("stopped at the limit");
    if (result !== undefined && state === undefined) {
      const rest = `--collection ${shellWord(collection)} --result ${shellWord(result.id)} --part ${result.part}`;
      lines.push(`the result goes on: taxii fulfil ${rest}`);
    }
    return lines.map((line) => `${printableLine(line)}\n`).join("");
  }
}

/** As a word of a command line that people may copy: the id of a result is the producer's choice. */
function shellWord(text: string): string {
  return /^[\w.:/@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
