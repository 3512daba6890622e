/** Answers Poll_Request (SVC-POLL). */

import type { PollRequest } from "../../../../generated/taxii11/index.js";
import { StatusError } from "../../../message/status-error.js";
import { formatLabel, type ResultPart, StorageError } from "../../../storage/index.js";
import type { Context } from "../../context.js";
import type { Reply } from "../../handler.js";
import { type Count, type Cut, countRange, cut, predicateOf } from "../../results/index.js";
import { contentOf, cutOptions, type PollJob, type PollSetup, send } from "./job.js";
import type { PollSettings } from "./options.js";
import { announce, isForLater } from "./pending.js";
import { statedOf } from "./range.js";
import { createResult } from "./result.js";

/** Answers a poll: with content, with a count, or with the promise of a result. */
export async function answerPoll(request: PollRequest, context: Context, setup: PollSetup): Promise<Reply<PollRequest>> {
  const { settings, steps } = setup;
  const collection = await steps.resolveCollection(request.collectionName, context);
  const parameters = await steps.resolveParameters({ request, collection }, context);
  const predicate = await predicateOf(parameters.query, settings.queries, collection);
  const range = await steps.resolveRange({ request, collection }, context);
  const job: PollJob = { request, collection, parameters, range, predicate };
  if (await isForLater(job, context, settings)) return announce(job, context, settings);
  return parameters.responseType === "COUNT_ONLY" ? answerCount(job, context, setup) : answerFirstPart(job, context, setup);
}

/** COUNT_ONLY: the number of records and the range, no blocks (SVC-POLL-012). */
async function answerCount(job: PollJob, context: Context, { settings, steps }: PollSetup): Promise<Reply<PollRequest>> {
  const count = await countRange(context.storage, contentOf(job), cutOptions(settings, job.predicate), settings.countLimit);
  return send({ ...replyTo(job), count }, undefined, context, steps);
}

/** What all replies to a poll say; that there is one part is to be changed where there are more. */
function replyTo({ request, collection, parameters: { subscription }, range: { stated } }: PollJob) {
  return {
    inResponseTo: request.messageId,
    collection,
    subscriptionId: subscription?.id,
    resultId: undefined,
    partNumber: 1,
    more: false,
    stated,
  };
}

/** The content, or as much of it as one part holds. */
async function answerFirstPart(job: PollJob, context: Context, { settings, steps }: PollSetup): Promise<Reply<PollRequest>> {
  const range = contentOf(job);
  const first = await cut(context.storage, range, cutOptions(settings, job.predicate));
  const content = { range: { ...range, until: first.until }, predicate: job.predicate, content: first.content };
  const whole: Count = { value: first.blocks, partial: false };
  if (first.last) return send({ ...replyTo(job), count: whole }, content, context, steps);
  const shorter = (): Promise<Reply<PollRequest>> =>
    send({ ...replyTo(job), stated: shortened(job, first), count: whole }, content, context, steps);
  if (context.version === "1.0" || !settings.fulfillment) return shorter();
  const count = await countOfAll(job, first, context, settings);
  const part: ResultPart = { number: 1, after: job.range.after, until: first.until, last: false };
  try {
    const { id } = await createResult(job, { state: "READY", count, push: undefined }, [part], context, settings);
    return await send(
      { ...replyTo(job), resultId: id, more: true, stated: statedOf(job.range.stated, part), count },
      content,
      context,
      steps,
    );
  } catch (error) {
    // Where nothing can be kept any more, feeds can still be read.
    if (isFull(error) && job.range.stated !== undefined) return shorter();
    throw error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof StorageError && error.code === "STORAGE_FULL";
}

/**
 * The range of the first part, which is then the whole answer (VER-X-008, SVC-RANGE-004).
 *
 * @throws StatusError `FAILURE` for a set of data: it has no range that could be shorter (SVC-MULTI-001)
 */
function shortened({ range: { stated }, collection: { name } }: PollJob, { until }: Cut): PollJob["range"]["stated"] {
  if (stated !== undefined) return { begin: stated.begin, end: formatLabel(until) };
  throw new StatusError("FAILURE", {
    message: `${JSON.stringify(name)} has more content than one message holds, and this service does not give results in parts.`,
  });
}

/** The records of the first part and of what follows. With a query the rest is not known, as looking through it is what parts are for. */
async function countOfAll(job: PollJob, { blocks, until }: Cut, { storage }: Context, settings: PollSettings): Promise<Count> {
  if (job.predicate !== undefined) return { value: blocks, partial: true };
  const limit = Math.max(0, settings.countLimit - blocks);
  const rest = await countRange(storage, { ...contentOf(job), after: until }, cutOptions(settings, undefined), limit);
  return { value: blocks + rest.value, partial: rest.partial };
}
