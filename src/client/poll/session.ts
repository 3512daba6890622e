/** What everything in one iteration of a poll shares. */

import type { Checkpoint } from "./checkpoint.js";
import type { Clock } from "./clock.js";
import type { PollContext, PollOptions, WaitOptions } from "./options.js";
import type { Progress } from "./progress.js";

/** The options that hold for every result, complete. */
export interface ResultOptions extends Pick<PollOptions, "signal" | "onPart" | "onPending"> {
  readonly wait: WaitOptions;
  readonly maxParts: number;
}

export interface Session {
  /** The collection. */
  readonly name: string;
  readonly options: ResultOptions;
  readonly context: PollContext;
  readonly clock: Clock;
  readonly progress: Progress;
  /** Tells of a deviation, each kind once. */
  readonly warn: (code: string, message: string) => void;
  readonly checkpoint: Checkpoint;
}

const defaultWait: WaitOptions = { min: 1000, max: 300_000, total: 3_600_000 };
const defaultMaxParts = 100_000;

/** The options with their defaults. @throws RangeError for numbers that make no sense */
export function resultOptions(options: Pick<PollOptions, "signal" | "onPart" | "onPending" | "wait" | "maxParts">): ResultOptions {
  const { signal, onPart, onPending, maxParts = defaultMaxParts } = options;
  const { min = defaultWait.min, max = defaultWait.max, total = defaultWait.total } = options.wait ?? {};
  for (const [name, value] of Object.entries({ min, max, total })) {
    if (!(value >= 0)) throw new RangeError(`wait.${name}: expected milliseconds, 0 or more; found ${value}`);
  }
  if (min > max) throw new RangeError(`wait.min: expected at most wait.max, ${max}; found ${min}`);
  if (!(maxParts >= 1)) throw new RangeError(`maxParts: expected 1 or more; found ${maxParts}`);
  return { signal, onPart, onPending, wait: { min, max, total }, maxParts };
}

/** Opens a session. */
export function openSession(parts: Omit<Session, "warn">): Session {
  const told = new Set<string>();
  const warn = (code: string, message: string): void => {
    if (told.has(code)) return;
    told.add(code);
    parts.context.warn({ code, message });
  };
  return { ...parts, warn };
}
