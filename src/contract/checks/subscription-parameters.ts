/** What a subscription asks for: content, queries, where to push; and polls for it. */

import { applies, type Check, check, holds } from "../check.js";
import { detailsOf, expectStatus } from "../reply.js";
import { quoted } from "../texts.js";
import { both, changesNothing, freshId, made, nobodys, only10, only11, onlyOne, pushTo, shape } from "./subscription-support.js";

export const subscriptionParameters: readonly Check[] = [
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
