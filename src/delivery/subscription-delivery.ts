/** Delivers to a subscription what has come since the last delivery, in order (SVC-SUBF-001 to SVC-SUBF-010). */

import type { InboxMessageInit, SourceSubscriptionInit } from "../../generated/taxii11/index.js";
import type { ContentRange } from "../server/results/blocks.js";
import { type Collection, type DeliveryState, formatLabel, type Label, type Subscription } from "../storage/index.js";
import type { Hold } from "./hold.js";
import { firstPortion, type Portion, wholePortion } from "./portion.js";
import { type Consignment, cutOptionsFor, dispatch, giveBack, type Tools, waitFor } from "./tools.js";

/** Messages to one subscription before others get their turn. */
const messagesPerTurn = 10;

/**
 * Delivers until nothing is left, the turn is over, or something fails, and gives the subscription back. It is looked at anew
 * before each message: one that was paused or ended meanwhile gets no further one (SVC-SUBF-004).
 */
export async function deliverSubscription(id: string, hold: Hold<DeliveryState>, tools: Tools): Promise<void> {
  for (let turn = 0; turn < messagesPerTurn && !tools.stopping.aborted; turn++) {
    const [subscription] = await tools.storage.subscriptions.find({ id });
    const collection = subscription && (await tools.storage.collection(subscription.collection));
    if (subscription?.status !== "ACTIVE" || subscription.push === undefined || collection?.available !== true) break;
    const begun = tools.now();
    const consignment = { owner: subscription.owner, target: subscription.push, subscription, result: undefined };
    try {
      const end = await deliverNext(consignment, collection, hold, tools);
      if (end !== undefined) return await hold.release(end);
    } catch (error) {
      const { pending, scanned, attempts } = await stateOf(id, subscription, tools);
      return giveBack(error, hold, { ...consignment, until: pending ?? scanned, attempts, begun }, tools);
    }
  }
  await hold.release({});
}

/** How a delivery stands, as far as the storage can be asked. */
async function stateOf(id: string, { delivery }: Subscription, { storage }: Tools): Promise<DeliveryState> {
  const [current] = await storage.subscriptions.find({ id }).catch(() => []);
  return current?.delivery ?? delivery;
}

/**
 * Delivers one message, or finds that there is nothing to deliver.
 *
 * @returns undefined when there may be more; otherwise what is to be noted at the end
 */
async function deliverNext(
  consignment: Consignment & { readonly subscription: Subscription },
  collection: Collection,
  hold: Hold<DeliveryState>,
  tools: Tools,
): Promise<Partial<DeliveryState> | undefined> {
  const wait = await waitFor(consignment, collection, tools);
  if (wait !== undefined) return wait;
  const { subscription } = consignment;
  const { scanned, pending } = subscription.delivery;
  const until = pending ?? (await tools.storage.horizon());
  if (until <= scanned) return { notBefore: tools.now() + tools.interval };
  const portion = await portionOf(
    subscription,
    { collection, after: scanned, until, contentBindings: bindingsOf(subscription) },
    hold,
    tools,
  );
  // What was begun is repeated as it was, also when its content is gone meanwhile: the inbox may have taken it.
  if (portion.count === 0 && pending === undefined) {
    if (portion.last) return { scanned: portion.until };
    await hold.note({ scanned: portion.until });
    return undefined;
  }
  if (pending === undefined) await hold.note({ pending: portion.until });
  const blocks = countsOnly(subscription) ? undefined : portion.blocks;
  await dispatch(consignment, messageOf(subscription, collection, portion), { ...portion, blocks }, tools, hold.signal);
  await hold.note({ delivered: portion.until, scanned: portion.until, pending: undefined, attempts: 0, error: undefined });
  return portion.last && pending === undefined ? {} : undefined;
}

async function portionOf(
  subscription: Subscription,
  range: Omit<ContentRange, "collection"> & { readonly collection: Collection },
  { signal }: Hold<DeliveryState>,
  tools: Tools,
): Promise<Portion> {
  const options = await cutOptionsFor(subscription.parameters ?? {}, range.collection, tools, signal);
  const whole = subscription.delivery.pending !== undefined || countsOnly(subscription);
  return (whole ? wholePortion : firstPortion)(tools.storage, range, options);
}

function bindingsOf({ parameters }: Subscription): ContentRange["contentBindings"] {
  return parameters?.contentBindings ?? [];
}

function countsOnly({ parameters }: Subscription): boolean {
  return parameters?.responseType === "COUNT_ONLY";
}

/** The message for a portion. Its range begins where that of the message before ended (SVC-SUBF-008). */
function messageOf(subscription: Subscription, collection: Collection, { until, count }: Portion): InboxMessageInit {
  return {
    sourceSubscription: sourceOf(collection, subscription.id, formatLabel(subscription.delivery.delivered), until),
    recordCount: { value: count },
  };
}

/** What a delivery says about where it comes from: a set has no ranges (XML-INB-002). */
export function sourceOf(
  { name, type }: Pick<Collection, "name" | "type">,
  subscriptionId: string,
  exclusiveBeginTimestamp: string | undefined,
  until: Label | string,
): SourceSubscriptionInit {
  const source = { collectionName: name, subscriptionId };
  if (type === "DATA_SET") return source;
  return { ...source, exclusiveBeginTimestamp, inclusiveEndTimestamp: typeof until === "string" ? until : formatLabel(until) };
}
