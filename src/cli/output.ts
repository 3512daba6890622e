/** What all commands share: exit codes, reading arguments, writing lines. */

import { readFileSync } from "node:fs";

/** Exit codes of the commands. */
export const exitCodes = {
  /** Done, and all was well. */
  ok: 0,
  /** Done, and something was not well: a document is wrong, a peer refused. */
  notOk: 1,
  /** The command line was wrong. */
  usage: 2,
  /** Data could not be read or understood. */
  badData: 4,
} as const;

/** Where commands write; replaced in tests. */
export interface Output {
  /** Data. */
  out(text: string): void;
  /** Everything else. */
  err(text: string): void;
}

/** The process's own streams. */
export const processOutput: Output = {
  out: (text) => {
    process.stdout.write(text);
  },
  err: (text) => {
    process.stderr.write(text);
  },
};

/** The bytes of a file, or of standard input for `-`. @throws the error of the file system */
export function readInput(file: string): Uint8Array {
  return readFileSync(file === "-" ? 0 : file);
}

/** A reason for people, without a stack. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}

/** `text` with what a terminal would act on made visible. */
export function printable(text: string): string {
  return text.replace(
    /[\0-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
