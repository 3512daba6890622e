/** `--dest-dir` and `--write`: content blocks to files. */

import { Option } from "commander";
import { charactersOf } from "../../binding/content.js";
import { type BlockFiles, createBlockFiles, type SavedFile } from "../block-files.js";
import type { Environment } from "../environment.js";
import { type NamedReply, nameOf, UniqueNames } from "./block-names.js";
import type { ContentBlock } from "./messages.js";
import type { Printer } from "./printing.js";

const writeModes = ["clobber", "skip", "prompt", "none"] as const;

/** What the flags about files give. */
export interface FileFlags {
  readonly destDir: string;
  readonly write: (typeof writeModes)[number];
}

/** The flags about files. */
export function fileOptions(): Option[] {
  return [
    new Option("--dest-dir <folder>", "where the content blocks are written; it must exist").default("", "the current folder"),
    new Option("--write <mode>", "files that exist: overwrite them, keep them, or ask; none writes nothing")
      .choices(writeModes)
      .default("clobber"),
  ];
}

const existing = { clobber: "overwrite", skip: "keep", prompt: "ask" } as const;

/** The files of one reply. */
export class SavedBlocks {
  readonly #files: BlockFiles | undefined;
  readonly #overwrites: boolean;
  readonly #now: () => Date;
  readonly #names = new UniqueNames();
  readonly #saved: SavedFile[] = [];

  /** @throws UsageError when the folder is not there */
  static async open({ destDir, write }: FileFlags, environment: Environment): Promise<SavedBlocks> {
    const files =
      write === "none" ? undefined : await createBlockFiles(destDir === "" ? "." : destDir, { existing: existing[write] }, environment);
    return new SavedBlocks(files, write === "clobber", () => environment.now());
  }

  private constructor(files: BlockFiles | undefined, overwrites: boolean, now: () => Date) {
    this.#files = files;
    this.#overwrites = overwrites;
    this.#now = now;
  }

  /** Writes a block. @throws the error of the file system */
  async save(reply: NamedReply, block: ContentBlock): Promise<void> {
    if (this.#files === undefined) return;
    const name = this.#names.take(...nameOf(reply, block, this.#now()));
    this.#saved.push(await this.#files.save(name, charactersOf(block.content)));
  }

  /** Prints what became of each file so far, in libtaxii's words. */
  async report(printer: Printer): Promise<void> {
    for (const file of this.#saved.splice(0)) await printer.line(`${this.#words(file)}: ${file.path}`);
  }

  #words({ outcome }: SavedFile): string {
    if (outcome === "created") return "File created";
    // What is unchanged has the content that overwriting would give it.
    return outcome === "overwritten" || (outcome === "unchanged" && this.#overwrites) ? "File overwritten" : "File write skipped";
  }
}
