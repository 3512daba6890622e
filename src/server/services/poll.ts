/** The poll service: content by range and binding (SVC-POLL, SVC-RANGE). */

import { type ContentBindingId, type ContentBlock, PollParameters, PollRequest, PollResponse } from "../../../generated/taxii11/index.js";
import { commonBindings, coversBinding } from "../../message/content-binding.js";
import { create } from "../../message/create.js";
import { StatusError } from "../../message/status-error.js";
import { compareTimestamps, type Timestamp } from "../../message/timestamp.js";
import {
  type Collection,
  floorLabel,
  formatLabel,
  type Label,
  type Selection,
  type Storage,
  type StoredBlock,
} from "../../storage/index.js";
import { requireCollection } from "../collections.js";
import type { Context } from "../context.js";
import { handle, type Reply } from "../handler.js";
import { type CollectionServiceOptions, defineService, type Service } from "../service.js";

/**
 * A poll service.
 *
 * @throws TypeError when the path is none
 */
export function poll(options: CollectionServiceOptions): Service {
  return defineService(options, { type: "POLL", handlers: [handle(PollRequest, answer)] });
}

async function answer(request: PollRequest, context: Context): Promise<Reply<PollRequest>> {
  const collection = await requireCollection(request.collectionName, context);
  const parameters = parametersOf(request);
  const accepts = acceptedContent(parameters.contentBindings, collection);
  // A set has no range: bounds are passed over and none are stated (SVC-POLL-010, XML-PRS-003).
  const range = collection.type === "DATA_FEED" ? await rangeOf(request, context.storage) : undefined;
  const selection: Selection = { collection: collection.name, after: range?.after, until: range?.until, accepts };
  const count = await context.storage.count(selection);
  const message = create(PollResponse, {
    inResponseTo: request.messageId,
    collectionName: collection.name,
    exclusiveBeginTimestamp: range?.begin,
    inclusiveEndTimestamp: range?.end,
    recordCount: { value: count },
  });
  if (parameters.responseType === "COUNT_ONLY" || count === 0) return message;
  return { message, blocks: blocksOf(collection, context.storage.content(selection)) };
}

/**
 * What a poll asks for beside the range.
 *
 * @throws StatusError `NOT_FOUND` for subscriptions, of which there are none yet; `UNSUPPORTED_QUERY`, without
 *   SUPPORTED_QUERY, as no query format is supported (SVC-POLL-007, SVC-POLL-009)
 */
function parametersOf({ subscriptionId, pollParameters }: PollRequest): PollParameters {
  if (subscriptionId !== undefined) {
    throw new StatusError("NOT_FOUND", {
      message: `There is no subscription ${JSON.stringify(subscriptionId)} to this collection.`,
      details: { ITEM: subscriptionId },
    });
  }
  const parameters = pollParameters ?? create(PollParameters, {});
  if (parameters.query !== undefined) throw new StatusError("UNSUPPORTED_QUERY", { message: "This service does not evaluate queries." });
  return parameters;
}

/**
 * The content a poll is given, or undefined for all of it (CB-MATCH-001).
 *
 * @throws StatusError `UNSUPPORTED_CONTENT` when the collection has none of the bindings (SVC-POLL-008, CB-MATCH-009)
 */
function acceptedContent(requested: readonly ContentBindingId[], { name, contentBindings }: Collection): Selection["accepts"] {
  if (commonBindings(requested, contentBindings) === undefined) {
    throw new StatusError("UNSUPPORTED_CONTENT", {
      message: `The collection ${JSON.stringify(name)} has no content in the bindings asked for.`,
      details: { SUPPORTED_CONTENT: [...new Set(contentBindings.map(({ bindingId }) => bindingId))] },
    });
  }
  return requested.length === 0 ? undefined : (binding) => coversBinding(requested, binding);
}

/** The range a reply covers: as labels, and as it is stated. */
interface Range {
  readonly after: Label | undefined;
  readonly until: Label;
  readonly begin: Timestamp | undefined;
  readonly end: Timestamp;
}

/**
 * The range asked for, as far as it is known to be complete (SVC-RANGE-001 to SVC-RANGE-008). Bounds are stated as they were
 * sent. An end that lies beyond the horizon becomes the horizon, and so does a begin in the future: an end at or behind it
 * would promise that nothing is going to be labelled before it.
 *
 * @throws StatusError `BAD_MESSAGE` when the end is not later than the begin (XML-PRQ-003)
 */
async function rangeOf({ exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: end }: PollRequest, storage: Storage): Promise<Range> {
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
    begin: after !== undefined && after > horizon ? formatLabel(horizon) : begin,
    end: known ? end : formatLabel(horizon),
  };
}

/** Blocks as they are sent: with the label they have in the feed, unless that would break their signature (SIG-MSG-005). */
async function* blocksOf({ type }: Collection, stored: AsyncIterable<StoredBlock>): AsyncGenerator<ContentBlock, void, undefined> {
  for await (const { block, label } of stored) {
    if (block.signature !== undefined) yield block;
    else yield { ...block, timestampLabel: type === "DATA_FEED" ? formatLabel(label) : undefined };
  }
}
