/** What all commands share: exit codes, writing lines, peers' texts on a terminal. */

import { visible as printable } from "../codec/quote.js";

export { printable };

/** Exit codes of the commands. */
export const exitCodes = {
  /** Done, and all was well. */
  ok: 0,
  /** A peer said no; its status is printed. */
  refused: 1,
  /** Done, and something is not well: a document is wrong. */
  notOk: 1,
  /** The command line, the configuration or a file it names is wrong. */
  usage: 2,
  /** No connection, no TLS, no answer in time. */
  network: 3,
  /** Data could not be read or understood: a reply, or a file given as input. */
  badData: 4,
  /** Ended by Ctrl-C: 128 and the number of SIGINT, as shells count. */
  interrupted: 130,
} as const;

/** Where commands write; replaced in tests. */
export interface Output {
  /**
   * Data. A promise when the reader is slower: wait for it, or memory fills up.
   *
   * @throws OutputClosedError when the reader has gone
   */
  readonly out: (text: string | Uint8Array) => void | Promise<void>;
  /** Everything else. */
  readonly err: (text: string) => void;
  readonly outIsTerminal: boolean;
  readonly errIsTerminal: boolean;
  /** Characters of a line of the terminal. Default: 80. */
  readonly columns?: number | undefined;
}

/** Has a terminal forget the line it is on. */
export const clearLine = "\r\u001b[K";

/** The reader of standard output closed its end early, such as head. No fault of ours, so it ends the program in silence. */
export class OutputClosedError extends Error {
  constructor(options?: ErrorOptions) {
    super("standard output was closed", options);
    this.name = "OutputClosedError";
  }
}

/** A reason for people, without a stack. */
export function reasonOf(error: unknown): string {
  return printable(error instanceof Error ? error.message : String(error));
}

/** As {@link printable}, on one line. */
export function printableLine(text: string): string {
  return printable(text.replace(/\s+/g, " ").trim());
}
