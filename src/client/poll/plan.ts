/** Which ranges a poll asks for, one after the other. */

import { fromMicroseconds, toMicroseconds } from "../../message/instant.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { Bounds } from "./bounds.js";
import { shortest } from "./labels.js";

const second = 1_000_000n;

/** Clocks differ by so much; no end is asked for that the producer's clock may not have reached yet. */
export const overlap = 300n * second;

/** One range that is asked for. */
export interface Range extends Bounds {
  /** Whether everything up to `after` was received by this poll. */
  readonly continues: boolean;
  /** Whether the range is the rest of one the producer has counted already. */
  readonly counted: boolean;
}

/** The ranges that are left. */
export class Plan {
  readonly #windows: Iterator<Range, void>;
  readonly #first: Range[] = [];
  #ended = false;

  constructor(windows: Iterable<Range, void>) {
    this.#windows = windows[Symbol.iterator]();
  }

  next(): Range | undefined {
    const first = this.#first.pop();
    if (first !== undefined || this.#ended) return first;
    const window = this.#windows.next();
    return window.done === true ? undefined : window.value;
  }

  /** Puts ranges, in their order, before the others. */
  insert(...ranges: readonly Range[]): void {
    this.#first.push(...ranges.toReversed());
  }

  /** Nothing more is asked for. */
  end(): void {
    this.#first.length = 0;
    this.#ended = true;
  }
}

/** All of it at once. */
export function whole(bounds: Bounds): Range[] {
  return [{ ...bounds, continues: false, counted: false }];
}

/**
 * Ranges of one width one after the other, to `before` or now. What is near now, or still to come, is one range with the end
 * that was asked for, if any: an end in the producer's future would promise that nothing is labelled before it.
 *
 * @param width microseconds
 * @param now milliseconds since 1970
 */
export function* windows(after: Timestamp, before: Timestamp | undefined, width: bigint, now: number): Generator<Range, void, undefined> {
  const settled = BigInt(Math.floor(now)) * 1000n - overlap;
  const asked = before === undefined ? settled : toMicroseconds(before);
  const last = asked < settled ? asked : settled;
  let begin = after;
  let continues = false;
  for (let end = toMicroseconds(after) + width; end < last; end += width) {
    const next = shortest(fromMicroseconds(end));
    yield { after: begin, before: next, continues, counted: false };
    begin = next;
    continues = true;
  }
  yield { after: begin, before, continues, counted: false };
}

/**
 * The two halves of a range.
 *
 * @param now milliseconds since 1970, in place of an end
 * @returns undefined when the range has no beginning, or is too short for halves of a second
 */
export function halvesOf(range: Range, now: number): readonly [Range, Range] | undefined {
  if (range.after === undefined) return undefined;
  const begin = toMicroseconds(range.after);
  const end = range.before === undefined ? BigInt(Math.floor(now)) * 1000n : toMicroseconds(range.before);
  if (end - begin < 2n * second) return undefined;
  const half = begin + (end - begin) / 2n;
  const wholeSecond = half - (half % second);
  const middle = shortest(fromMicroseconds(wholeSecond > begin ? wholeSecond : half));
  return [
    { ...range, before: middle },
    { ...range, after: middle, continues: true },
  ];
}
