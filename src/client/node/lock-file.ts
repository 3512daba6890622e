/** A lock between processes: a file that only one of them can create. */

import { randomUUID } from "node:crypto";
import { open, readFile, rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { isCode } from "./system-error.js";

/** The lock cannot be had, or was lost. */
export class LockError extends Error {}

/** Milliseconds between two looks at a lock that somebody holds, at the least and at the most. */
const shortestPause = 5;
const longestPause = 25;

/**
 * Runs `action` while no other process runs one under the same lock.
 *
 * A lock that shows no change for `staleAfter` milliseconds of waiting is taken for left behind by a process that died, and is
 * taken away. No clock is compared with another's, and no process numbers, which mean nothing in another container.
 *
 * @param path the file, in a folder that is there
 * @param action gets a check to be made before what cannot be taken back: it throws when the lock was taken away meanwhile
 * @throws LockError when the lock cannot be had, or was lost; an error of the file system when the file cannot be made
 */
export async function withLock<T>(path: string, staleAfter: number, action: (check: () => Promise<void>) => Promise<T>): Promise<T> {
  const own = randomUUID();
  await acquire(path, own, staleAfter);
  try {
    return await action(async () => {
      if ((await holderOf(path)) !== own) throw new LockError(`the lock ${path} was taken away: this process stood still for too long`);
    });
  } finally {
    if ((await holderOf(path)) === own) await rm(path, { force: true });
  }
}

async function acquire(path: string, own: string, staleAfter: number): Promise<void> {
  let seen: string | undefined;
  let since = performance.now();
  while (!(await createLock(path, own))) {
    const holder = await holderOf(path);
    const unchanged = performance.now() - since;
    if (holder === undefined || holder !== seen) {
      seen = holder;
      since = performance.now();
    } else if (unchanged > 3 * staleAfter) {
      throw new LockError(`the lock ${path} does not come free; if no other process is at work, remove it and ${judgeOf(path)}`);
    } else if (unchanged > staleAfter) {
      await removeStale(path, holder, own);
    }
    await sleep(shortestPause + Math.random() * (longestPause - shortestPause));
  }
}

/**
 * Takes a lock away. One process at a time may do so, and looks again before: otherwise two that wait could both find it stale,
 * and the second would take away the lock the first has made since.
 */
async function removeStale(path: string, holder: string, own: string): Promise<void> {
  const judge = judgeOf(path);
  if (!(await createLock(judge, own))) return;
  try {
    if ((await holderOf(path)) === holder) await rm(path, { force: true });
  } finally {
    await rm(judge, { force: true });
  }
}

function judgeOf(path: string): string {
  return `${path}.stale`;
}

/** Makes a file that says who holds it; false when it is there already. */
export async function createLock(path: string, own: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(own);
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if (isCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** What the file says; undefined when it is not there. */
async function holderOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
