/** Delivers a result to whoever polled for it and asked for that (SVC-PUSH-005, SVC-PUSH-006, SVC-PUSH-009). */

import type { InboxMessageInit } from "../../generated/taxii11/index.js";
import { type ContentRange, rangeOfResult } from "../server/results/blocks.js";
import { type CutOptions, defaultPartLimits } from "../server/results/cut.js";
import { findPart } from "../server/results/parts.js";
import { type Collection, formatLabel, type ResultPart, type ResultSet } from "../storage/index.js";
import type { Hold } from "./hold.js";
import { firstPortion } from "./portion.js";
import { sourceOf } from "./subscription-delivery.js";
import { type Consignment, cutOptionsFor, dispatch, giveBack, type Tools, waitFor } from "./tools.js";

/** What is noted about a result on its way. */
export type ResultProgress = Pick<ResultSet, "pushed" | "attempts" | "notBefore" | "error" | "parked">;

type ResultConsignment = Consignment & { readonly result: ResultSet };

/** Delivers a result part by part until all is delivered or something fails, and gives it back. */
export async function deliverResult(id: string, hold: Hold<ResultProgress>, tools: Tools): Promise<void> {
  while (!tools.stopping.aborted) {
    const result = await tools.storage.results.get(id);
    const collection = result && (await tools.storage.collection(result.collection));
    if (result?.push === undefined || collection?.available !== true) break;
    const begun = tools.now();
    const consignment = { owner: result.owner, target: result.push, subscription: undefined, result };
    try {
      const end = await deliverPart(consignment, collection, hold, tools);
      if (end !== undefined) return await hold.release(end);
    } catch (error) {
      return giveBack(error, hold, { ...consignment, until: result.until, attempts: result.attempts, begun }, tools);
    }
  }
  // Looked at again when its collection can be read again, which the storage does not wait for.
  await hold.release({ notBefore: tools.now() + tools.interval });
}

/**
 * Delivers one part.
 *
 * @returns undefined when there is another one; otherwise what is to be noted at the end
 */
async function deliverPart(
  consignment: ResultConsignment,
  collection: Collection,
  hold: Hold<ResultProgress>,
  tools: Tools,
): Promise<Partial<ResultProgress> | undefined> {
  const wait = await waitFor(consignment, collection, tools);
  if (wait !== undefined) return wait;
  const { result } = consignment;
  const options = await cutOptionsFor(result, collection, tools, hold.signal);
  // Parts are as big as those of polls; only messages are smaller.
  const { part } = await findPart(tools.storage, result, result.pushed + 1, { ...options, limits: defaultPartLimits });
  if (result.responseType === "FULL") await sendPart(consignment, part, options, tools, hold);
  else if (part.number === 1) await sendCount(consignment, tools, hold.signal);
  const noted = { pushed: part.number, attempts: 0, error: undefined };
  if (part.last) return noted;
  await hold.note(noted);
  return undefined;
}

/** Sends a part in as many messages as it takes; one that has no content only when it is the first, so that there is one. */
async function sendPart(
  consignment: ResultConsignment,
  part: ResultPart,
  options: CutOptions,
  tools: Tools,
  hold: Hold<ResultProgress>,
): Promise<void> {
  const whole = rangeOfResult(consignment.result);
  for (let after = part.after, last = false, first = part.number === 1; !last; first = false) {
    hold.check();
    const portion = await firstPortion(tools.storage, { ...whole, after, until: part.until }, options);
    const ends = part.last && portion.last;
    const range = { collection: whole.collection, after, until: portion.until };
    if (portion.count > 0 || first) {
      await dispatch(consignment, messageOf(consignment.result, range, { first, last: ends }), portion, tools, hold.signal);
    }
    after = portion.until;
    last = portion.last;
  }
}

async function sendCount(consignment: ResultConsignment, tools: Tools, signal: AbortSignal): Promise<void> {
  const { result } = consignment;
  const message = messageOf(result, rangeOfResult(result), { first: true, last: true });
  await dispatch(consignment, message, { until: result.until, count: 0, blocks: undefined }, tools, signal);
}

/**
 * The message for a run of labels. The receiver tells by Record_Count, which is that of the whole result, and by the labels of
 * the blocks whether it has everything. The range is stated where there is a place for it: beside the id of a subscription.
 */
function messageOf(
  { id, count, stated, subscriptionId }: ResultSet,
  { collection, after, until }: Pick<ContentRange, "collection" | "after" | "until">,
  { first, last }: { readonly first: boolean; readonly last: boolean },
): InboxMessageInit {
  const begin = first ? stated?.begin : after === undefined ? undefined : formatLabel(after);
  const end = last ? (stated?.end ?? until) : until;
  return {
    resultId: id,
    recordCount: count === undefined ? undefined : { value: count.value, partialCount: count.partial },
    sourceSubscription: subscriptionId === undefined ? undefined : sourceOf(collection, subscriptionId, begin, end),
  };
}
