/** Polls. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../create.js";
import { bindings11, wantedBindings10 } from "./bindings.js";
import { block10, block11, refuseCountAlone } from "./blocks.js";
import type { ToVersion10Options } from "./counterparts.js";
import { request10, request11, response10, response11 } from "./envelope.js";
import { NotInVersion10Error } from "./not-in-version-10.js";
import { exclusiveBegin, inclusiveBegin, requiredEnd, statedEnd } from "./range.js";

/**
 * A poll request of TAXII 1.0 in TAXII 1.1. There it names a subscription or content bindings, not both; where this one has
 * both, the subscription stays (SVC-POLL-017).
 */
export function pollRequest11(message: taxii10.PollRequest): taxii11.PollRequest {
  const { feedName, subscriptionId, exclusiveBeginTimestamp, inclusiveEndTimestamp, contentBindings } = message;
  return create(taxii11.PollRequest, {
    ...request11(message),
    collectionName: feedName,
    exclusiveBeginTimestamp,
    inclusiveEndTimestamp,
    subscriptionId,
    pollParameters: subscriptionId === undefined ? { contentBindings: bindings11(contentBindings) } : undefined,
  });
}

/**
 * A poll request of TAXII 1.1 in TAXII 1.0. `allow_asynch` is left out: it permits a late answer, and without it the answer
 * comes at once.
 */
export function pollRequest10(message: taxii11.PollRequest): taxii10.PollRequest {
  const { collectionName, subscriptionId, exclusiveBeginTimestamp, inclusiveEndTimestamp, pollParameters } = message;
  return create(taxii10.PollRequest, {
    ...request10(message),
    feedName: collectionName,
    subscriptionId,
    exclusiveBeginTimestamp,
    inclusiveEndTimestamp,
    contentBindings: polled10(pollParameters),
  });
}

function polled10(parameters: taxii11.PollParameters | undefined): string[] {
  const at = "pollParameters";
  if (parameters === undefined) return [];
  if (parameters.responseType === "COUNT_ONLY") throw new NotInVersion10Error([at, "responseType"], "only records can be asked for there");
  if (parameters.query !== undefined) throw new NotInVersion10Error([at, "query"], "queries came with TAXII 1.1");
  if (parameters.deliveryParameters !== undefined) {
    throw new NotInVersion10Error([at, "deliveryParameters"], "the result of a poll comes with the answer there and cannot be pushed");
  }
  return wantedBindings10(parameters.contentBindings, at, "contentBindings");
}

/** A poll response of TAXII 1.0 in TAXII 1.1. */
export function pollResponse11(message: taxii10.PollResponse): taxii11.PollResponse {
  const { feedName, subscriptionId, inclusiveBeginTimestamp, inclusiveEndTimestamp, contentBlocks } = message;
  return create(taxii11.PollResponse, {
    ...response11(message),
    collectionName: feedName,
    subscriptionId,
    exclusiveBeginTimestamp: exclusiveBegin(inclusiveBeginTimestamp),
    inclusiveEndTimestamp: statedEnd(inclusiveEndTimestamp),
    message: message.message,
    contentBlocks: contentBlocks.map(block11),
  });
}

/** A poll response of TAXII 1.1 in TAXII 1.0, where it is the whole result. */
export function pollResponse10(message: taxii11.PollResponse, options: ToVersion10Options): taxii10.PollResponse {
  const { collectionName, subscriptionId, exclusiveBeginTimestamp, inclusiveEndTimestamp, contentBlocks } = message;
  refusePart(message);
  refuseCountAlone(message, options);
  return create(taxii10.PollResponse, {
    ...response10(message),
    feedName: collectionName,
    subscriptionId,
    message: message.message,
    inclusiveBeginTimestamp: inclusiveBegin(exclusiveBeginTimestamp, "exclusiveBeginTimestamp"),
    inclusiveEndTimestamp: requiredEnd(inclusiveEndTimestamp, "inclusiveEndTimestamp"),
    contentBlocks: contentBlocks.map(block10),
  });
}

/** A result that is too big covers a shorter range there; leaving out the rest without a word loses it (VER-X-008). */
function refusePart({ more, resultPartNumber }: taxii11.PollResponse): void {
  if (more) throw new NotInVersion10Error(["more"], "a result has one part there");
  if (resultPartNumber > 1)
    throw new NotInVersion10Error(["resultPartNumber"], `a result has one part there, this is part ${resultPartNumber}`);
}
