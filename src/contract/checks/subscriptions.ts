/** Subscriptions: made, described, paused, resumed, removed. */

import { applies, type Check, check, holds } from "../check.js";
import { listed } from "../probe.js";
import { detailsOf, expectMessage, expectStatus, expectValid } from "../reply.js";
import { quoted } from "../texts.js";
import { both, freshId, made, nobodys, only11, summary, twoBindings } from "./subscription-support.js";

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
];
