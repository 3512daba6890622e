/** Who may, and what is told to whom. */

import { applies, type Check, check, holds } from "../check.js";
import { discoveryRequest, extendedHeaders, fulfilment, pollRequest, subscriptionRequest } from "../documents.js";
import type { Probe } from "../probe.js";
import { describe, expectMessage, expectStatus, type Reply, statusTypeOf } from "../reply.js";
import { quoted, shown } from "../texts.js";

const credentials = { needs: { credentials: true } } as const;
const nobodys = "urn:example:contract-test";

/** What faults of programs look like from outside. */
const internals = [
  /Traceback \(most recent call last\)/,
  /\bat [\w$.<>]+ ?\([^)]*:\d+(?::\d+)?\)/,
  /\b(?:java|javax|org|com)\.[\w.]+(?:Exception|Error)\b/,
  /\b(?:TypeError|ReferenceError|RangeError|SyntaxError|KeyError|ValueError|NullPointerException)\b/,
  /\b(?:SQLITE_[A-Z]+|ORA-\d+|psycopg2|SQLSTATE)\b/,
  /(?:^|[\s"'(])(?:\/usr\/|\/home\/|\/var\/|\/opt\/|[A-Z]:\\)[\w./\\-]+/,
];

async function oddRequests(probe: Probe): Promise<readonly Reply[]> {
  const { url, version } = probe;
  const replies = [
    await probe.post(url, "no XML"),
    await probe.post(url, `${discoveryRequest(version)}<`),
    await probe.post(url, discoveryRequest(version, { message_id: "%%%\u0301" })),
    await probe.post(url, discoveryRequest(version, {}, "<Unknown/>")),
  ];
  const { feed } = probe.survey;
  if (feed === undefined) return replies;
  const name = feed.record.collectionName;
  const strange = ["';--", "../../etc/passwd", "__proto__", "constructor", "a".repeat(10_000)];
  for (const collection of strange) replies.push(await probe.pollAt(feed.address, { collection }));
  replies.push(await probe.pollAt(feed.address, { collection: name, subscriptionId: "__proto__" }));
  return replies;
}

/** A poll without credentials. Undefined when the service is open to everybody. */
async function pollAsNobody(probe: Probe): Promise<Reply> {
  const reply = await probe.poll({}, { account: "nobody" });
  applies(reply.message?.$type !== "taxii11.PollResponse", "the feed is open to everybody");
  return reply;
}

export const security: readonly Check[] = [
  check("SEC-ID-004", "DECIDE", "Texts of errors do not tell how the service is made.", {}, async (probe) => {
    for (const reply of await oddRequests(probe)) {
      const text = new TextDecoder().decode(reply.body);
      const found = internals.map((pattern) => pattern.exec(text)?.[0]).find((match) => match !== undefined);
      holds(found === undefined, `${describe(reply)} contains ${quoted(found ?? "")}`);
    }
  }),
  check(
    "SVC-STAT-014",
    "MUST",
    "Odd requests are refused for what they are, and are no FAILURE.",
    { also: ["HTTP-RSP-001"] },
    async (probe) => {
      for (const reply of await oddRequests(probe)) {
        const isFault = statusTypeOf(reply) === "FAILURE" || reply.status >= 500;
        holds(!isFault, `found ${describe(reply)}`);
      }
    },
  ),
  check("SEC-ID-001", "MUST", "What a message says of its sender gives no rights.", credentials, async (probe) => {
    await pollAsNobody(probe);
    const { record, address } = probe.feed;
    const headers = extendedHeaders("urn:example:contract-test:user", "admin");
    const reply = await probe.post(address, pollRequest(probe.version, { collection: record.collectionName, headers }), {
      account: "nobody",
    });
    holds(reply.message?.$type !== "taxii11.PollResponse", "a message that says it is from admin is answered");
  }),
  check(
    "HTTP-RSP-006",
    "DECIDE",
    "Without credentials the answer is HTTP 401, with a challenge and UNAUTHORIZED.",
    { ...credentials, also: ["HTTP-RSP-005"] },
    async (probe) => {
      const reply = await pollAsNobody(probe);
      holds(reply.status === 401, `found ${describe(reply)}`);
      holds(reply.headers.has("WWW-Authenticate"), "there is no WWW-Authenticate");
      expectStatus(reply, "UNAUTHORIZED");
    },
  ),
  check("SVC-STAT-021", "MUST", "UNAUTHORIZED has no details.", credentials, async (probe) => {
    const status = expectStatus(await pollAsNobody(probe), "UNAUTHORIZED", "NOT_FOUND");
    applies(status.statusType === "UNAUTHORIZED", "the feed is hidden");
    holds(
      (status.statusDetail?.details ?? []).length === 0,
      `there are details: ${status.statusDetail?.details.map(({ name }) => shown(name)).join(", ")}`,
    );
  }),
  check(
    "SVC-SUB-002",
    "SHOULD",
    "Missing credentials come before everything else.",
    { needs: { credentials: true, service: "COLLECTION_MANAGEMENT" } },
    async (probe) => {
      await pollAsNobody(probe);
      const body = subscriptionRequest(probe.version, { collection: nobodys, action: "STATUS" });
      const reply = await probe.post(probe.address("COLLECTION_MANAGEMENT"), body, { account: "nobody" });
      expectStatus(reply, "UNAUTHORIZED");
    },
  ),
  check(
    "SVC-SUB-012",
    "MUST",
    "Subscriptions are their owner's.",
    { needs: { subscriptions: true, otherCredentials: true }, versions: ["1.1"], also: ["SEC-ID-003"] },
    async (probe) => {
      const { subscriptionId: id } = await probe.subscription("SUBSCRIBE", { countOnly: true });
      const theirs = await probe.manage("STATUS", {}, "other");
      const { subscriptions } = expectMessage(theirs, "SubscriptionManagementResponse");
      holds(!subscriptions.some(({ subscriptionId }) => subscriptionId === id), "another account's STATUS lists it");
      for (const action of ["PAUSE", "STATUS"]) expectStatus(await probe.manage(action, { id }, "other"), "NOT_FOUND");
      expectMessage(await probe.manage("UNSUBSCRIBE", { id }, "other"), "SubscriptionManagementResponse");
      const ours = await probe.subscriptions();
      holds(
        ours.some(({ subscriptionId }) => subscriptionId === id),
        "another account's UNSUBSCRIBE has removed it",
      );
    },
  ),
  check(
    "SVC-POLL-007/owner",
    "SHOULD",
    "A poll for another account's subscription is NOT_FOUND.",
    { needs: { subscriptions: true, otherCredentials: true }, versions: ["1.1"], also: ["SEC-ID-003"] },
    async (probe) => {
      const { polling, record } = probe.target;
      applies(polling !== undefined, "the collection to write to cannot be polled");
      const { subscriptionId } = await probe.subscription("SUBSCRIBE", { countOnly: true });
      const wishes = { collection: record.collectionName, subscriptionId };
      expectStatus(await probe.pollAt(polling, wishes, { account: "other" }), "NOT_FOUND");
    },
  ),
  check(
    "SVC-ASYNC-009",
    "MAY",
    "Results in parts are for the account that asked.",
    { needs: { parts: true, otherCredentials: true }, versions: ["1.1"], also: ["SEC-ID-003"] },
    async (probe) => {
      const { parted } = probe.survey;
      applies(parted?.response.resultId !== undefined, "no result came in parts");
      const { address, record, response } = parted;
      const { resultId = "" } = response;
      const reply = await probe.post(address, fulfilment(record.collectionName, resultId, 1), { account: "other" });
      holds(reply.message?.$type !== "taxii11.PollResponse", `another account gets it: ${describe(reply)}`);
    },
  ),
];
