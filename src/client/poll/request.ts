/** The Poll_Request of a poll. */

import { PollRequest, type ResponseType } from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import { asQuery } from "../../message/query-body.js";
import { bindingsOf } from "./bindings.js";
import { boundsOf } from "./bounds.js";
import type { PollOptions } from "./options.js";

/** What a Poll_Request can say of a poll. */
export type PollRequestOptions = Pick<
  PollOptions,
  "after" | "since" | "before" | "contentBindings" | "query" | "subscriptionId" | "deliverTo" | "allowAsynch"
>;

/**
 * Makes the request. A subscription brings its own parameters, so that none are sent beside it (XML-PRQ-001).
 *
 * @param responseType whole content, or only its number
 * @throws TypeError and RangeError for bounds that make no sense
 */
export function pollRequest(name: string, options: PollRequestOptions, responseType: ResponseType = "FULL"): PollRequest {
  const { contentBindings, query, subscriptionId, deliverTo, allowAsynch = true } = options;
  const { after, before } = boundsOf(options, Date.now());
  return create(PollRequest, {
    collectionName: name,
    exclusiveBeginTimestamp: after,
    inclusiveEndTimestamp: before,
    ...(subscriptionId === undefined
      ? {
          pollParameters: {
            allowAsynch,
            responseType,
            contentBindings: bindingsOf(contentBindings),
            query: query && asQuery(query),
            deliveryParameters: deliverTo,
          },
        }
      : { subscriptionId }),
  });
}
