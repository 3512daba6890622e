/** Files that are replaced whole, so that they are never found half written. */

import { randomBytes } from "node:crypto";
import { open, rename, rm } from "node:fs/promises";

/**
 * Writes a file next to `path`, for its owner alone to read, and has it take that place once it is on the disk: whoever reads
 * `path` sees the old content or the new one.
 *
 * @param check is made before that; what it throws leaves the old content
 * @throws errors of the file system
 */
export async function replaceFile(path: string, text: string, check: () => Promise<void> = async () => undefined): Promise<void> {
  const temporary = `${path}.${randomBytes(8).toString("hex")}.part`;
  try {
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await check();
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
