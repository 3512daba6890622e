/** Content written by a thread of its own; sqlite-thread-main.ts is what runs in it. */

import { Worker } from "node:worker_threads";
import { StorageError, type StorageErrorCode } from "../storage.js";
import type { AddJob, ContentWriter, Labels } from "./add.js";
import type { Outcome } from "./group-commit.js";
import { type PackedJobs, type PackedOutcomes, packJobs, unpackOutcomes } from "./packed.js";

/** What the thread needs to know. */
export interface ThreadData {
  readonly path: string;
  readonly busyTimeout: number;
}

/** What the thread is asked to do; `undefined` to end. */
export type ThreadTask = { readonly jobs: PackedJobs; readonly now: number; readonly index: number | null } | undefined;

/** What the thread says first of all. */
export const ready = "ready";

/** What came of a task: of each job, or of none of them; nothing when there is another index now. */
export type ThreadAnswer = { readonly outcomes: PackedOutcomes<ErrorParts> | undefined } | { readonly failure: ErrorParts };

/** An error on its way between threads, where classes and codes get lost. */
export interface ErrorParts {
  /** Of a StorageError. */
  readonly code: StorageErrorCode | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function errorParts(error: unknown): ErrorParts {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return { code: error instanceof StorageError ? error.code : undefined, message, stack };
}

function toError({ code, message, stack }: ErrorParts): Error {
  const error = code === undefined ? new Error(message) : new StorageError(code, message);
  if (stack !== undefined) error.stack = stack;
  return error;
}

// Threads do not load TypeScript: uncompiled, as in tests, it is the compiled one that runs.
const place = import.meta.url.endsWith(".ts") ? "../../../dist/src/storage/sql/" : "./";
const script = new URL(`${place}sqlite-thread-main.js`, import.meta.url);

/** Commits that are asked for one after the other. */
export class SqliteThread implements ContentWriter {
  readonly #data: ThreadData;
  readonly #meanwhile: ContentWriter;
  #worker: Worker | undefined;
  #isReady = false;
  /** Whether a thread ended before it was ready: then there is none to be had. */
  #isUnfit = false;

  /** @param meanwhile what writes until the thread is ready, which takes a while */
  constructor(data: ThreadData, meanwhile: ContentWriter) {
    this.#data = data;
    this.#meanwhile = meanwhile;
  }

  async commit(jobs: readonly AddJob[], now: number, index: number | null): Promise<readonly Outcome<Labels>[] | undefined> {
    this.#worker ??= this.#isUnfit ? undefined : this.#start();
    if (this.#worker === undefined || !this.#isReady) return this.#meanwhile.commit(jobs, now, index);
    const answer = await this.#ask(this.#worker, { jobs: packJobs(jobs), now, index });
    if ("failure" in answer) throw toError(answer.failure);
    return answer.outcomes && unpackOutcomes(answer.outcomes, jobs, toError);
  }

  async close(): Promise<void> {
    await this.#meanwhile.close();
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    if (!this.#isReady) {
      await worker.terminate();
      return;
    }
    this.#isReady = false;
    const ended = new Promise((resolve) => worker.once("exit", resolve));
    worker.ref();
    worker.postMessage(undefined satisfies ThreadTask);
    await ended;
  }

  /** Ends it whatever it does. What it was asked for is undecided then. */
  async terminate(): Promise<void> {
    await this.#worker?.terminate();
  }

  #ask(worker: Worker, task: NonNullable<ThreadTask>): Promise<ThreadAnswer> {
    return new Promise((resolve, reject) => {
      const settle = (action: () => void): void => {
        worker.off("message", answered).off("error", broken).off("exit", ended).unref();
        action();
      };
      const answered = (answer: ThreadAnswer): void => settle(() => resolve(answer));
      const broken = (cause: unknown): void => settle(() => reject(lost(cause)));
      const ended = (): void => settle(() => reject(lost(undefined)));
      // While something is to be written the process stays.
      worker.on("message", answered).on("error", broken).on("exit", ended).ref();
      worker.postMessage(task);
    });
  }

  #start(): Worker {
    // The flags of the process may be for its own script alone, such as --input-type.
    const worker = new Worker(script, { workerData: this.#data, execArgv: [] });
    const forget = (): void => {
      if (this.#worker !== worker) return;
      this.#isUnfit ||= !this.#isReady;
      this.#isReady = false;
      this.#worker = undefined;
    };
    worker.once("message", () => {
      this.#isReady = this.#worker === worker;
    });
    // The next commit starts another one. A failure while nothing is asked for is nobody's.
    worker.on("exit", forget).on("error", forget).unref();
    return worker;
  }
}

/** It may have ended before or behind the commit. */
function lost(cause: unknown): StorageError {
  const why = cause instanceof Error ? `: ${cause.message}` : "";
  return new StorageError("UNAVAILABLE", `the thread that writes the database ended${why}`, { cause });
}
