/** Subscriptions: what is asked, and what comes of the answers. */

import { expect, test } from "vitest";
import { SubscriptionManagementResponse, type SubscriptionManagementResponseInit } from "../../generated/taxii11/index.js";
import { create } from "../../src/message/create.js";
import { askingOnce as createClient, producer, service } from "./peer.js";

const home = "http://taxii.test/discovery";
const managing = service("COLLECTION_MANAGEMENT", "http://taxii.test/collections");
const contact = (address: string) => ({
  address,
  protocolBinding: "urn:taxii.mitre.org:protocol:http:1.0",
  messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"],
});

function setUp(subscriptions: SubscriptionManagementResponseInit["subscriptions"]) {
  const record = { collectionName: "feed", description: "", subscriptionServices: [contact("http://taxii.test/subscriptions")] };
  const peer = producer([managing], [record], ({ message }) => {
    if (message.$type !== "taxii11.SubscriptionManagementRequest") throw new Error(message.$type);
    const { messageId: inResponseTo, collectionName } = message;
    return create(SubscriptionManagementResponse, { inResponseTo, collectionName, subscriptions });
  });
  return { client: createClient(home, peer), last: () => peer.sent.at(-1) };
}

test("SUBSCRIBE goes to the collection's own service with what was asked for", async () => {
  const { client, last } = setUp([{ subscriptionId: "s1", pollInstances: [contact("http://taxii.test/poll")] }]);
  const deliverTo = {
    protocolBinding: "urn:taxii.mitre.org:protocol:https:1.0",
    address: "https://me.test/inbox",
    messageBinding: "urn:taxii.mitre.org:message:xml:1.1",
  };
  const subscription = await client.subscribe("feed", {
    responseType: "COUNT_ONLY",
    contentBindings: ["urn:stix", { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:b" }] }],
    deliverTo,
  });
  expect(subscription).toMatchObject({ subscriptionId: "s1", status: "ACTIVE" });
  expect(last()).toMatchObject({
    url: "http://taxii.test/subscriptions",
    message: {
      action: "SUBSCRIBE",
      collectionName: "feed",
      subscriptionParameters: {
        responseType: "COUNT_ONLY",
        contentBindings: [{ bindingId: "urn:stix" }, { bindingId: "urn:a", subtypes: [{ subtypeId: "urn:b" }] }],
      },
      pushParameters: deliverTo,
    },
  });
});

test("a SUBSCRIBE that is answered with no subscription did not succeed", async () => {
  await expect(setUp([]).client.subscribe("feed")).rejects.toMatchObject({ code: "MISMATCH" });
});

test.each([
  ["unsubscribe", "UNSUBSCRIBE", "UNSUBSCRIBED"],
  ["pause", "PAUSE", "PAUSED"],
  ["resume", "RESUME", "ACTIVE"],
] as const)("%s is %s of one subscription, and gives what the producer says of it", async (method, action, status) => {
  const { client, last } = setUp([{ subscriptionId: "other" }, { subscriptionId: "s1", status }]);
  expect(await client[method]("feed", "s1")).toMatchObject({ subscriptionId: "s1", status });
  expect(last()?.message).toMatchObject({ action, subscriptionId: "s1" });
  expect(last()?.message).not.toHaveProperty("subscriptionParameters");
  expect(await setUp([]).client[method]("feed", "s1")).toBeUndefined();
});

test("STATUS lists all subscriptions, or asks for one", async () => {
  const { client, last } = setUp([{ subscriptionId: "s1" }, { subscriptionId: "s2", status: "PAUSED" }]);
  expect(await client.subscriptions("feed")).toHaveLength(2);
  expect(last()?.message).toMatchObject({ action: "STATUS" });
  expect(last()?.message).not.toHaveProperty("subscriptionId");
  await client.subscriptions("feed", { subscriptionId: "s2" });
  expect(last()?.message).toMatchObject({ action: "STATUS", subscriptionId: "s2" });
});
