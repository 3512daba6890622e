/** How far what was received reaches, and whether something is missing. */

import { addMicroseconds } from "../../message/instant.js";
import type { Timestamp } from "../../message/timestamp.js";
import { labelAt } from "./bounds.js";
import type { Coverage } from "./coverage.js";
import { isLater, laterOf, shortest } from "./labels.js";
import { overlap, type Range } from "./plan.js";
import type { Reception } from "./reception.js";
import type { Session } from "./session.js";
import type { Taken } from "./taken.js";

/**
 * Up to where everything was received: what the producer states (SVC-POLL-018), otherwise the latest label, otherwise the
 * end that was asked for. The last is no later than shortly before the request, so that content labelled meanwhile, or by
 * another clock, is not left out the next time.
 *
 * @param asked when it was asked for, in milliseconds since 1970
 */
export function endOf({ warn }: Session, range: Range, { coverage, taken }: Reception, asked: number): Timestamp | undefined {
  if (coverage.end !== undefined) return coverage.end;
  warnOfNoEnd(warn);
  if (taken.latest !== undefined) return taken.latest;
  const settled = settledAt(asked);
  return laterOf(range.after, range.before === undefined || isLater(range.before, settled) ? settled : range.before);
}

/** A label that is past by every clock. */
function settledAt(now: number): Timestamp {
  return shortest(addMicroseconds(labelAt(now), -overlap));
}

/** Tells that a producer does not say how far its content reaches. */
export function warnOfNoEnd(warn: Session["warn"]): void {
  warn("NO_END", "the producer does not state the end of the range; the next poll begins where this one seems to have come");
}

/**
 * The rest of a range, when the producer seems to have shortened it (VER-X-008, SVC-RANGE-004): it gave content, and states
 * an end before the one that was asked for. Where none was asked for, or one still to come, every reply ends before it; then
 * the end has to lie back, to be the last label, and the record count must not say that this was all.
 *
 * @param started when the poll began, in milliseconds since 1970: later content is left to the next poll
 */
export function restOf(range: Range, { coverage, taken }: Reception, started: number): Range | undefined {
  const { end } = coverage;
  if (end === undefined || taken.count === 0 || (range.after !== undefined && !isLater(end, range.after))) return undefined;
  const settled = settledAt(started);
  const isShort =
    range.before === undefined || isLater(range.before, settled)
      ? isLater(settled, end) && isCut(end, taken) && !isCounted(coverage, taken)
      : isLater(range.before, end);
  return isShort ? { after: end, before: range.before, continues: true, counted: true } : undefined;
}

/** Whether an end can be that of content that was cut off. */
function isCut(end: Timestamp, taken: Taken): boolean {
  return !taken.isLabelled || taken.latest === undefined || !isLater(end, taken.latest);
}

/** Whether the record count, which is that of all that was asked for (SVC-POLL-013), was reached. */
function isCounted({ recordCount }: Coverage, taken: Taken): boolean {
  return recordCount !== undefined && !recordCount.partialCount && taken.count >= recordCount.value;
}

/** Whether the reply takes no notice of the bounds, as that for a set does (SVC-POLL-010): then it is everything there is. */
export function isUnbounded(range: Range, { coverage, taken }: Reception): boolean {
  return !coverage.isStated && taken.count > 0 && !taken.liesWithin(range.after, range.before);
}
