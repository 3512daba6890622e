/** Subscriptions: made, described, paused, resumed, removed. */

import type { SubscriptionRecord } from "../../../generated/taxii11/index.js";
import { applies, type Check, check, Ending, holds } from "../check.js";
import type { PushTarget } from "../documents.js";
import { listed, type Probe } from "../probe.js";
import { describe, detailsOf, expectMessage, expectStatus, expectValid, type Reply, statusTypeOf } from "../reply.js";
import { quoted, uniqueWord } from "../texts.js";
import { identifiers, protocolOf } from "../version.js";

const both = { needs: { subscriptions: true } } as const;
const only11 = { versions: ["1.1"], needs: { subscriptions: true } } as const;
const only10 = { versions: ["1.0"], needs: { subscriptions: true } } as const;
const nobodys = "urn:example:contract-test";

/** What a subscription is, without order of its lists. */
function shape({ subscriptionParameters: wishes, status }: SubscriptionRecord): string {
  const bindings = (wishes?.contentBindings ?? []).map(({ bindingId }) => bindingId).sort();
  return [status, wishes?.responseType ?? "FULL", ...bindings].join(" ");
}

const summary = (all: readonly SubscriptionRecord[]): string =>
  all
    .map((one) => `${one.subscriptionId} ${shape(one)}`)
    .sort()
    .join("; ");

/** Asks for what is refused, and holds that nothing came to be by it. What did is removed. */
async function changesNothing(probe: Probe, ask: () => Promise<Reply>): Promise<Reply> {
  const before = new Set((await probe.subscriptions()).map(({ subscriptionId }) => subscriptionId));
  const reply = await ask();
  if (statusTypeOf(reply) === undefined) return reply;
  const added = (await probe.subscriptions()).filter(({ subscriptionId }) => !before.has(subscriptionId));
  for (const { subscriptionId: id } of added) await probe.manage("UNSUBSCRIBE", { id });
  holds(added.length === 0, `${describe(reply)}, and there is a new subscription`);
  return reply;
}

/** Where nothing can be delivered to. */
function pushTo(probe: Probe, changes: Partial<PushTarget> = {}): PushTarget {
  return {
    protocol: protocolOf(probe.url),
    address: "http://127.0.0.1:9/contract-test",
    message: identifiers[probe.version].message,
    ...changes,
  };
}

async function made(probe: Probe, wishes?: Parameters<Probe["subscription"]>[1]): Promise<string> {
  return (await probe.subscription("SUBSCRIBE", wishes)).subscriptionId;
}

/** An id that was never given out. */
const freshId = (): string => `urn:uuid:${uniqueWord()}`;

/** What a binding list can be made of: two bindings of the collection, or any two where it takes all. */
function twoBindings({ target: { record } }: Probe): readonly { readonly id: string }[] {
  const listing = record.contentBindings.map(({ bindingId: id }) => ({ id }));
  const free = [{ id: `${nobodys}:1` }, { id: `${nobodys}:2` }];
  const two = listing.length === 0 ? free : listing.slice(0, 2);
  applies(two.length === 2, "the collection has one binding only");
  return two;
}

export const subscriptions: readonly Check[] = [
  check(
    "SVC-SUB-019",
    "MUST",
    "STATUS is answered with a list, also when there are no subscriptions.",
    { ...both, also: ["SVC-SUB-009", "SVC-SUB-011"] },
    async (probe) => {
      const reply = await probe.manage("STATUS");
      expectMessage(reply, "SubscriptionManagementResponse");
      expectValid(reply);
    },
  ),
  check(
    "SVC-SUB-020",
    "MUST",
    "A subscription without push parameters says where to poll.",
    { ...both, also: ["XML-SUB-013", "XML-SUB-019"] },
    async (probe) => {
      const reply = await probe.manage("SUBSCRIBE");
      const { subscriptions: all, collectionName } = expectMessage(reply, "SubscriptionManagementResponse");
      holds(all.length === 1, `there are ${all.length} Subscriptions; expected one`);
      holds((all[0]?.pollInstances.length ?? 0) > 0, "there is no Poll_Instance");
      holds(collectionName === probe.target.record.collectionName, `it is about ${quoted(collectionName)}`);
      expectValid(reply);
    },
  ),
  check(
    "SVC-SUB-003",
    "SHOULD",
    "An unknown collection is NOT_FOUND, before all else.",
    { ...both, also: ["SVC-SUB-001"] },
    async (probe) => {
      const status = expectStatus(await probe.manage("UNSUBSCRIBE", { collection: nobodys, id: freshId() }), "NOT_FOUND");
      if (probe.version === "1.0") return;
      holds(detailsOf(status, "ITEM").includes(nobodys), `ITEM is ${listed(detailsOf(status, "ITEM"))}; expected ${nobodys}`);
    },
  ),
  check("SVC-SUB-004", "SHOULD", "UNSUBSCRIBE of what is not there succeeds.", { ...both, also: ["SVC-SUB-025"] }, async (probe) => {
    const id = freshId();
    const { subscriptionId, status } = await probe.subscription("UNSUBSCRIBE", { id });
    holds(subscriptionId === id, `the answer is about ${quoted(subscriptionId)}; expected ${quoted(id)}`);
    holds(probe.version === "1.0" || status === "UNSUBSCRIBED", `the status is ${status}; expected UNSUBSCRIBED`);
  }),
  check(
    "SVC-SUB-005/protocol",
    "SHOULD",
    "A push protocol the service does not have is UNSUPPORTED_PROTOCOL.",
    { ...both, also: ["SVC-SUB-010"] },
    async (probe) => {
      const reply = await changesNothing(probe, () => probe.manage("SUBSCRIBE", { push: pushTo(probe, { protocol: nobodys }) }));
      expectStatus(reply, "UNSUPPORTED_PROTOCOL");
    },
  ),
  check(
    "SVC-SUB-005/message",
    "SHOULD",
    "A message binding the service does not have is UNSUPPORTED_MESSAGE.",
    { ...both, also: ["SVC-SUB-010"] },
    async (probe) => {
      applies(probe.target.record.pushMethods.length > 0, "the collection is not pushed");
      const reply = await changesNothing(probe, () => probe.manage("SUBSCRIBE", { push: pushTo(probe, { message: nobodys }) }));
      expectStatus(reply, "UNSUPPORTED_MESSAGE");
    },
  ),
  check(
    "SVC-SUB-005/query",
    "SHOULD",
    "A query format the service does not have is UNSUPPORTED_QUERY.",
    { ...only11, also: ["SVC-SUB-010", "SVC-STAT-023"] },
    async (probe) => {
      const reply = await changesNothing(probe, () => probe.manage("SUBSCRIBE", { query: `<Query format_id="${nobodys}"/>` }));
      expectStatus(reply, "UNSUPPORTED_QUERY");
    },
  ),
  check(
    "SVC-SUB-005/content",
    "SHOULD",
    "Content bindings of which the collection has none are UNSUPPORTED_CONTENT.",
    { ...only11, also: ["SVC-SUB-010"] },
    async (probe) => {
      applies(probe.target.record.contentBindings.length > 0, "the collection takes every binding");
      const reply = await changesNothing(probe, () => probe.manage("SUBSCRIBE", { bindings: [{ id: nobodys }] }));
      const status = expectStatus(reply, "UNSUPPORTED_CONTENT");
      holds(detailsOf(status, "SUPPORTED_CONTENT").length > 0, "no SUPPORTED_CONTENT is listed");
    },
  ),
  check("SVC-SUB-022", "SHOULD", "Content bindings of which the collection has one are taken.", only11, async (probe) => {
    const [first] = probe.target.record.contentBindings;
    await made(probe, { bindings: [{ id: first?.bindingId ?? `${nobodys}:1` }, { id: nobodys }] });
  }),
  check("SVC-SUB-006", "SHOULD", "The same subscription twice is one.", both, async (probe) => {
    const ids = [await made(probe), await made(probe)];
    holds(ids[0] === ids[1], `the ids are ${listed(ids)}`);
  }),
  check("SVC-SUB-015", "DECIDE", "Content bindings in another order make the same subscription.", only11, async (probe) => {
    const bindings = twoBindings(probe);
    const ids = [await made(probe, { bindings }), await made(probe, { bindings: [...bindings].reverse() })];
    holds(ids[0] === ids[1], `the ids are ${listed(ids)}`);
  }),
  check("SVC-SUB-013", "MUST NOT", "Different subscriptions have different ids.", only11, async (probe) => {
    const ids = [await made(probe), await made(probe, { countOnly: true })];
    holds(ids[0] !== ids[1], `both have ${quoted(ids[0] ?? "")}`);
  }),
  check("SVC-SUB-014", "DECIDE", "Ids are not used again.", both, async (probe) => {
    const id = await made(probe);
    await probe.subscription("UNSUBSCRIBE", { id });
    const next = await made(probe);
    holds(id !== next, `the new subscription has the id ${quoted(id)} of the one that was removed`);
  }),
  check("SVC-SUB-007", "SHOULD", "PAUSE and RESUME succeed again when there is nothing to do.", only11, async (probe) => {
    const id = await made(probe);
    for (const [action, expected] of [
      ["RESUME", "ACTIVE"],
      ["PAUSE", "PAUSED"],
      ["PAUSE", "PAUSED"],
      ["RESUME", "ACTIVE"],
    ] as const) {
      const { status, subscriptionId } = await probe.subscription(action, { id });
      holds(status === expected && subscriptionId === id, `${action} is answered with ${quoted(subscriptionId)} ${status}`);
    }
  }),
  check("SVC-SUB-008", "SHOULD", "PAUSE, RESUME and STATUS of what is not there are NOT_FOUND.", only11, async (probe) => {
    for (const action of ["PAUSE", "RESUME", "STATUS"]) expectStatus(await probe.manage(action, { id: freshId() }), "NOT_FOUND");
  }),
  check("SVC-SUB-016", "DECIDE", "The same subscription while it is paused stays paused.", only11, async (probe) => {
    const id = await made(probe);
    await probe.subscription("PAUSE", { id });
    const { subscriptionId, status } = await probe.subscription("SUBSCRIBE");
    holds(subscriptionId === id && status === "PAUSED", `the answer is ${quoted(subscriptionId)} ${status}`);
  }),
  check("SVC-SUB-017", "MUST", "STATUS changes nothing.", only11, async (probe) => {
    const id = await made(probe);
    const [before, after] = [summary(await probe.subscriptions()), summary(await probe.subscriptions())];
    holds(before === after && before.includes(id), `first ${quoted(before)}, then ${quoted(after)}`);
  }),
  check("SVC-SUB-018", "DECIDE", "STATUS lists the subscriptions to the collection it names.", only11, async (probe) => {
    const id = await made(probe);
    const other = probe.survey.collections.find(
      ({ collectionName, subscriptionServices }) =>
        subscriptionServices.length > 0 && collectionName !== probe.target.record.collectionName,
    );
    holds(
      (await probe.subscriptions()).some(({ subscriptionId }) => subscriptionId === id),
      "a subscription that was made is not there",
    );
    applies(other !== undefined, "no other collection takes subscriptions");
    const others = await probe.subscriptions({ collection: other.collectionName });
    holds(!others.some(({ subscriptionId }) => subscriptionId === id), `it is among those to ${quoted(other.collectionName)}`);
  }),
  check("SVC-SUB-024", "MUST", "What was removed is gone.", { ...only11, also: ["SVC-SUB-009"] }, async (probe) => {
    const id = await made(probe);
    await probe.subscription("UNSUBSCRIBE", { id });
    holds(!(await probe.subscriptions()).some(({ subscriptionId }) => subscriptionId === id), "STATUS still lists it");
    for (const action of ["PAUSE", "RESUME", "STATUS"]) expectStatus(await probe.manage(action, { id }), "NOT_FOUND");
  }),
  check(
    "SVC-SUB-021",
    "SHOULD",
    "A subscription to be polled, to what cannot be polled, is POLLING_UNSUPPORTED.",
    { ...both, also: ["SVC-STAT-019"] },
    async (probe) => {
      const other = probe.survey.collections.find(
        ({ pollingServices, subscriptionServices }) => pollingServices.length === 0 && subscriptionServices.length > 0,
      );
      applies(other !== undefined, "every collection that takes subscriptions can be polled");
      expectStatus(await probe.manage("SUBSCRIBE", { collection: other.collectionName }), "POLLING_UNSUPPORTED");
    },
  ),
  check("XML-SUB-002", "MUST", "SUBSCRIBE disregards the id it comes with.", { ...only11, also: ["XML-SUB-001"] }, async (probe) => {
    const id = freshId();
    holds((await made(probe, { id })) !== id, `the subscription has the id ${quoted(id)} that the request named`);
  }),
  check("XML-SUB-004", "MUST", "STATUS and SUBSCRIBE of TAXII 1.0 disregard the id they come with.", only10, async (probe) => {
    const id = await made(probe, { id: freshId() });
    const all = await probe.subscriptions({ id: freshId() });
    holds(
      all.some(({ subscriptionId }) => subscriptionId === id),
      "STATUS with an id does not list everything",
    );
  }),
  check("XML-SUB-006", "MUST", "Subscription parameters count for SUBSCRIBE only.", only11, async (probe) => {
    const id = await made(probe);
    const before = shape(await onlyOne(probe, id));
    await probe.subscription("PAUSE", { id, parameters: true, countOnly: true });
    await probe.subscription("RESUME", { id });
    const after = shape(await onlyOne(probe, id));
    holds(before === after, `it was ${quoted(before)}, it is ${quoted(after)}`);
  }),
  check("XML-SUB-007", "DECIDE", "SUBSCRIBE without parameters is one with the usual ones.", only11, async (probe) => {
    holds((await made(probe, { parameters: false })) === (await made(probe)), "they make different subscriptions");
  }),
  check("XML-SUB-009", "MUST", "Push parameters count for SUBSCRIBE only.", both, async (probe) => {
    const id = await made(probe);
    const { subscriptionId } = await probe.subscription("UNSUBSCRIBE", { id, push: pushTo(probe, { protocol: nobodys }) });
    holds(subscriptionId === id, `the answer is about ${quoted(subscriptionId)}`);
  }),
  check("XML-SUB-015", "MUST", "STATUS repeats the parameters of a subscription.", only11, async (probe) => {
    const id = await made(probe, { countOnly: true });
    const { subscriptionParameters: wishes } = await onlyOne(probe, id);
    holds(wishes?.responseType === "COUNT_ONLY", `Response_Type is ${wishes?.responseType ?? "missing"}; expected COUNT_ONLY`);
  }),
  check(
    "SVC-POLL-004",
    "MUST",
    "A poll for a subscription is answered by its parameters, and with its id.",
    { ...only11, also: ["SVC-POLL-015"] },
    async (probe) => {
      applies(probe.target.polling !== undefined, "the collection to write to cannot be polled");
      const id = await made(probe, { countOnly: true });
      const { contentBlocks, recordCount, subscriptionId } = await probe.fetchTarget({ subscriptionId: id });
      holds(subscriptionId === id, `Subscription_ID is ${quoted(subscriptionId ?? "missing")}; expected ${quoted(id)}`);
      holds(contentBlocks.length === 0 && recordCount !== undefined, `a subscription that counts gets ${contentBlocks.length} blocks`);
    },
  ),
  check("SVC-POLL-007/removed", "SHOULD", "A poll for a subscription that was removed is NOT_FOUND.", only11, async (probe) => {
    const { polling, record } = probe.target;
    applies(polling !== undefined, "the collection to write to cannot be polled");
    const id = await made(probe);
    await probe.subscription("UNSUBSCRIBE", { id });
    expectStatus(await probe.pollAt(polling, { collection: record.collectionName, subscriptionId: id }), "NOT_FOUND");
  }),
  check("SVC-POLL-017", "DECIDE", "A poll of TAXII 1.0 for a subscription may list content bindings.", only10, async (probe) => {
    applies(probe.target.polling !== undefined, "the collection to write to cannot be polled");
    const id = await made(probe);
    const all = await probe.fetchTarget({ subscriptionId: id });
    const binding = all.contentBlocks.map(({ contentBinding }) => contentBinding.bindingId).find((one) => !one.includes("|"));
    applies(binding !== undefined, "the collection to write to has no content");
    const some = await probe.fetchTarget({ subscriptionId: id, bindings: [{ id: binding }] });
    const others = some.contentBlocks.filter(
      ({ contentBinding: { bindingId } }) => bindingId !== binding && !bindingId.startsWith(`${binding}|`),
    );
    holds(others.length === 0, `asked for ${quoted(binding)}, got ${others.length} blocks of others`);
  }),
  check(
    "SVC-SUB-026",
    "DECIDE",
    "A subscription that would be pushed to the server's own machine is DENIED.",
    { ...both, also: ["SEC-PUSH-001", "SVC-STAT-012"] },
    async (probe) => {
      applies(probe.target.record.pushMethods.length > 0, "the collection is not pushed");
      const reply = await changesNothing(probe, () => probe.manage("SUBSCRIBE", { push: pushTo(probe) }));
      const status = expectStatus(reply, "DENIED");
      holds((status.statusDetail?.details ?? []).length === 0, "DENIED has details");
    },
  ),
];

async function onlyOne(probe: Probe, id: string): Promise<SubscriptionRecord> {
  const found = (await probe.subscriptions()).find(({ subscriptionId }) => subscriptionId === id);
  if (found === undefined) throw new Ending("broken", `STATUS does not list ${quoted(id)}`);
  return found;
}
