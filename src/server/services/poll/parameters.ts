/** What a poll asks for beside the range: by itself, or by a subscription. */

import { ContentBindingId, PollParameters, SubscriptionParameters } from "../../../../generated/taxii11/index.js";
import { type AcceptedBinding, commonBindings } from "../../../message/content-binding.js";
import { create } from "../../../message/create.js";
import { StatusError } from "../../../message/status-error.js";
import type { Collection, Subscription } from "../../../storage/index.js";
import { type Context, ownerOf } from "../../context.js";
import type { CollectionPoll, ResolvedParameters } from "./steps.js";

/**
 * The parameters of a poll: those of the subscription it names (SVC-POLL-004), whether or not that is paused (SVC-SUBF-006),
 * otherwise its own.
 *
 * @param requiresSubscription whether it has to name one
 * @throws StatusError `DENIED` when it names none though it has to (SVC-POLL-005); `NOT_FOUND` with ITEM for a subscription that
 *   is not there, to another collection, or somebody else's (SVC-POLL-007); `UNSUPPORTED_CONTENT`
 */
export async function resolveParameters(
  { request, collection }: CollectionPoll,
  context: Context,
  requiresSubscription: boolean,
): Promise<ResolvedParameters> {
  if (request.subscriptionId !== undefined) {
    const subscription = await findSubscription(request.subscriptionId, collection, context);
    return restrict(parametersOf(subscription, context), collection);
  }
  if (requiresSubscription) throw new StatusError("DENIED", { message: "Polls of this service have to name a subscription." });
  const { responseType, contentBindings, query, allowAsynch, deliveryParameters } = request.pollParameters ?? create(PollParameters, {});
  return restrict({ subscription: undefined, responseType, contentBindings, query, allowAsynch, deliveryParameters }, collection);
}

async function findSubscription(id: string, { name }: Collection, context: Context): Promise<Subscription> {
  const [subscription] = await context.storage.subscriptions.find({ id, owner: ownerOf(context), collection: name });
  if (subscription !== undefined && (context.version === "1.1" || isKnownTo10(subscription))) return subscription;
  throw new StatusError("NOT_FOUND", {
    message: `There is no subscription ${JSON.stringify(id)} to this collection.`,
    details: { ITEM: id },
  });
}

/** Whether TAXII 1.0 can say what a subscription asks for (VER-X-006). */
function isKnownTo10({ parameters }: Subscription): boolean {
  return parameters === undefined || (parameters.responseType === "FULL" && parameters.query === undefined);
}

/** Polls of a subscription have no place for a permission to be answered later (XML-PRQ-006). */
function parametersOf(subscription: Subscription, { original }: Context): ResolvedParameters {
  const { responseType, contentBindings, query } = subscription.parameters ?? create(SubscriptionParameters, {});
  const requested = original.$type === "taxii10.PollRequest" ? original.contentBindings.map((bindingId) => ({ bindingId })) : [];
  return {
    subscription,
    responseType,
    contentBindings: intersect(requested, contentBindings),
    query,
    allowAsynch: false,
    deliveryParameters: undefined,
  };
}

/**
 * In TAXII 1.0 a poll can have both, a subscription and content bindings: what is in both is asked for (SVC-POLL-017).
 *
 * @throws StatusError `UNSUPPORTED_CONTENT` when they have nothing in common
 */
function intersect(requested: readonly AcceptedBinding[], subscribed: readonly AcceptedBinding[]): ContentBindingId[] {
  const common = commonBindings(requested, subscribed);
  if (common === undefined) throw unsupported("The subscription is for none of the content bindings asked for.", subscribed);
  return common.map(({ bindingId, subtypes = [] }) => create(ContentBindingId, { bindingId, subtypes: [...subtypes] }));
}

/** @throws StatusError `UNSUPPORTED_CONTENT` when the collection has none of the bindings (SVC-POLL-008, CB-MATCH-009) */
function restrict(parameters: ResolvedParameters, { name, contentBindings }: Collection): ResolvedParameters {
  if (commonBindings(parameters.contentBindings, contentBindings) !== undefined) return parameters;
  throw unsupported(`The collection ${JSON.stringify(name)} has no content in the bindings asked for.`, contentBindings);
}

function unsupported(message: string, supported: readonly AcceptedBinding[]): StatusError {
  return new StatusError("UNSUPPORTED_CONTENT", {
    message,
    details: { SUPPORTED_CONTENT: [...new Set(supported.map(({ bindingId }) => bindingId))] },
  });
}
