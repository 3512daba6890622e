/** Poll states in a file. */

import { readFile, realpath } from "node:fs/promises";
import { compareInstants } from "../../binding/datetime.js";
import { TaxiiError } from "../../errors.js";
import { printable } from "../../message/status-error.js";
import type { PollState, StateStore } from "../poll/state.js";
import { withLock } from "./lock-file.js";
import { replaceFile } from "./replace-file.js";
import { isCode } from "./system-error.js";

export interface FileStateOptions {
  /** Milliseconds after which a lock is taken for left behind by a process that died. Default: 20,000. */
  readonly staleAfter?: number | undefined;
}

/**
 * Keeps poll states in a JSON file, by key. The file is made when there is something to keep, for its owner alone to read, and
 * is replaced whole, so that it is never found half written. Several processes may share it: a lock beside it (`PATH.lock`)
 * keeps them apart while they write.
 *
 * Its methods throw TaxiiError `STATE_FILE` when the file cannot be read or written, or is not what it should be; it is then left
 * as it is.
 */
export function fileState(path: string, { staleAfter = 20_000 }: FileStateOptions = {}): StateStore {
  // Within this process, saves wait for each other here rather than for the lock.
  let last: Promise<unknown> = Promise.resolve();
  return {
    load: (key) => explained(path, "read", async () => (await readStates(path)).get(key)),
    save: (key, state) => {
      const saved = last.then(() => explained(path, "written", () => save(path, key, state, staleAfter)));
      last = saved.catch(() => undefined);
      return saved;
    },
  };
}

async function save(path: string, key: string, state: PollState, staleAfter: number): Promise<void> {
  // A link stays one; what it points to is replaced.
  const target = await realpath(path).catch(() => path);
  await withLock(`${target}.lock`, staleAfter, async (check) => {
    const states = await readStates(target);
    states.set(key, state);
    await replaceFile(target, `${JSON.stringify(Object.fromEntries(states), undefined, 2)}\n`, check);
  });
}

async function readStates(path: string): Promise<Map<string, PollState>> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  });
  return text === undefined ? new Map() : parseStates(text);
}

function parseStates(text: string): Map<string, PollState> {
  const parsed: unknown = text.trim() === "" ? undefined : JSON.parse(text);
  if (!isRecord(parsed)) throw new BrokenStateError("it holds no JSON object");
  return new Map(Object.entries(parsed).map(([key, value]) => [key, toState(key, value)]));
}

/** What stands in the file is not what was kept there. */
class BrokenStateError extends Error {}

function toState(key: string, value: unknown): PollState {
  const wrong = (what: string, expected: string): BrokenStateError =>
    new BrokenStateError(`${what} of ${JSON.stringify(printable(key))} is not ${expected}`);
  if (!isRecord(value)) throw wrong("the state", "an object");
  const { after, result, ...others } = value;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw wrong(`the property ${JSON.stringify(printable(unknown))}`, "one that is known here");
  if (after !== undefined && !isTimestamp(after)) throw wrong('"after"', "a timestamp");
  if (result === undefined) return { after };
  if (!isRecord(result)) throw wrong('"result"', "an object");
  const { id, part } = result;
  if (typeof id !== "string") throw wrong('"result.id"', "a text");
  if (typeof part !== "number" || !Number.isInteger(part) || part < 1) throw wrong('"result.part"', "a whole number from 1 on");
  return { after, result: { id, part } };
}

function isTimestamp(value: unknown): value is string {
  return typeof value === "string" && compareInstants(value, value) !== undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Runs `action`, and says which file it was when it fails. */
async function explained<T>(path: string, what: "read" | "written", action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    const reason = printable(cause instanceof Error ? cause.message : String(cause));
    const isBroken = cause instanceof BrokenStateError || cause instanceof SyntaxError;
    const fault = isBroken ? `is broken: ${reason}; repair it, or remove it to begin anew` : `cannot be ${what}: ${reason}`;
    throw new TaxiiError("STATE_FILE", `the state file ${path} ${fault}`, { cause });
  }
}
