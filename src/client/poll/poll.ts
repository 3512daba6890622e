/** Polls: content to be iterated, and what there is to tell of it. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { FulfilOptions } from "../api.js";
import { checkpointOf, nowhere } from "./checkpoint.js";
import { type Clock, systemClock } from "./clock.js";
import { checkPollOptions, fulfilFrom, pollFrom } from "./course.js";
import type { LabelRange, Poll, PollContext, PollOptions } from "./options.js";
import { Progress } from "./progress.js";
import { polledAt } from "./query-place.js";
import { openSession, resultOptions } from "./session.js";

/**
 * A poll of the collection `name`.
 *
 * @throws TypeError and RangeError for options that make no sense
 */
export function createPoll(name: string, options: PollOptions, context: PollContext, clock: Clock = systemClock): Poll {
  checkPollOptions(options, clock.now());
  const common = { name, options: resultOptions(options), context, clock, checkpoint: checkpointOf(name, options, context) };
  return new IterablePoll((progress) => polledAt(options, (asked) => pollFrom(openSession({ ...common, progress }), asked)));
}

/**
 * The parts of a result of the collection `name` that was announced before.
 *
 * @throws RangeError for options that make no sense
 */
export function createFulfilment(
  name: string,
  resultId: string,
  options: FulfilOptions,
  context: PollContext,
  clock: Clock = systemClock,
): Poll {
  const { part = 1 } = options;
  if (!Number.isSafeInteger(part) || part < 1) throw new RangeError(`part: expected a whole number, 1 or more; found ${part}`);
  const common = { name, options: resultOptions(options), context, clock, checkpoint: nowhere };
  return new IterablePoll((progress) => fulfilFrom(openSession({ ...common, progress }), { id: resultId, part }));
}

/** A poll that begins anew each time it is iterated, and tells of the last time. */
class IterablePoll implements Poll {
  readonly #begin: (progress: Progress) => AsyncGenerator<ContentBlock, void, undefined>;
  #progress = new Progress();

  constructor(begin: (progress: Progress) => AsyncGenerator<ContentBlock, void, undefined>) {
    this.#begin = begin;
  }

  [Symbol.asyncIterator](): AsyncGenerator<ContentBlock, void, undefined> {
    this.#progress = new Progress();
    return this.#begin(this.#progress);
  }

  get end(): Timestamp | undefined {
    return this.#progress.end;
  }

  get begin(): Timestamp | undefined {
    return this.#progress.begin;
  }

  get received(): readonly LabelRange[] {
    return this.#progress.received;
  }

  get recordCount(): number | undefined {
    return this.#progress.recordCount;
  }

  get willPush(): boolean {
    return this.#progress.willPush;
  }

  get result(): { readonly id: string; readonly part: number } | undefined {
    return this.#progress.result;
  }
}
