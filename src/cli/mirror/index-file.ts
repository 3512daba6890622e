/**
 * The index of a mirror: one line of JSON for each block, in the order of arrival.
 *
 * One file of lines, because it can be appended to in one step, followed as it grows, and searched with the tools there are; a
 * second file beside each block would double their number.
 */

import { type FileHandle, open } from "node:fs/promises";
import { createInterface } from "node:readline";
import { z } from "zod";
import { parseJson } from "../../message/content/sniff-json.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";

/** What has to be in a line. */
const identified = z.looseObject({ id: z.string(), sha256: z.string(), file: z.string(), label: z.string().optional() });

/** A line. */
export interface IndexLine extends Readonly<Record<string, unknown>> {
  /** A hash of the block with everything that came with it. */
  readonly id: string;
  /** Of the content, in hexadecimal digits. */
  readonly sha256: string;
  /** The file its content is in. */
  readonly file: string;
  /** The timestamp label of the block, where it has one. */
  readonly label?: string | undefined;
}

/** The index, open for appending. */
export interface IndexFile {
  /** Bytes so far. */
  readonly size: number;
  append(line: IndexLine): Promise<void>;
  /** The lines from this byte on. @throws UsageError for what is no line of an index */
  lines(from: number): AsyncGenerator<IndexLine, void, undefined>;
  close(): Promise<void>;
}

/**
 * Opens an index, or makes it. A last line that was not written to its end is taken away.
 *
 * @throws UsageError when the end is not that of an index
 */
export async function openIndexFile(file: string): Promise<IndexFile> {
  const handle = await open(file, "a+", 0o666);
  try {
    let size = await sizeOfLines(handle, file);
    await handle.truncate(size);
    return {
      get size() {
        return size;
      },
      async append(line) {
        const bytes = Buffer.from(lineText(line));
        try {
          await handle.appendFile(bytes);
        } catch (error) {
          // Half a line would spoil the next one.
          await handle.truncate(size).catch(() => undefined);
          throw error;
        }
        size += bytes.length;
      },
      lines: (from) => readLines(file, from > size ? 0 : from),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

const beginning = '{"file":';

/** A line of JSON. Some readers take the separators of Unicode for ends of lines as well. */
function lineText({ file, ...line }: IndexLine): string {
  const text = JSON.stringify({ file, ...line });
  return `${text.replace(/[\u2028\u2029]/g, (separator) => (separator === "\u2028" ? "\\u2028" : "\\u2029"))}\n`;
}

const lineFeed = 0x0a;
const blockSize = 64 * 1024;

/** Bytes up to the end of the last whole line. */
async function sizeOfLines(handle: FileHandle, file: string): Promise<number> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(blockSize);
  let whole = 0;
  for (let end = size; end > 0 && whole === 0; end = Math.max(0, end - blockSize)) {
    const start = Math.max(0, end - blockSize);
    const { bytesRead } = await handle.read(buffer, 0, end - start, start);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(lineFeed);
    if (at >= 0) whole = start + at + 1;
  }
  // What somebody else wrote is not ours to take away.
  const { bytesRead } = await handle.read(buffer, 0, Math.min(size - whole, beginning.length), whole);
  if (!beginning.startsWith(buffer.toString("utf8", 0, bytesRead))) throw notALine(file, "its last line");
  return whole;
}

async function* readLines(file: string, from: number): AsyncGenerator<IndexLine, void, undefined> {
  const handle = await open(file, "r");
  const input = handle.createReadStream({ start: from, encoding: "utf8" });
  try {
    let number = 0;
    for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
      number++;
      const line = identified.safeParse(parseJson(text)?.value);
      if (!line.success) throw notALine(file, from === 0 ? `line ${number}` : `line ${number} behind byte ${from}`);
      yield line.data;
    }
  } finally {
    input.destroy();
    await handle.close();
  }
}

function notALine(file: string, place: string): UsageError {
  return new UsageError(`${printableLine(file)} is no index of a mirror: ${place} has no id, sha256 and file; move it away to begin anew`);
}
