/** What a SUBSCRIBE may ask for (SVC-SUB-005). */

import type { PushParameter, SubscriptionManagementRequest, SubscriptionParameters } from "../../../generated/taxii11/index.js";
import { commonBindings } from "../../message/content-binding.js";
import { StatusError } from "../../message/status-error.js";
import type { Collection } from "../../storage/index.js";
import type { Context } from "../context.js";
import { prepareQuery } from "../query.js";
import { contactsOf } from "./collection-information.js";

/** A SUBSCRIBE and the collection it is for. */
export interface Subscribing {
  readonly request: SubscriptionManagementRequest;
  readonly collection: Collection;
}

/** What parameters have to be like. */
export interface ParameterRules {
  /** Whether parameters that are left out are a fault (XML-SUB-007). */
  readonly requireParameters: boolean;
  /** Characters the parameters may have, as they are kept. */
  readonly maxParameterSize: number;
}

/**
 * Checks what is to be delivered.
 *
 * @throws StatusError `BAD_MESSAGE`; `DENIED` for more than is kept of one subscription; `UNSUPPORTED_CONTENT` with
 *   SUPPORTED_CONTENT when the collection has none of the bindings (SVC-SUB-022); what `prepareQuery` throws
 */
export async function checkParameters(
  { request, collection }: Subscribing,
  { service }: Context,
  { requireParameters, maxParameterSize }: ParameterRules,
): Promise<void> {
  const { subscriptionParameters } = request;
  if (subscriptionParameters === undefined) {
    if (requireParameters) throw new StatusError("BAD_MESSAGE", { message: "SUBSCRIBE needs Subscription_Parameters." });
    return;
  }
  const size = JSON.stringify(subscriptionParameters).length;
  if (size > maxParameterSize) {
    throw new StatusError("DENIED", {
      message: `The parameters of a subscription may have up to ${maxParameterSize} characters here, found ${size}.`,
    });
  }
  checkContent(subscriptionParameters, collection);
  if (subscriptionParameters.query !== undefined) await prepareQuery(subscriptionParameters.query, service.queries, collection);
}

function checkContent({ contentBindings: wanted }: SubscriptionParameters, { name, contentBindings }: Collection): void {
  if (commonBindings(wanted, contentBindings) !== undefined) return;
  throw new StatusError("UNSUPPORTED_CONTENT", {
    message: `The collection ${JSON.stringify(name)} has no content in the bindings asked for.`,
    details: { SUPPORTED_CONTENT: [...new Set(contentBindings.map(({ bindingId }) => bindingId))] },
  });
}

/**
 * Checks how it is to be delivered: pushed, or, without push parameters, polled (SVC-SUB-020).
 *
 * @throws StatusError what the push policy throws; `UNSUPPORTED_PROTOCOL` when nothing is pushed; `POLLING_UNSUPPORTED` when there
 *   is no poll service for the collection that the requester may use (SVC-SUB-021)
 */
export async function checkPush({ request, collection }: Subscribing, context: Context): Promise<void> {
  const { pushParameters } = request;
  if (pushParameters !== undefined) await checkTarget(pushParameters, context);
  else if (contactsOf("POLL", collection, context).length === 0) {
    throw new StatusError("POLLING_UNSUPPORTED", {
      message: `The collection ${JSON.stringify(collection.name)} cannot be polled; a subscription needs push parameters.`,
    });
  }
}

async function checkTarget(target: PushParameter, { push, account }: Context): Promise<void> {
  if (push === undefined) throw new StatusError("UNSUPPORTED_PROTOCOL", { message: "Nothing is pushed here; subscriptions are polled." });
  await push.check(target, account);
}
