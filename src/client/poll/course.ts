/** The course of a poll: what was left over from the last time, then range after range. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { StatusError } from "../../message/status-error.js";
import type { Timestamp } from "../../message/timestamp.js";
import { type Bounds, boundsOf } from "./bounds.js";
import { durationInMicroseconds } from "./duration.js";
import { endOf, isUnbounded, restOf, warnOfNoEnd } from "./extent.js";
import { mismatch, quoted } from "./guard.js";
import { isLater } from "./labels.js";
import type { PollOptions } from "./options.js";
import { halvesOf, Plan, type Range, whole, windows } from "./plan.js";
import { Reception } from "./reception.js";
import { pollRequest } from "./request.js";
import type { Session } from "./session.js";
import type { PollState } from "./state.js";

type Blocks<T = void> = AsyncGenerator<ContentBlock, T, undefined>;

/** Statuses that say nothing of the result that was asked for. */
const unrelated: ReadonlySet<string> = new Set(["RETRY", "UNAUTHORIZED", "DENIED"]);

const windowNeedsBegin = "window: expected a beginning beside it: after, since, or a state from an earlier poll";

/** @throws TypeError and RangeError for options that make no sense, whatever the state says */
export function checkPollOptions(options: PollOptions, now: number): void {
  const { window, state, deliverTo, allowAsynch } = options;
  const { after } = boundsOf(options, now);
  if (window !== undefined) {
    durationInMicroseconds(window, "window");
    if (after === undefined && state === undefined) throw new TypeError(windowNeedsBegin);
  }
  // XML-PRQ-005: delivery is for results that come later.
  if (deliverTo !== undefined && allowAsynch === false) throw new TypeError("deliverTo: expected allowAsynch not to be false beside it");
}

/** Everything that a poll is to give. @throws as {@link Reception.blocks} does, and errors of the store */
export async function* pollFrom(session: Session, options: PollOptions): Blocks {
  const { after, before } = boundsOf(options, session.clock.now());
  // Who says where to begin has the last word, whatever is kept.
  const begin = after === undefined ? yield* storedBegin(session, await session.checkpoint.load()) : { after };
  if (begin === undefined) return;
  if (begin.after !== undefined && before !== undefined && !isLater(before, begin.after)) return;
  yield* pollBounds(session, options, { after: begin.after, before });
}

/** Everything from one part of a result to its last. @throws as {@link Reception.blocks} does */
export async function* fulfilFrom(session: Session, result: { readonly id: string; readonly part: number }): Blocks {
  const reception = new Reception(session, { ...result, after: undefined });
  yield* reception.blocks();
  await reachedEndOf(session, reception, undefined);
}

/** Fetches the result that a state left over. @returns where to go on; undefined when the producer does not say */
async function* storedBegin(session: Session, state: PollState | undefined): Blocks<{ after: Timestamp | undefined } | undefined> {
  const after = state?.after;
  if (state?.result === undefined) return { after };
  const { id, part } = state.result;
  const reception = new Reception(session, { id, part, after });
  try {
    yield* reception.blocks();
  } catch (error) {
    if (!(error instanceof StatusError) || unrelated.has(error.code) || reception.coverage.isBegun) throw error;
    session.warn("RESULT_LOST", `the producer does not give part ${part} of the result ${quoted(id)} any more; its range is polled again`);
    return { after };
  }
  await reachedEndOf(session, reception, after);
  return reception.coverage.end === undefined ? undefined : { after: reception.coverage.end };
}

/** Polls from a beginning, in windows or at once. */
async function* pollBounds(session: Session, options: PollOptions, bounds: Bounds): Blocks {
  const { clock, progress } = session;
  const started = clock.now();
  const plan = planOf(options, bounds, started);
  let rests = 0;
  for (let range = plan.next(); range !== undefined; range = plan.next()) {
    const asked = clock.now();
    const halves = options.splitOnTimeout === false ? undefined : halvesOf(range, asked);
    const reception = receptionOf(session, options, range, halves !== undefined);
    try {
      yield* reception.blocks();
    } catch (error) {
      if (halves === undefined || !reception.isTooWide(error)) throw error;
      plan.insert(...halves);
      continue;
    }
    if (progress.willPush) return;
    await reached(session, reception, endOf(session, range, reception, asked), range.after);
    const rest = restOf(range, reception, started);
    if (rest !== undefined && ++rests > session.options.maxParts) throw mismatch(`shortened the range ${rests} times`);
    if (rest !== undefined) plan.insert(rest);
    else if (isUnbounded(range, reception)) plan.end();
  }
}

function planOf({ window }: PollOptions, { after, before }: Bounds, now: number): Plan {
  if (window === undefined) return new Plan(whole({ after, before }));
  if (after === undefined) throw new TypeError(windowNeedsBegin);
  return new Plan(windows(after, before, durationInMicroseconds(window, "window"), now));
}

function receptionOf(session: Session, options: PollOptions, range: Range, divisible: boolean): Reception {
  const { allowAsynch = true, deliverTo, subscriptionId } = options;
  return new Reception(session, {
    range,
    request: (after) => pollRequest(session.name, { ...options, since: undefined, after, before: range.before }),
    divisible,
    // A poll for a subscription has no place to allow it (XML-PRQ-006).
    allowAsynch: allowAsynch && subscriptionId === undefined,
    mayPush: deliverTo !== undefined,
  });
}

/** A result was taken to its end, wherever that is. */
async function reachedEndOf(session: Session, reception: Reception, after: Timestamp | undefined): Promise<void> {
  const { coverage, taken } = reception;
  if (coverage.end === undefined) warnOfNoEnd(session.warn);
  await reached(session, reception, coverage.end ?? taken.latest ?? after, after);
}

/** Everything up to `end` was taken; `after` is where it was asked to begin. */
async function reached(
  { progress, checkpoint }: Session,
  { coverage }: Reception,
  end: Timestamp | undefined,
  after: Timestamp | undefined,
): Promise<void> {
  progress.beginsAt(coverage.isStated ? coverage.begin : after);
  progress.end = end;
  progress.result = undefined;
  await checkpoint.save({ after: end });
}
