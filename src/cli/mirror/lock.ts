/** One process at a time, for as long as it runs. */

import { randomUUID } from "node:crypto";
import { readFile, rm, stat, utimes } from "node:fs/promises";
import { hostname } from "node:os";
import { z } from "zod";
import { sleep } from "../../client/deadline.js";
import { createLock, withLock } from "../../client/node/lock-file.js";
import { isCode } from "../../client/node/system-error.js";
import { UsageError } from "../failure.js";
import { printableLine } from "../output.js";

export interface LockOptions {
  /** Ends the waiting. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds between two signs of life of who has the lock. Default: 2,000. */
  readonly heartbeat?: number | undefined;
  /** Milliseconds without a sign of life after which the lock is taken over. Default: 10,000. */
  readonly patience?: number | undefined;
}

const holder = z.object({ id: z.string(), host: z.string(), pid: z.int().min(1) });

type Holder = z.infer<typeof holder>;

/**
 * Makes sure that no other process uses what the file stands for. A lock that was left behind by a process that was killed is
 * taken over: at once when the process was one of this machine, otherwise when the file shows no sign of life for a while.
 *
 * @returns lets others have it
 * @throws UsageError when somebody else has it
 */
export async function lock(file: string, options: LockOptions = {}): Promise<() => Promise<void>> {
  const own = { id: randomUUID(), host: hostname(), pid: process.pid };
  if (!(await take(file, own))) {
    const found = await holderOf(file);
    if ((await isAlive(file, found, options)) || !(await takeOver(file, found, own))) throw inUse(file, await holderOf(file));
  }
  const now = (): Promise<void> => utimes(file, new Date(), new Date()).catch(() => undefined);
  const timer = setInterval(() => void now(), options.heartbeat ?? 2000).unref();
  return async () => {
    clearInterval(timer);
    if ((await holderOf(file))?.id === own.id) await rm(file, { force: true });
  };
}

function take(file: string, own: Holder): Promise<boolean> {
  return createLock(file, JSON.stringify(own));
}

/** Takes the place of a holder that is gone, unless another process was quicker: only one at a time may look and do so. */
function takeOver(file: string, found: Holder | undefined, own: Holder): Promise<boolean> {
  return withLock(`${file}.takeover`, takeoverTime, async () => {
    if ((await holderOf(file))?.id === found?.id) await rm(file, { force: true });
    return take(file, own);
  });
}

/** Milliseconds that taking over cannot last. */
const takeoverTime = 5000;

/** Undefined when it is gone, or was not written to its end. */
async function holderOf(file: string): Promise<Holder | undefined> {
  try {
    return holder.parse(JSON.parse(await readFile(file, "utf8")));
  } catch {
    return undefined;
  }
}

async function isAlive(file: string, found: Holder | undefined, { signal, patience = 10_000 }: LockOptions): Promise<boolean> {
  if (found !== undefined && found.host === hostname() && found.pid !== process.pid && !isRunning(found.pid)) return false;
  // In another container the numbers of processes mean nothing, so the file has to tell.
  const before = await changeOf(file);
  const pause = Math.min(patience, 250);
  for (let waited = 0; waited < patience; waited += pause) {
    await sleep(pause, signal);
    const after = await changeOf(file);
    if (after === undefined) return false;
    if (after !== before) return true;
  }
  return false;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process of somebody else is one as well.
    return isCode(error, "EPERM");
  }
}

/** When the file was changed; undefined when it is gone. */
async function changeOf(file: string): Promise<number | undefined> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => undefined,
  );
}

function inUse(file: string, found: Holder | undefined): UsageError {
  const who = found === undefined ? "another process" : `process ${found.pid} on ${printableLine(found.host)}`;
  return new UsageError(`${who} is at work on the same mirror, as ${printableLine(file)} says`);
}
