/** What is asked of the producer, and what for. */

import { PollFulfillment, type PollRequest } from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import type { Timestamp } from "../../message/timestamp.js";
import type { Range } from "./plan.js";

/** A range of a collection that is polled. */
export interface RangeSource {
  readonly range: Range;
  /** Makes the Poll_Request for the range from another beginning. */
  readonly request: (after: Timestamp | undefined) => PollRequest;
  /** Whether the range can be asked for in halves, so that a slow producer need not be asked for all of it again. */
  readonly divisible: boolean;
  /** Whether the producer may answer that the result takes time. */
  readonly allowAsynch: boolean;
  /** Whether it may deliver the result elsewhere then. */
  readonly mayPush: boolean;
}

/** A result that was announced. */
export interface ResultSource {
  readonly id: string;
  readonly part: number;
  /** What was polled after to get it, where that is known. */
  readonly after: Timestamp | undefined;
}

/** What is asked for next; `again` when the reply is one that was begun before. */
export type Ask =
  | { readonly kind: "poll"; readonly source: RangeSource; readonly after: Timestamp | undefined; readonly again: boolean }
  | { readonly kind: "part"; readonly id: string; readonly part: number; readonly again: boolean };

/** What is asked for first. */
export function firstAsk(source: RangeSource | ResultSource): Ask {
  return "range" in source
    ? { kind: "poll", source, after: source.range.after, again: false }
    : { kind: "part", id: source.id, part: source.part, again: false };
}

/** The number of the part that is asked for; a poll is answered with the first one (SVC-MULTI-003). */
export function partOf(ask: Ask): number {
  return ask.kind === "part" ? ask.part : 1;
}

/** The request, with an id of its own (SVC-GEN-007). */
export function messageOf(ask: Ask, collectionName: string): PollRequest | PollFulfillment {
  if (ask.kind === "poll") return ask.source.request(ask.after);
  return create(PollFulfillment, { collectionName, resultId: ask.id, resultPartNumber: ask.part });
}
