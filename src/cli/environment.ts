/** All a command knows of the world. */

import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import type { Fetch } from "../client/options.js";
import { InterruptedError } from "./interrupted.js";
import type { Output } from "./output.js";
import { processOutput } from "./process-output.js";
import { askOn } from "./prompt.js";

/** All a command knows of the world. The process gives one; tests make one in memory. */
export interface Environment {
  readonly output: Output;
  /** Environment variables. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home folder. */
  readonly home: string;
  /** The bytes of a file; `-` is standard input. @throws the error of the file system */
  readonly readInput: (file: string) => Promise<Uint8Array>;
  /**
   * Puts a question to the user; `hidden` keeps the answer off the screen. Undefined when there is no terminal.
   *
   * @throws InterruptedError on Ctrl-C
   */
  readonly ask: ((question: string, hidden: boolean) => Promise<string>) | undefined;
  /** Aborted by the first Ctrl-C, with InterruptedError for a reason; the second one ends the process. */
  readonly signal: AbortSignal;
  /** Calls `listener` whenever the process is told to read its files again (SIGHUP), until what it returns is called. */
  readonly onHangup?: ((listener: () => void) => () => void) | undefined;
  /** Carries requests instead of the network, in tests. */
  readonly fetch?: Fetch | undefined;
  readonly now: () => Date;
}

/** The process's own environment. */
export function processEnvironment(): Environment {
  let signal: AbortSignal | undefined;
  return {
    output: processOutput(),
    env: process.env,
    home: homedir(),
    readInput: (file) => (file === "-" ? readStandardInput() : readFile(file)),
    ask:
      process.stdin.isTTY && process.stderr.isTTY
        ? (question, hidden) => askOn(process.stdin, process.stderr, question, hidden)
        : undefined,
    // Not before a command wants it: one that never looks would not notice Ctrl-C any more.
    get signal() {
      signal ??= signalOfProcess();
      return signal;
    },
    onHangup(listener) {
      process.on("SIGHUP", listener);
      return () => process.off("SIGHUP", listener);
    },
    now: () => new Date(),
  };
}

async function readStandardInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of process.stdin as AsyncIterable<Uint8Array>) pieces.push(piece);
  return Buffer.concat(pieces);
}

const numbers = { SIGINT: 2, SIGTERM: 15 } as const;

function signalOfProcess(): AbortSignal {
  const controller = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => controller.abort(new InterruptedError(numbers[name])));
  return controller.signal;
}
