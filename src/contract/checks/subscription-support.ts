/** What the checks of subscriptions have in common. */

import type { SubscriptionRecord } from "../../../generated/taxii11/index.js";
import { applies, Ending, holds } from "../check.js";
import type { PushTarget } from "../documents.js";
import type { Probe } from "../probe.js";
import { describe, type Reply, statusTypeOf } from "../reply.js";
import { quoted, uniqueWord } from "../texts.js";
import { identifiers, protocolOf } from "../version.js";

/** What checks of subscriptions need. */
export const both = { needs: { subscriptions: true } } as const;
/** The same, for TAXII 1.1 only. */
export const only11 = { versions: ["1.1"], needs: { subscriptions: true } } as const;
/** The same, for TAXII 1.0 only. */
export const only10 = { versions: ["1.0"], needs: { subscriptions: true } } as const;
/** A name that nothing has. */
export const nobodys = "urn:example:contract-test";

/** What a subscription is, without order of its lists. */
export function shape({ subscriptionParameters: wishes, status }: SubscriptionRecord): string {
  const bindings = (wishes?.contentBindings ?? []).map(({ bindingId }) => bindingId).sort();
  return [status, wishes?.responseType ?? "FULL", ...bindings].join(" ");
}

/** What subscriptions there are, in any order. */
export const summary = (all: readonly SubscriptionRecord[]): string =>
  all
    .map((one) => `${one.subscriptionId} ${shape(one)}`)
    .sort()
    .join("; ");

/** Asks for what is refused, and holds that nothing came to be by it. What did is removed. */
export async function changesNothing(probe: Probe, ask: () => Promise<Reply>): Promise<Reply> {
  const before = new Set((await probe.subscriptions()).map(({ subscriptionId }) => subscriptionId));
  const reply = await ask();
  if (statusTypeOf(reply) === undefined) return reply;
  const added = (await probe.subscriptions()).filter(({ subscriptionId }) => !before.has(subscriptionId));
  for (const { subscriptionId: id } of added) await probe.manage("UNSUBSCRIBE", { id });
  holds(added.length === 0, `${describe(reply)}, and there is a new subscription`);
  return reply;
}

/** Where nothing can be delivered to, over a protocol the collection is pushed over. */
export function pushTo(probe: Probe, changes: Partial<PushTarget> = {}): PushTarget {
  const ours = protocolOf(probe.url);
  const offered = probe.target.record.pushMethods.map(({ protocolBinding }) => protocolBinding);
  const protocol = offered.length === 0 || offered.includes(ours) ? ours : (offered[0] ?? ours);
  return {
    protocol,
    address: `${protocol.includes(":https:") ? "https" : "http"}://127.0.0.1:9/contract-test`,
    message: identifiers[probe.version].message,
    ...changes,
  };
}

/** Makes a subscription, and gives its id. */
export async function made(probe: Probe, wishes?: Parameters<Probe["subscription"]>[1]): Promise<string> {
  return (await probe.subscription("SUBSCRIBE", wishes)).subscriptionId;
}

/** An id that was never given out. */
export const freshId = (): string => `urn:uuid:${uniqueWord()}`;

/** What a binding list can be made of: two bindings of the collection, or any two where it takes all. */
export function twoBindings({ target: { record } }: Probe): readonly { readonly id: string }[] {
  const listing = record.contentBindings.map(({ bindingId: id }) => ({ id }));
  const free = [{ id: `${nobodys}:1` }, { id: `${nobodys}:2` }];
  const two = listing.length === 0 ? free : listing.slice(0, 2);
  applies(two.length === 2, "the collection has one binding only");
  return two;
}

/** The subscription of an id. @throws Ending as broken when it is not there */
export async function onlyOne(probe: Probe, id: string): Promise<SubscriptionRecord> {
  const found = (await probe.subscriptions()).find(({ subscriptionId }) => subscriptionId === id);
  if (found === undefined) throw new Ending("broken", `STATUS does not list ${quoted(id)}`);
  return found;
}
