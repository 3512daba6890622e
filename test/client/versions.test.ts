/** Producers of TAXII 1.0: found out, spoken to, and looking like those of 1.1. */

import { describe, expect, it, test } from "vitest";
import * as taxii10 from "../../generated/taxii10/index.js";
import { DiscoveryResponse, PollFulfillment, StatusMessage } from "../../generated/taxii11/index.js";
import type { AnyMessage } from "../../src/client/index.js";
import { create } from "../../src/message/create.js";
import { versionOf } from "../../src/message/exchanges.js";
import { askingOnce as createClient, createPeer, respond, type Sent, service } from "./peer.js";

const home = "http://taxii.test/discovery";
const xml10 = "urn:taxii.mitre.org:message:xml:1.0";
const xml11 = "urn:taxii.mitre.org:message:xml:1.1";
const services10 = "urn:taxii.mitre.org:services:1.0";
const http10 = "urn:taxii.mitre.org:protocol:http:1.0";
const block = { contentBinding: { bindingId: "urn:stix" }, content: { text: "x" } };

/** A producer of TAXII 1.0; `others` answers what it does not. */
function producer10(refuse: (message: AnyMessage) => Response | AnyMessage) {
  return createPeer(({ message }: Sent) => {
    const inResponseTo = message.messageId;
    const contact = (path: string) => ({ protocolBinding: http10, address: `http://taxii.test/${path}`, messageBindings: [xml10] });
    switch (message.$type) {
      case "taxii10.DiscoveryRequest": {
        const types = { FEED_MANAGEMENT: "feeds", POLL: "poll", INBOX: "inbox" } as const;
        const serviceInstances = Object.entries(types).map(([serviceType, path]) => ({
          ...contact(path),
          serviceType,
          serviceVersion: services10,
        }));
        return create(taxii10.DiscoveryResponse, { inResponseTo, serviceInstances: serviceInstances as taxii10.ServiceInstanceInit[] });
      }
      case "taxii10.FeedInformationRequest": {
        const feed = { feedName: "feed", description: "A feed", contentBindings: ["urn:stix"], pollingServices: [contact("own-poll")] };
        return create(taxii10.FeedInformationResponse, { inResponseTo, feeds: [feed] });
      }
      case "taxii10.PollRequest":
        return create(taxii10.PollResponse, {
          inResponseTo,
          feedName: message.feedName,
          inclusiveBeginTimestamp: "2025-01-01T00:00:00.000001Z",
          inclusiveEndTimestamp: "2026-01-01T00:00:00Z",
          contentBlocks: [{ contentBinding: "urn:stix", content: { xml: "<a/>" }, timestampLabel: "2025-06-01T00:00:00Z" }],
        });
      case "taxii10.SubscriptionManagementRequest":
        return create(taxii10.SubscriptionManagementResponse, {
          inResponseTo,
          feedName: message.feedName,
          subscriptions: [{ subscriptionId: "s1", pollInstances: [contact("poll")] }],
        });
      case "taxii10.InboxMessage":
        return create(taxii10.StatusMessage, { inResponseTo, statusType: "SUCCESS" });
      default:
        return refuse(message);
    }
  });
}

const refusals: [string, (message: AnyMessage) => Response | AnyMessage][] = [
  ["UNSUPPORTED_MESSAGE of 1.1", ({ messageId }) => create(StatusMessage, { inResponseTo: messageId, statusType: "UNSUPPORTED_MESSAGE" })],
  ["a Status Message of 1.0", () => create(taxii10.StatusMessage, { inResponseTo: "0", statusType: "BAD_MESSAGE" })],
  ["HTTP 406", () => new Response("", { status: 406 })],
  ["HTTP 415", () => new Response("", { status: 415 })],
];

describe.each(refusals)("a producer of 1.0 that refuses 1.1 with %s", (_, refuse) => {
  it("is found out with one request, and looks like one of 1.1 [VER-X-001]", async () => {
    const peer = producer10(refuse);
    const client = createClient(home, peer);
    expect(await client.discover()).toMatchObject([
      { serviceType: "COLLECTION_MANAGEMENT" },
      { serviceType: "POLL" },
      { serviceType: "INBOX" },
    ]);
    expect(await client.collections()).toMatchObject([
      { collectionName: "feed", collectionType: "DATA_FEED", contentBindings: [{ bindingId: "urn:stix" }] },
    ]);
    const poll = client.poll("feed", { after: "2025-01-01T00:00:00Z" });
    const blocks = [];
    for await (const one of poll) blocks.push(one);
    expect(blocks).toMatchObject([
      { contentBinding: { bindingId: "urn:stix" }, content: { xml: "<a/>" }, timestampLabel: "2025-06-01T00:00:00Z" },
    ]);
    expect(poll.end).toBe("2026-01-01T00:00:00Z");
    expect(await client.push([block])).toMatchObject({ blocks: 1 });
    expect(await client.subscribe("feed")).toMatchObject({ subscriptionId: "s1" });
    expect(await client.subscriptions("feed")).toHaveLength(1);
    expect(peer.sent.map(({ message }) => versionOf(message))).toEqual(["1.1", ...Array(6).fill("1.0")]);
    for (const { message, headers } of peer.sent.slice(1)) {
      expect([message.$type, headers.get("x-taxii-content-type"), headers.get("x-taxii-accept")]).toEqual([message.$type, xml10, xml10]);
    }
  });
});

test("what 1.0 cannot say is an error that says so, before anything is sent", async () => {
  const peer = producer10(() => new Response("", { status: 406 }));
  const client = createClient(home, { fetch: peer.fetch, version: "1.0" });
  await expect(client.count("feed")).rejects.toMatchObject({ code: "NOT_IN_1_0" });
  await expect(client.pause("feed", "s1")).rejects.toMatchObject({ code: "NOT_IN_1_0" });
  await expect(client.push([block], { collection: "feed" })).rejects.toMatchObject({ code: "PUSH_REFUSED", cause: { code: "NOT_IN_1_0" } });
  await expect(client.fulfil("feed", "r")[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: "NOT_IN_1_0" });
  expect(peer.sent.every(({ message }) => ["taxii10.DiscoveryRequest", "taxii10.FeedInformationRequest"].includes(message.$type))).toBe(
    true,
  );
});

test("a version that was asked for is the only one tried", async () => {
  const peer = producer10(() => new Response("", { status: 406 }));
  await expect(createClient(home, { fetch: peer.fetch, version: "1.1" }).discover()).rejects.toMatchObject({ status: 406 });
  expect(peer.sent).toHaveLength(1);
  await createClient(home, { fetch: peer.fetch, version: "1.0" }).discover();
  expect(peer.sent.map(({ message }) => versionOf(message))).toEqual(["1.1", "1.0"]);
});

test("services of 1.0 beside 1.1 are spoken to in their own version; the better one is preferred", async () => {
  const peer = createPeer(({ message }) => {
    if (message.$type === "taxii11.DiscoveryRequest") {
      const old = service("POLL", "http://taxii.test/old", { messageBindings: [xml10] });
      const both = service("INBOX", "http://taxii.test/both", { messageBindings: [xml10, xml11] });
      return create(DiscoveryResponse, { inResponseTo: message.messageId, serviceInstances: [old, both] });
    }
    if (message.$type === "taxii11.InboxMessage") return create(StatusMessage, { inResponseTo: message.messageId, statusType: "SUCCESS" });
    return create(taxii10.PollResponse, {
      inResponseTo: message.messageId,
      feedName: "feed",
      inclusiveEndTimestamp: "2026-01-01T00:00:00Z",
    });
  });
  const client = createClient(home, peer);
  for await (const _ of client.poll("feed"));
  await client.push([block]);
  expect(peer.sent.map(({ url, message }) => [new URL(url).pathname, versionOf(message)])).toEqual([
    ["/discovery", "1.1"],
    ["/old", "1.0"],
    ["/both", "1.1"],
  ]);
});

test("requests of either version can be sent as they are, and are answered in it", async () => {
  const peer = producer10(({ messageId }) => create(StatusMessage, { inResponseTo: messageId, statusType: "UNSUPPORTED_MESSAGE" }));
  const client = createClient(home, { fetch: peer.fetch, endpoint: "service" });
  const reply = await client.send(create(taxii10.PollRequest, { feedName: "feed" }));
  expect(reply.$type).toBe("taxii10.PollResponse");
  expect(reply.contentBlocks).toHaveLength(1);
  const refused = client.send(create(PollFulfillment, { collectionName: "feed", resultId: "r", resultPartNumber: 1 }));
  await expect(refused).rejects.toMatchObject({ code: "UNSUPPORTED_MESSAGE", version: "1.1" });
});

test("a refusal in 1.0 says which version it is of", async () => {
  const peer = createPeer(({ message }) =>
    create(taxii10.StatusMessage, { inResponseTo: message.messageId, statusType: "DENIED", message: "no" }),
  );
  await expect(createClient(home, { fetch: peer.fetch, version: "1.0" }).discover()).rejects.toMatchObject({
    code: "DENIED",
    version: "1.0",
    status: { $type: "taxii11.StatusMessage", message: "no" },
  });
});

test("a reply of 1.0 without the end it has to state has none, and the poll ends at its last label", async () => {
  const peer = createPeer(async ({ message }) => {
    const contentBlocks = [{ contentBinding: "urn:stix", content: { text: "x" }, timestampLabel: "2025-06-01T00:00:00Z" }];
    const inclusiveEndTimestamp = "2026-01-01T00:00:00Z";
    const reply = create(taxii10.PollResponse, { inResponseTo: message.messageId, feedName: "feed", inclusiveEndTimestamp, contentBlocks });
    const response = respond(reply);
    return new Response(
      (await response.text()).replace(/<taxii:Inclusive_End_Timestamp>.*?<\/taxii:Inclusive_End_Timestamp>/, ""),
      response,
    );
  });
  const codes: string[] = [];
  const client = createClient(home, { fetch: peer.fetch, version: "1.0", endpoint: "service", onWarning: ({ code }) => codes.push(code) });
  const poll = client.poll("feed");
  const labels = [];
  for await (const { timestampLabel } of poll) labels.push(timestampLabel);
  expect([labels, poll.end, codes]).toEqual([
    ["2025-06-01T00:00:00Z"],
    "2025-06-01T00:00:00Z",
    ["UNEXPECTED_ELEMENT", "MISSING_ELEMENT", "NO_END"],
  ]);
});
