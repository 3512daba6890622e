/** A folder that content from peers is written to. */

import { randomBytes } from "node:crypto";
import { link, lstat, mkdir, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { isCode } from "../client/node/system-error.js";
import type { Environment } from "./environment.js";
import { fileErrorText, UsageError } from "./failure.js";
import { safeFileName } from "./file-name.js";
import { printableLine } from "./output.js";

/** What became of a file. */
export interface SavedFile {
  readonly path: string;
  /** `unchanged`: a file with the same content was there; `skipped`: one with other content was, and stays. */
  readonly outcome: "created" | "overwritten" | "skipped" | "unchanged";
}

export interface BlockFiles {
  /**
   * Writes a file whole, or not at all.
   *
   * @param name made safe by {@link safeFileName}
   * @throws UsageError when it exists and that was to be refused, or the error of the file system
   */
  save(name: string, bytes: Uint8Array | string): Promise<SavedFile>;
}

export interface BlockFilesOptions {
  /** What to do about files that exist with other content; where there is nobody to `ask`, they are kept. */
  readonly existing: "keep" | "overwrite" | "ask" | "refuse";
  /** Whether to make the folder when it is missing. Default: false. */
  readonly create?: boolean | undefined;
}

/**
 * A folder that blocks are written to: never outside it, whatever the names; symbolic links in it are not followed; no file
 * is ever half there, because it gets its name when it is whole.
 *
 * @throws UsageError when there is no such folder
 */
export async function createBlockFiles(
  directory: string,
  { existing, create = false }: BlockFilesOptions,
  environment: Environment,
): Promise<BlockFiles> {
  const folder = await openFolder(directory, create);
  return {
    async save(name, content) {
      const path = join(folder, safeFileName(name));
      const bytes = typeof content === "string" ? Buffer.from(content) : content;
      const shown = join(directory, safeFileName(name));
      const found = await compare(path, bytes);
      if (found === "same") return { path: shown, outcome: "unchanged" };
      if (found === "other") {
        if (existing === "refuse") throw new UsageError(`${printableLine(shown)} exists with other content`);
        if (!(await mayOverwrite(shown, existing, environment))) return { path: shown, outcome: "skipped" };
      }
      await writeWhole(folder, path, bytes, found === "other");
      return { path: shown, outcome: found === "other" ? "overwritten" : "created" };
    },
  };
}

async function openFolder(directory: string, create: boolean): Promise<string> {
  try {
    if (create) await mkdir(directory, { recursive: true });
    const folder = await realpath(directory);
    if ((await stat(folder)).isDirectory()) return folder;
  } catch (error) {
    throw new UsageError(fileErrorText(error), { cause: error });
  }
  throw new UsageError(`${printableLine(directory)} is no folder`);
}

/** Whether there is something at `path`, and whether it is a file with this content. Links are not followed. */
async function compare(path: string, bytes: Uint8Array): Promise<"nothing" | "same" | "other"> {
  try {
    const entry = await lstat(path);
    if (!entry.isFile() || entry.size !== bytes.length) return "other";
    return (await readFile(path)).equals(bytes) ? "same" : "other";
  } catch (error) {
    if (isCode(error, "ENOENT")) return "nothing";
    throw error;
  }
}

async function mayOverwrite(shown: string, existing: "keep" | "overwrite" | "ask", { ask }: Environment): Promise<boolean> {
  if (existing !== "ask") return existing === "overwrite";
  const answer = await ask?.(`${printableLine(shown)} exists. Overwrite it? [y/N] `, false);
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}

/** Writes under a temporary name, then gives the file its own. */
async function writeWhole(folder: string, path: string, bytes: Uint8Array, replace: boolean): Promise<void> {
  const temporary = join(folder, `.taxii-${randomBytes(8).toString("hex")}.part`);
  try {
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    if (replace) await rename(temporary, path);
    else await giveNewName(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Renames without replacing what somebody else put there in the meantime, where the file system can do that. */
async function giveNewName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (isCode(error, "EEXIST")) throw error;
    await rename(temporary, path);
  }
}
