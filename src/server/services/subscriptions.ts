/** Subscription management: what a consumer asks for once, to get it from then on (SVC-SUB). */

import {
  SubscriptionManagementRequest,
  SubscriptionManagementResponse,
  SubscriptionParameters,
  type SubscriptionRecordInit,
} from "../../../generated/taxii11/index.js";
import { create } from "../../message/create.js";
import { StatusError } from "../../message/status-error.js";
import type { Collection, Subscription } from "../../storage/index.js";
import { isAllowed, isVisible, knownCollection, requireCollection } from "../collections.js";
import { type Context, ownerOf } from "../context.js";
import { type Handler, handle } from "../handler.js";
import { type RunStep, type Step, step } from "../steps.js";
import { contactsOf } from "./collection-information.js";
import { subscribe } from "./subscribe.js";
import { checkParameters, checkPush, type ParameterRules, type Subscribing } from "./subscription-checks.js";

/** An answer to be. */
export interface SubscriptionAnswer {
  readonly request: SubscriptionManagementRequest;
  readonly subscriptions: readonly SubscriptionRecordInit[];
}

/** The steps of subscription management, in their order; the three in the middle are for SUBSCRIBE only. */
export interface SubscriptionSteps {
  /** Finds the collection. */
  readonly resolveCollection: Step<SubscriptionManagementRequest, Collection>;
  /** Refuses what cannot be delivered. */
  readonly checkParameters: Step<Subscribing, void>;
  /** Refuses ways of delivery that there are not. */
  readonly checkPush: Step<Subscribing, void>;
  /** Makes the subscription, or finds the one that asks for the same. */
  readonly subscribe: Step<Subscribing, Subscription>;
  /** Describes a subscription that exists. */
  readonly describe: Step<Subscription, SubscriptionRecordInit>;
  readonly buildReply: Step<SubscriptionAnswer, SubscriptionManagementResponse>;
}

export interface SubscriptionOptions extends ParameterRules {
  /** Text for people in every answer. */
  readonly message: string | undefined;
  readonly maxPerAccount: number;
  readonly steps: Partial<SubscriptionSteps>;
}

type Run = { readonly [K in keyof SubscriptionSteps]: SubscriptionSteps[K] extends Step<infer I, infer O> ? RunStep<I, O> : never };

/** The handler for Subscription_Management_Request. What is wrong is found in the order the specification prescribes (SVC-SUB-001). */
export function subscriptionHandler({ message, maxPerAccount, steps, ...rules }: SubscriptionOptions): Handler {
  const run: Run = {
    resolveCollection: step(resolveCollection, steps.resolveCollection),
    checkParameters: step((input, context) => checkParameters(input, context, rules), steps.checkParameters),
    checkPush: step(checkPush, steps.checkPush),
    subscribe: step((input, context) => subscribe(input, context, maxPerAccount), steps.subscribe),
    describe: step(describe, steps.describe),
    buildReply: step((answer) => buildReply(answer, message), steps.buildReply),
  };
  return handle(SubscriptionManagementRequest, async (request, context) => {
    const collection = await run.resolveCollection(request, context);
    const subscriptions = await act({ request, collection }, context, run);
    return run.buildReply({ request, subscriptions }, context);
  });
}

/** Does what the request asks for; what it has beyond that is disregarded (XML-SUB-002, XML-SUB-006, XML-SUB-009). */
async function act(input: Subscribing, context: Context, run: Run): Promise<SubscriptionRecordInit[]> {
  const { action, subscriptionId } = input.request;
  switch (action) {
    case "SUBSCRIBE":
      await run.checkParameters(input, context);
      await run.checkPush(input, context);
      return [await run.describe(await run.subscribe(input, context), context)];
    case "UNSUBSCRIBE":
      return [await unsubscribe(input, context)];
    case "PAUSE":
    case "RESUME":
      return [await run.describe(await setStatus(action, input, context), context)];
    case "STATUS": {
      const found =
        subscriptionId === undefined ? await ownSubscriptions(input.collection, context) : [await ownSubscription(input, context)];
      const records: SubscriptionRecordInit[] = [];
      for (const subscription of found) records.push(await run.describe(subscription, context));
      return records;
    }
  }
}

/**
 * A new subscription needs the right to read. Those that exist stay their owner's to look after, whatever rights are left
 * (SVC-GEN-012).
 */
function resolveCollection({ action, collectionName }: SubscriptionManagementRequest, context: Context): Promise<Collection> {
  if (action === "SUBSCRIBE") return requireCollection(collectionName, context);
  return knownCollection(collectionName, context, async (collection) => {
    if (await isVisible(collection, context)) return true;
    return context.account !== undefined && (await ownSubscriptions(collection, context)).length > 0;
  });
}

/** The requester's subscriptions to the collection, active or paused (SVC-SUB-018, SVC-SUB-019). */
function ownSubscriptions({ name }: Collection, context: Context): Promise<readonly Subscription[]> {
  return context.storage.subscriptions.find({ owner: ownerOf(context), collection: name });
}

/**
 * The subscription that a request names, of this requester to this collection (SVC-SUB-012).
 *
 * @throws StatusError `NOT_FOUND` with ITEM (SVC-SUB-008)
 */
async function ownSubscription({ request, collection }: Subscribing, context: Context): Promise<Subscription> {
  const id = namedSubscription(request);
  const [subscription] = await context.storage.subscriptions.find({ id, owner: ownerOf(context), collection: collection.name });
  if (subscription === undefined) throw noSubscription(id);
  return subscription;
}

function noSubscription(id: string): StatusError {
  return new StatusError("NOT_FOUND", {
    message: `There is no subscription ${JSON.stringify(id)} to this collection.`,
    details: { ITEM: id },
  });
}

/** @throws StatusError `BAD_MESSAGE` when there is none (XML-SUB-001) */
function namedSubscription({ action, subscriptionId }: SubscriptionManagementRequest): string {
  if (subscriptionId === undefined) throw new StatusError("BAD_MESSAGE", { message: `${action} needs Subscription_ID.` });
  return subscriptionId;
}

/** Ends a subscription. One that is not there is ended already, whatever its id (SVC-SUB-004, SVC-SUB-025). */
async function unsubscribe({ request, collection }: Subscribing, context: Context): Promise<SubscriptionRecordInit> {
  const { subscriptions } = context.storage;
  const id = namedSubscription(request);
  const filter = { id, owner: ownerOf(context), collection: collection.name };
  const [subscription] = await subscriptions.find(filter);
  if (subscription !== undefined && (await subscriptions.remove(filter))) changed("UNSUBSCRIBE", subscription, context);
  return { status: "UNSUBSCRIBED", subscriptionId: id };
}

/** Pauses or resumes; how far the subscription was delivered stays, so that what came meanwhile is delivered (SVC-SUBF-005). */
async function setStatus(action: "PAUSE" | "RESUME", input: Subscribing, context: Context): Promise<Subscription> {
  const before = await ownSubscription(input, context);
  const status = action === "PAUSE" ? "PAUSED" : "ACTIVE";
  if (before.status === status) return before;
  const { id, owner, collection } = before;
  const after = await context.storage.subscriptions.setStatus({ id, owner, collection }, status);
  if (after === undefined) throw noSubscription(id);
  changed(action, after, context);
  return after;
}

function changed(action: "UNSUBSCRIBE" | "PAUSE" | "RESUME", subscription: Subscription, { emit, requestId, account }: Context): void {
  emit("subscriptionChanged", { requestId, action, account, subscription });
}

/**
 * Parameters are those of the request (XML-SUB-015). A subscription is pushed (XML-SUB-016) or polled (XML-SUB-017), not both; the
 * latter where the requester may at the moment.
 */
async function describe(subscription: Subscription, context: Context): Promise<SubscriptionRecordInit> {
  const { id, status, parameters, push } = subscription;
  const collection = { name: subscription.collection };
  const polled = push === undefined && (await isAllowed("read", collection, context));
  return {
    status,
    subscriptionId: id,
    subscriptionParameters: parameters ?? create(SubscriptionParameters, {}),
    pushParameters: push,
    pollInstances: polled ? contactsOf("POLL", collection, context) : [],
  };
}

function buildReply({ request, subscriptions }: SubscriptionAnswer, message: string | undefined): SubscriptionManagementResponse {
  const { messageId, collectionName } = request;
  return create(SubscriptionManagementResponse, { inResponseTo: messageId, collectionName, message, subscriptions });
}
