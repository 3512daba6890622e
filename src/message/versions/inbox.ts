/** Deliveries to an inbox. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../create.js";
import { block10, block11, refuseCountAlone } from "./blocks.js";
import type { ToVersion10Options } from "./counterparts.js";
import { request10, request11 } from "./envelope.js";
import { NotInVersion10Error } from "./not-in-version-10.js";
import { exclusiveBegin, inclusiveBegin, requiredEnd, statedEnd } from "./range.js";

/**
 * An inbox message of TAXII 1.0 in TAXII 1.1. A source without the id of a subscription, which the schema of TAXII 1.0 allows
 * against its erratum (XML-INB-003), is left out: TAXII 1.1 cannot name it.
 */
export function inboxMessage11(message: taxii10.InboxMessage): taxii11.InboxMessage {
  return create(taxii11.InboxMessage, {
    ...request11(message),
    message: message.message,
    sourceSubscription: source11(message.sourceSubscription),
    contentBlocks: message.contentBlocks.map(block11),
  });
}

function source11(source: taxii10.SourceSubscription | undefined): taxii11.SourceSubscriptionInit | undefined {
  if (source?.subscriptionId === undefined) return undefined;
  const { feedName, subscriptionId, inclusiveBeginTimestamp, inclusiveEndTimestamp } = source;
  const exclusiveBeginTimestamp = exclusiveBegin(inclusiveBeginTimestamp);
  return { collectionName: feedName, subscriptionId, exclusiveBeginTimestamp, inclusiveEndTimestamp: statedEnd(inclusiveEndTimestamp) };
}

/** An inbox message of TAXII 1.1 in TAXII 1.0. */
export function inboxMessage10(message: taxii11.InboxMessage, options: ToVersion10Options): taxii10.InboxMessage {
  if (message.destinationCollectionNames.length > 0)
    throw new NotInVersion10Error(["destinationCollectionNames"], "the receiving side alone decides there where content goes");
  if (message.resultId !== undefined) throw new NotInVersion10Error(["resultId"], "results are not delivered later there");
  refuseCountAlone(message, options);
  return create(taxii10.InboxMessage, {
    ...request10(message),
    message: message.message,
    sourceSubscription: message.sourceSubscription && source10(message.sourceSubscription),
    contentBlocks: message.contentBlocks.map(block10),
  });
}

function source10(source: taxii11.SourceSubscription): taxii10.SourceSubscriptionInit {
  const { collectionName, subscriptionId, exclusiveBeginTimestamp, inclusiveEndTimestamp } = source;
  const at = "sourceSubscription";
  return {
    feedName: collectionName,
    subscriptionId,
    inclusiveBeginTimestamp: inclusiveBegin(exclusiveBeginTimestamp, at, "exclusiveBeginTimestamp"),
    inclusiveEndTimestamp: requiredEnd(inclusiveEndTimestamp, at, "inclusiveEndTimestamp"),
  };
}
