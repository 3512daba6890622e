/** Which range a poll is answered for. */

import { StatusError } from "../../../message/status-error.js";
import { compareTimestamps } from "../../../message/timestamp.js";
import { floorLabel, formatLabel, type ResultPart } from "../../../storage/index.js";
import type { Context } from "../../context.js";
import type { CollectionPoll, ResolvedRange } from "./steps.js";

/**
 * The range asked for, as far as it is known to be complete (SVC-RANGE-001 to SVC-RANGE-008). Bounds are stated as they were
 * sent. An end that lies beyond the horizon becomes the horizon, and so does a begin in the future: an end at or behind it
 * would promise that nothing is going to be labelled before it. A set of data has no range: bounds are passed over and none
 * are stated (SVC-POLL-010, XML-PRS-003).
 *
 * @throws StatusError `BAD_MESSAGE` when the end is not later than the begin (XML-PRQ-003)
 */
export async function resolveRange({ request, collection }: CollectionPoll, { storage }: Context): Promise<ResolvedRange> {
  if (collection.type === "DATA_SET") return { after: undefined, until: await storage.horizon(), stated: undefined };
  const { exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end } = request;
  if (begin !== undefined && end !== undefined && compareTimestamps(begin, end) >= 0) {
    throw new StatusError("BAD_MESSAGE", {
      message: `Inclusive_End_Timestamp ${end} is not later than Exclusive_Begin_Timestamp ${begin}.`,
    });
  }
  const after = begin === undefined ? undefined : floorLabel(begin);
  const horizon = await storage.horizon(after);
  const known = end !== undefined && floorLabel(end) <= horizon;
  return {
    after,
    until: known ? floorLabel(end) : horizon,
    stated: {
      begin: after !== undefined && after > horizon ? formatLabel(horizon) : begin,
      end: known ? end : formatLabel(horizon),
    },
  };
}

/** The range of a part as it is stated: each begins where the one before ends (SVC-MULTI-005). */
export function statedOf(whole: ResolvedRange["stated"], part: ResultPart): ResolvedRange["stated"] {
  if (whole === undefined) return undefined;
  return {
    begin: part.number === 1 || part.after === undefined ? whole.begin : formatLabel(part.after),
    end: part.last ? whole.end : formatLabel(part.until),
  };
}
