/** An environment in memory: what a command prints is kept, what it reads is given. */

import { readFile } from "node:fs/promises";
import type { Environment } from "../../src/cli/environment.js";
import type { Fetch } from "../../src/client/options.js";

export interface TestEnvironmentOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly home?: string;
  /** Standard input. Default: empty. */
  readonly input?: string | Uint8Array;
  /** Answers to questions, in order, or what gives them; without them there is no terminal. */
  readonly answers?: readonly (string | (() => Promise<string>))[];
  readonly signal?: AbortSignal;
  readonly fetch?: Fetch | undefined;
  readonly now?: Date | (() => Date);
  readonly outIsTerminal?: boolean;
  readonly errIsTerminal?: boolean;
  readonly columns?: number;
  /** Is called behind each piece of output. */
  readonly onOut?: (piece: Uint8Array) => void | Promise<void>;
}

export interface TestEnvironment extends Environment {
  /** Standard output so far, as text. */
  readonly out: string;
  /** Standard output so far. */
  readonly outBytes: Buffer;
  /** Standard error so far. */
  readonly err: string;
  /** As it was written, piece by piece. */
  readonly errPieces: readonly string[];
  /** The questions that were put, and whether the answer was hidden. */
  readonly questions: readonly { readonly question: string; readonly hidden: boolean }[];
}

export function testEnvironment(options: TestEnvironmentOptions = {}): TestEnvironment {
  const pieces: Uint8Array[] = [];
  const questions: { question: string; hidden: boolean }[] = [];
  const answers = [...(options.answers ?? [])];
  const errPieces: string[] = [];
  return {
    output: {
      out(text) {
        const piece = Buffer.from(text);
        pieces.push(piece);
        return options.onOut?.(piece);
      },
      err: (text) => {
        errPieces.push(text);
      },
      outIsTerminal: options.outIsTerminal ?? false,
      errIsTerminal: options.errIsTerminal ?? false,
      columns: options.columns,
    },
    env: options.env ?? {},
    home: options.home ?? "/nonexistent/home",
    readInput: async (file) => (file === "-" ? Buffer.from(options.input ?? "") : readFile(file)),
    ask:
      options.answers === undefined
        ? undefined
        : async (question, hidden) => {
            questions.push({ question, hidden });
            const answer = answers.shift();
            if (answer === undefined) throw new Error(`nobody answers: ${question}`);
            return typeof answer === "string" ? answer : answer();
          },
    signal: options.signal ?? new AbortController().signal,
    fetch: options.fetch,
    now: () => (typeof options.now === "function" ? options.now() : (options.now ?? new Date())),
    get out() {
      return Buffer.concat(pieces).toString("utf8");
    },
    get outBytes() {
      return Buffer.concat(pieces);
    },
    get err() {
      return errPieces.join("");
    },
    errPieces,
    questions,
  };
}
