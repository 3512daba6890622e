/** Answers Poll_Fulfillment: parts of results, and results that are made later (SVC-MULTI, SVC-ASYNC). */

import type { PollFulfillment } from "../../../../generated/taxii11/index.js";
import type { Collection, ResultSet, Storage } from "../../../storage/index.js";
import { type Context, ownerOf } from "../../context.js";
import type { Reply } from "../../handler.js";
import {
  type ContentRange,
  type Count,
  type CutOptions,
  type FoundPart,
  findPart,
  type Measure,
  measure,
  predicateOf,
  rangeOfResult,
  resultGone,
} from "../../results/index.js";
import { cutOptions, type PollSetup, send } from "./job.js";
import { pending } from "./pending.js";
import { statedOf } from "./range.js";

/** Gives a part, or the promise of it again. The result stays, also when the request is faulty (SVC-MULTI-010). */
export async function answerFulfillment(
  request: PollFulfillment,
  context: Context,
  { settings, steps }: PollSetup,
): Promise<Reply<PollFulfillment>> {
  const { storage } = context;
  const collection = await steps.resolveCollection(request.collectionName, context);
  const result = await findResult(request.resultId, collection, context);
  if (result.state === "PENDING") return pending(result, request.messageId, context);
  const predicate = await predicateOf(result.query, settings.queries, collection);
  const options = cutOptions(settings, predicate);
  // The schema lets the number be left out (XML-FUL-002).
  const found = await findPart(storage, result, request.resultPartNumber ?? 1, options);
  const { part } = found;
  const range: ContentRange = { ...rangeOfResult(result), collection, after: part.after, until: part.until };
  const { count, content } = await countFor(storage, result, found, range, options);
  const reply = {
    inResponseTo: request.messageId,
    collection,
    subscriptionId: result.subscriptionId,
    resultId: result.id,
    partNumber: part.number,
    more: !part.last,
    stated: statedOf(result.stated, part),
    count,
  };
  return send(reply, result.responseType === "COUNT_ONLY" ? undefined : { range, predicate, content }, context, steps);
}

/**
 * The result of this id. One of somebody else, or of another collection, is as unknown as one that has expired or could not be
 * made (SVC-ASYNC-006, SVC-ASYNC-009, SVC-ASYNC-010).
 *
 * @throws StatusError `ASYNCHRONOUS_POLL_ERROR`
 */
async function findResult(id: string, { name }: Collection, context: Context): Promise<ResultSet> {
  const result = await context.storage.results.get(id);
  if (result === undefined || result.owner !== ownerOf(context) || result.collection !== name || result.state === "FAILED")
    throw resultGone(id);
  return result;
}

/** The count of the whole result. A lower bound is at least the number of blocks in the message (XML-PRS-008). */
async function countFor(
  storage: Storage,
  { count }: ResultSet,
  { cut }: FoundPart,
  range: ContentRange,
  options: CutOptions,
): Promise<Pick<Measure, "content"> & { readonly count: Count }> {
  if (count?.partial === false) return { count, content: cut?.content };
  const { blocks, content } = cut ?? (await measure(storage, range, options));
  return { count: { value: Math.max(count?.value ?? 0, blocks), partial: true }, content };
}
