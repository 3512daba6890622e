/** Which status the server gives for what, and with which details: exactly those the status has. */

import { describe, expect, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import {
  DiscoveryRequest,
  InboxMessage,
  type Message,
  PollFulfillment,
  PollRequest,
  StatusMessage,
  SubscriptionManagementRequest,
} from "../../generated/taxii11/index.js";
import { create } from "../../src/message/create.js";
import { detailsOf, StatusError } from "../../src/message/status-error.js";
import { collectionManagement, discovery, handle, inbox, poll } from "../../src/server/index.js";
import { createPeers, type Peers, type Setting, xml11 } from "./services/peers.js";

const block = { contentBinding: { bindingId: "urn:example:a" }, content: { text: "x" } };

async function peers(setting: Partial<Setting> = {}): Promise<Peers> {
  const made = await createPeers({
    services: [
      discovery({ path: "/" }),
      collectionManagement({ path: "/", subscriptions: true }),
      inbox({ path: "/" }),
      poll({ path: "/", maxBlocks: 2 }),
      inbox({ path: "/required", destination: "required" }),
      inbox({ path: "/prohibited", destination: "prohibited" }),
      poll({ path: "/later", asynchronous: "always" }),
    ],
    collections: [
      { name: "feed" },
      { name: "closed", available: false },
      { name: "narrow", contentBindings: [{ bindingId: "urn:example:b" }] },
    ],
    ...setting,
  });
  await made.storage.add(Array.from({ length: 5 }, () => ({ block, collections: ["feed"] })));
  return made;
}

/** The details as lists of texts by name; nothing else may be there. */
function expectStatus(reply: Message, type: string, details: Readonly<Record<string, unknown>> = {}): void {
  expect(reply).toMatchObject({ $type: "taxii11.StatusMessage", statusType: type });
  if (reply.$type !== "taxii11.StatusMessage") return;
  const names = new Set((reply.statusDetail?.details ?? []).map(({ name }) => name));
  expect(Object.fromEntries([...names].map((name) => [name, detailsOf(reply, name)]))).toEqual(details);
  if (type !== "SUCCESS") expect(reply.message, "something for people [SVC-STAT-002]").toMatch(/\w+.*\.$/s);
}

const pollOf = (collectionName: string): PollRequest => create(PollRequest, { collectionName, pollParameters: {} });
const subscribeTo = (collectionName: string): SubscriptionManagementRequest =>
  create(SubscriptionManagementRequest, { collectionName, action: "SUBSCRIBE", subscriptionParameters: {} });

describe("statuses of TAXII 1.1", () => {
  test("SUCCESS answers inboxes and nothing else, without details [SVC-STAT-004] [SVC-STAT-009] [SVC-INBOX-001]", async () => {
    const { ask } = await peers();
    expectStatus(await ask("/", create(InboxMessage, { contentBlocks: [block] })), "SUCCESS");
    for (const message of [create(DiscoveryRequest, {}), pollOf("feed"), subscribeTo("feed")])
      expect((await ask("/", message)).$type).not.toBe("taxii11.StatusMessage");
  });

  test("a Status Message is no request, and is answered as any message that is none [SVC-STAT-001] [SVC-STAT-011]", async () => {
    const { ask } = await peers();
    expectStatus(await ask("/", create(StatusMessage, { inResponseTo: "1", statusType: "SUCCESS" })), "BAD_MESSAGE");
  });

  test("DENIED has no details [SVC-STAT-012]", async () => {
    const { ask } = await peers();
    expectStatus(await ask("/", pollOf("closed")), "DENIED");
  });

  test("UNAUTHORIZED has no details [SVC-STAT-021]", async () => {
    const { ask } = await peers({ accounts: { alice: { permissions: { feed: ["write"] } } } });
    expectStatus(await ask("/", pollOf("feed"), "alice"), "UNAUTHORIZED");
    expectStatus(await ask("/", pollOf("feed")), "UNAUTHORIZED");
  });

  test("DESTINATION_COLLECTION_ERROR says what is possible, and nothing when nothing is [SVC-STAT-013]", async () => {
    const { ask } = await peers();
    const without = create(InboxMessage, { contentBlocks: [block] });
    expectStatus(await ask("/required", without), "DESTINATION_COLLECTION_ERROR", {
      ACCEPTABLE_DESTINATION: ["feed", "narrow"],
    });
    const named = create(InboxMessage, { destinationCollectionNames: ["feed"], contentBlocks: [block] });
    expectStatus(await ask("/prohibited", named), "DESTINATION_COLLECTION_ERROR");
  });

  test("NOT_FOUND says what was not found [SVC-STAT-017]", async () => {
    const { ask } = await peers();
    expectStatus(await ask("/", pollOf("nowhere")), "NOT_FOUND", { ITEM: ["nowhere"] });
  });

  test("INVALID_RESPONSE_PART says how many there are [SVC-STAT-015]", async () => {
    const { ask } = await peers();
    const reply = await ask("/", pollOf("feed"));
    if (reply.$type !== "taxii11.PollResponse" || reply.resultId === undefined) throw new Error("expected a result in parts");
    const beyond = create(PollFulfillment, { collectionName: "feed", resultId: reply.resultId, resultPartNumber: 9 });
    expectStatus(await ask("/", beyond), "INVALID_RESPONSE_PART", { MAX_PART_NUMBER: ["3"] });
  });

  test("ASYNCHRONOUS_POLL_ERROR has no details [SVC-STAT-010]", async () => {
    const { ask } = await peers();
    const unknown = create(PollFulfillment, { collectionName: "feed", resultId: "urn:uuid:none", resultPartNumber: 1 });
    expectStatus(await ask("/", unknown), "ASYNCHRONOUS_POLL_ERROR");
  });

  test("PENDING has its three details, and answers polls only [SVC-STAT-018]", async () => {
    const { ask } = await peers();
    const message = create(PollRequest, { collectionName: "feed", pollParameters: { allowAsynch: true } });
    const reply = await ask("/later", message);
    expectStatus(reply, "PENDING", {
      ESTIMATED_WAIT: [expect.stringMatching(/^\d+$/)],
      RESULT_ID: [expect.stringMatching(/^urn:uuid:/)],
      WILL_PUSH: ["false"],
    });
  });

  test("POLLING_UNSUPPORTED has no details [SVC-STAT-019]", async () => {
    const { ask } = await peers({ services: [collectionManagement({ path: "/", subscriptions: true }), inbox({ path: "/" })] });
    expectStatus(await ask("/", subscribeTo("feed")), "POLLING_UNSUPPORTED");
  });

  test("RETRY may say when [SVC-STAT-020] [SVC-POLL-016]", async () => {
    const { ask } = await peers({ services: [poll({ path: "/", available: false })] });
    const reply = await ask("/", pollOf("feed"));
    expect(reply).toMatchObject({ statusType: "RETRY" });
  });

  test("UNSUPPORTED_CONTENT lists what would do, UNSUPPORTED_QUERY too [SVC-STAT-022] [SVC-STAT-023]", async () => {
    const { ask } = await peers();
    const message = create(PollRequest, {
      collectionName: "narrow",
      pollParameters: { contentBindings: [{ bindingId: "urn:example:a" }] },
    });
    expectStatus(await ask("/", message), "UNSUPPORTED_CONTENT", { SUPPORTED_CONTENT: ["urn:example:b"] });
    const query = create(PollRequest, { collectionName: "feed", pollParameters: { query: { formatId: "urn:q", content: { text: "x" } } } });
    expectStatus(await ask("/", query), "UNSUPPORTED_QUERY");
  });

  test("FAILURE hides what is the server's own business, also where a handler wants it to [SVC-STAT-003] [SVC-STAT-014]", async () => {
    const opaque = handle(PollRequest, async (message, _context, next) => {
      try {
        return await next(message);
      } catch {
        throw new StatusError("FAILURE", { message: "This cannot be done." });
      }
    });
    const broken = handle(InboxMessage, () => {
      throw new Error("secret of the inside");
    });
    const { ask, failures } = await peers({
      services: [poll({ path: "/", handlers: [opaque] }), inbox({ path: "/", handlers: [broken] })],
    });
    expectStatus(await ask("/", pollOf("nowhere")), "FAILURE");
    const reply = await ask("/", create(InboxMessage, { contentBlocks: [block] }));
    expectStatus(reply, "FAILURE");
    expect(JSON.stringify(reply)).not.toContain("secret");
    expect(failures.map(({ error }) => String(error))).toEqual(["Error: secret of the inside"]);
  });

  test("a push can be made to need more than an address [SVC-PUSH-008]", async () => {
    const push = {
      protocolBindings: ["urn:taxii.mitre.org:protocol:https:1.0"],
      messageBindings: [xml11],
      check: (_target: unknown, account?: { readonly name: string }) => {
        if (account?.name !== "alice") throw new StatusError("DENIED", { message: "Only alice has shown us her inbox." });
      },
    };
    const rights = { permissions: { feed: ["read" as const] } };
    const { ask } = await peers({ accounts: { alice: rights, bob: rights }, server: { push } });
    const message = create(SubscriptionManagementRequest, {
      collectionName: "feed",
      action: "SUBSCRIBE",
      subscriptionParameters: {},
      pushParameters: { protocolBinding: push.protocolBindings[0] ?? "", address: "https://a.example.com/", messageBinding: xml11 },
    });
    expectStatus(await ask("/", message, "bob"), "DENIED");
    expect((await ask("/", message, "alice")).$type).toBe("taxii11.SubscriptionManagementResponse");
  });
});

describe("statuses of TAXII 1.0", () => {
  const poll10 = (feedName: string): taxii10.PollRequest => create(taxii10.PollRequest, { feedName });

  test("have texts for details, and none of the types of 1.1 [VER-X-005] [SVC-POLL-003]", async () => {
    const { ask10 } = await peers();
    expect(await ask10("/", poll10("nowhere"))).toMatchObject({ statusType: "NOT_FOUND" });
    expect(await ask10("/", poll10("closed"))).toMatchObject({ statusType: "DENIED" });
    const unroutable = create(taxii10.InboxMessage, { contentBlocks: [{ contentBinding: "urn:example:a", content: { text: "x" } }] });
    expect(await ask10("/required", unroutable)).toMatchObject({ statusType: "FAILURE" });
    expect(await ask10("/", unroutable)).toMatchObject({ statusType: "SUCCESS" });
  });
});
