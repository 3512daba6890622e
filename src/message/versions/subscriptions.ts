/** Managing subscriptions. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { create } from "../create.js";
import { bindings11, wantedBindings10 } from "./bindings.js";
import { request10, request11, response10, response11 } from "./envelope.js";
import { NotInVersion10Error } from "./not-in-version-10.js";

/**
 * A subscription request of TAXII 1.0 in TAXII 1.1. What a receiver is to disregard is left out: the subscription id but for
 * UNSUBSCRIBE (XML-SUB-004; STATUS would cover less in TAXII 1.1), push parameters but for SUBSCRIBE (XML-SUB-009).
 */
export function subscriptionRequest11(message: taxii10.SubscriptionManagementRequest): taxii11.SubscriptionManagementRequest {
  const { action, feedName, subscriptionId, pushParameters } = message;
  const common = { ...request11(message), action, collectionName: feedName };
  if (action !== "SUBSCRIBE") {
    return create(taxii11.SubscriptionManagementRequest, {
      ...common,
      subscriptionId: action === "UNSUBSCRIBE" ? subscriptionId : undefined,
    });
  }
  return create(taxii11.SubscriptionManagementRequest, {
    ...common,
    subscriptionParameters: { contentBindings: bindings11(pushParameters?.contentBindings ?? []) },
    pushParameters: pushParameters && push11(pushParameters),
  });
}

/**
 * A subscription request of TAXII 1.1 in TAXII 1.0. What a receiver is to disregard is left out (XML-SUB-002, XML-SUB-006,
 * XML-SUB-009).
 */
export function subscriptionRequest10(message: taxii11.SubscriptionManagementRequest): taxii10.SubscriptionManagementRequest {
  const { action, collectionName, subscriptionId, subscriptionParameters, pushParameters } = message;
  if (action === "PAUSE" || action === "RESUME") throw new NotInVersion10Error(["action"], `there is no ${action}`);
  if (action === "STATUS" && subscriptionId !== undefined) {
    throw new NotInVersion10Error(["subscriptionId"], "STATUS covers all subscriptions to a feed there");
  }
  const common = { ...request10(message), action, feedName: collectionName };
  if (action !== "SUBSCRIBE") return create(taxii10.SubscriptionManagementRequest, { ...common, subscriptionId });
  const contentBindings = subscribed10(subscriptionParameters);
  if (contentBindings.length > 0 && pushParameters === undefined) {
    throw new NotInVersion10Error(
      ["subscriptionParameters", "contentBindings"],
      "only a subscription with push parameters names content bindings there",
    );
  }
  return create(taxii10.SubscriptionManagementRequest, {
    ...common,
    pushParameters: pushParameters && { ...push11(pushParameters), contentBindings },
  });
}

function subscribed10(parameters: taxii11.SubscriptionParameters | undefined): string[] {
  const at = "subscriptionParameters";
  if (parameters?.responseType === "COUNT_ONLY") throw new NotInVersion10Error([at, "responseType"], "only records are delivered there");
  if (parameters?.query !== undefined) throw new NotInVersion10Error([at, "query"], "queries came with TAXII 1.1");
  return wantedBindings10(parameters?.contentBindings ?? [], at, "contentBindings");
}

const push11 = ({ protocolBinding, address, messageBinding }: taxii11.PushParameter): taxii11.PushParameter => ({
  protocolBinding,
  address,
  messageBinding,
});

/** A subscription response of TAXII 1.0 in TAXII 1.1. */
export function subscriptionResponse11(
  message: taxii10.SubscriptionManagementResponse,
  action: taxii10.FeedAction | undefined,
): taxii11.SubscriptionManagementResponse {
  const { feedName, subscriptions } = message;
  // Other answers than that to STATUS have exactly one (XML-SUB-013).
  const answers = action ?? (subscriptions.length === 1 ? undefined : "STATUS");
  return create(taxii11.SubscriptionManagementResponse, {
    ...response11(message),
    collectionName: feedName,
    message: message.message,
    subscriptions: subscriptions.map((subscription) => subscription11(subscription, answers)),
  });
}

function subscription11(
  { subscriptionId, pushParameters, pollInstances }: taxii10.SubscriptionRecord,
  action: taxii10.FeedAction | undefined,
): taxii11.SubscriptionRecordInit {
  if (action === "UNSUBSCRIBE") return { status: "UNSUBSCRIBED", subscriptionId, pollInstances };
  // Push parameters mean something in the answer to STATUS only, and there they are left out for a poll subscription alone,
  // which delivers every format (XML-SUB-010, XML-SUB-018).
  const push = action === "SUBSCRIBE" ? undefined : pushParameters;
  const told = push !== undefined || action === "STATUS";
  return {
    subscriptionId,
    subscriptionParameters: told ? { contentBindings: bindings11(push?.contentBindings ?? []) } : undefined,
    pushParameters: push && push11(push),
    pollInstances,
  };
}

/**
 * A subscription response of TAXII 1.1 in TAXII 1.0. Subscriptions that cannot be described there are left out (VER-X-006),
 * but for the one that SUBSCRIBE or UNSUBSCRIBE is about, of which little more than the id is told (XML-SUB-018, XML-SUB-019).
 */
export function subscriptionResponse10(
  message: taxii11.SubscriptionManagementResponse,
  action: taxii10.FeedAction | undefined,
): taxii10.SubscriptionManagementResponse {
  return create(taxii10.SubscriptionManagementResponse, {
    ...response10(message),
    feedName: message.collectionName,
    message: message.message,
    subscriptions: message.subscriptions.flatMap((subscription) => subscription10(subscription, action)),
  });
}

function subscription10(
  subscription: taxii11.SubscriptionRecord,
  action: taxii10.FeedAction | undefined,
): taxii10.SubscriptionRecordInit[] {
  const { subscriptionId, status, subscriptionParameters, pushParameters, pollInstances } = subscription;
  if (action === "UNSUBSCRIBE" || status === "UNSUBSCRIBED") return [{ subscriptionId }];
  if (action === "SUBSCRIBE") return [{ subscriptionId, pollInstances }];
  if (!canBeListed(subscription)) return [];
  const contentBindings = subscriptionParameters?.contentBindings.map(({ bindingId }) => bindingId);
  return [{ subscriptionId, pushParameters: pushParameters && { ...push11(pushParameters), contentBindings }, pollInstances }];
}

/** Whether TAXII 1.0 can tell all that matters about a subscription: anything less would promise more than is delivered. */
function canBeListed({ status, subscriptionParameters, pushParameters, pollInstances }: taxii11.SubscriptionRecord): boolean {
  const { responseType = "FULL", contentBindings = [], query } = subscriptionParameters ?? {};
  const whole = status === "ACTIVE" && responseType === "FULL" && query === undefined;
  const plain = contentBindings.every(({ subtypes }) => subtypes.length === 0);
  // Formats are named with push parameters only (XML-SUB-010), and what is not pushed can be polled (XML-SUB-019).
  const placed = pushParameters !== undefined || (contentBindings.length === 0 && pollInstances.length > 0);
  return whole && plain && placed;
}
