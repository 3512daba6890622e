/** The last two steps of a reply: its content, and the message around it. */

import { type ContentBlock, PollResponse } from "../../../../generated/taxii11/index.js";
import type { MatchOptions } from "../../../message/content-binding.js";
import { create } from "../../../message/create.js";
import type { Context } from "../../context.js";
import { asSent, blocksOfRange } from "../../results/index.js";
import type { ContentToSelect, ReplyToBuild } from "./steps.js";

/** The blocks of a part as they are sent. */
export function selectContent(
  { range, predicate, content }: ContentToSelect,
  { storage }: Context,
  match: MatchOptions,
): AsyncIterable<ContentBlock> {
  return content === undefined ? blocksOfRange(storage, range, predicate, match) : asSent(content, range.collection);
}

/** The message of a reply, without its content. */
export function buildReply({ count, ...reply }: ReplyToBuild): PollResponse {
  return create(PollResponse, {
    inResponseTo: reply.inResponseTo,
    collectionName: reply.collection.name,
    more: reply.more,
    resultId: reply.resultId,
    resultPartNumber: reply.partNumber,
    subscriptionId: reply.subscriptionId,
    exclusiveBeginTimestamp: reply.stated?.begin,
    inclusiveEndTimestamp: reply.stated?.end,
    recordCount: { value: count.value, partialCount: count.partial },
  });
}
