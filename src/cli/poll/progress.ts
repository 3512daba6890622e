/** How far a poll is, on one line of the terminal that is written over again and again. */

import type { Environment } from "../environment.js";
import { clearLine, printableLine } from "../output.js";

/** What has arrived. */
export interface Received {
  readonly blocks: number;
  readonly bytes: number;
  /** Number of the part that is arriving. */
  readonly part: number;
}

export interface Progress {
  /** Something arrived, or the clock went on. */
  show(received: Received): void;
  /** A line that stays. */
  note(text: string): void;
  /** Takes the line away. */
  end(): void;
}

/** Milliseconds between two pictures; more would only flicker. */
const pause = 100;

/** @param visible whether there is a line; notes are printed in any case */
export function createProgress({ output, now }: Environment, visible: boolean): Progress {
  const start = now().getTime();
  let shownAt = Number.NEGATIVE_INFINITY;
  let isThere = false;
  const clear = (): void => {
    if (isThere) output.err(clearLine);
    isThere = false;
  };
  return {
    show(received) {
      const time = now().getTime();
      if (!visible || time - shownAt < pause) return;
      shownAt = time;
      isThere = true;
      output.err(`${clearLine}${cutTo(progressText(received, time - start), output.columns)}`);
    },
    note(text) {
      clear();
      output.err(`${printableLine(text)}\n`);
    },
    end: clear,
  };
}

/** A line that is longer than the terminal is wide cannot be written over. */
function cutTo(text: string, columns = 80): string {
  return text.length < columns ? text : text.slice(0, Math.max(columns - 1, 0));
}

function progressText({ blocks, bytes, part }: Received, milliseconds: number): string {
  const rate = milliseconds > 0 ? `, ${sizeText((bytes * 1000) / milliseconds)}/s` : "";
  return `${countText(blocks)}, ${sizeText(bytes)}, part ${part}${rate}`;
}

/** `1,234 blocks`. */
export function countText(blocks: number): string {
  return `${blocks.toLocaleString("en-US")} ${blocks === 1 ? "block" : "blocks"}`;
}

const units = ["bytes", "kB", "MB", "GB", "TB"] as const;

/** A number of bytes for people: `512 bytes`, `4.2 MB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  // Just below a thousand, rounding would make a thousand of it.
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
