import { describe, expect, it } from "vitest";
import {
  StatusMessage,
  type SubscriptionManagementRequest,
  SubscriptionManagementResponse,
  type SubscriptionRecordInit,
} from "../../../generated/taxii11/index.js";
import { fromXml } from "../../../src/codec/xml.js";
import { create } from "../../../src/message/create.js";
import { producer, service } from "../../client/peer.js";
import { discovery, jsonLines, taxii } from "../run.js";

const record: SubscriptionRecordInit = {
  subscriptionId: "urn:s1",
  status: "ACTIVE",
  subscriptionParameters: { responseType: "FULL", contentBindings: [{ bindingId: "urn:b", subtypes: [{ subtypeId: "urn:b1" }] }] },
  pushParameters: { protocolBinding: "urn:http", address: "https://inbox.test/", messageBinding: "urn:xml" },
};

/** A collection management service that knows these subscriptions. */
function manager(subscriptions: readonly SubscriptionRecordInit[] = [record]) {
  const requests: SubscriptionManagementRequest[] = [];
  const peer = producer([service("COLLECTION_MANAGEMENT", "http://taxii.test/manage")], [], ({ message }) => {
    if (message.$type !== "taxii11.SubscriptionManagementRequest") throw new Error(message.$type);
    requests.push(message);
    if (message.collectionName === "missing") return create(StatusMessage, { inResponseTo: message.messageId, statusType: "NOT_FOUND" });
    return create(SubscriptionManagementResponse, { inResponseTo: message.messageId, collectionName: "feed", subscriptions });
  });
  const run = (command: string, ...args: string[]) => taxii([command, discovery, "--collection", "feed", ...args], { fetch: peer.fetch });
  return { requests, run };
}

const text = ["urn:s1 (active)", "  delivers:    content", "  content:     urn:b (urn:b1)", "  to:          https://inbox.test/", ""].join(
  "\n",
);

describe("taxii subscribe", () => {
  it("asks for what it is told and prints the subscription", async () => {
    const { requests, run } = manager();
    const args = ["--binding", "urn:b,urn:b1", "--count-only", "--inbox", "https://inbox.test/"];
    expect(await run("subscribe", ...args)).toMatchObject({ code: 0, out: text, err: "" });
    expect(requests).toMatchObject([
      {
        action: "SUBSCRIBE",
        collectionName: "feed",
        subscriptionParameters: {
          responseType: "COUNT_ONLY",
          contentBindings: [{ bindingId: "urn:b", subtypes: [{ subtypeId: "urn:b1" }] }],
        },
        pushParameters: {
          protocolBinding: "urn:taxii.mitre.org:protocol:https:1.0",
          address: "https://inbox.test/",
          messageBinding: "urn:taxii.mitre.org:message:xml:1.1",
        },
      },
    ]);
  });

  it("wants an inbox that is one", async () => {
    const { requests, run } = manager();
    expect(await run("subscribe", "--inbox", "ftp://inbox.test/")).toMatchObject({ code: 2, err: expect.stringContaining("--inbox") });
    expect(await run("subscribe", "--inbox-binding", "urn:x")).toMatchObject({ code: 2, err: expect.stringContaining("without --inbox") });
    expect(requests).toEqual([]);
  });
});

describe("taxii subscriptions", () => {
  it("lists them as text, JSON lines and XML", async () => {
    const { requests, run } = manager();
    expect((await run("subscriptions", "--subscription", "urn:s1")).out).toBe(text);
    expect(requests).toMatchObject([{ action: "STATUS", subscriptionId: "urn:s1" }]);
    expect(jsonLines((await run("subscriptions", "--json")).out)).toMatchObject([{ subscription_id: "urn:s1", status: "ACTIVE" }]);
    const { out } = await run("subscriptions", "--xml");
    expect(fromXml(SubscriptionManagementResponse, out)).toMatchObject({
      collectionName: "feed",
      subscriptions: [{ subscriptionId: "urn:s1" }],
    });
  });

  it("says when there are none, and when the server refuses", async () => {
    expect(await manager([]).run("subscriptions")).toMatchObject({ code: 0, out: "", err: "There are no subscriptions.\n" });
    expect(await manager().run("subscriptions", "--collection", "missing")).toMatchObject({
      code: 1,
      err: "taxii subscriptions: NOT_FOUND\n",
    });
  });
});

describe.each([
  ["unsubscribe", "UNSUBSCRIBE", "The subscription has ended.\n"],
  ["pause", "PAUSE", "The subscription is paused.\n"],
  ["resume", "RESUME", "The subscription is resumed.\n"],
])("taxii %s", (command, action, done) => {
  it("asks for it and prints what the server says of it, or that it is done", async () => {
    const { requests, run } = manager();
    expect(await run(command, "--subscription", "urn:s1")).toMatchObject({ code: 0, out: text });
    expect(requests).toMatchObject([{ action, subscriptionId: "urn:s1", collectionName: "feed" }]);
    expect(await manager([]).run(command, "--subscription", "urn:s1")).toMatchObject({ code: 0, out: "", err: done });
  });

  it("wants to know which one", async () => expect((await manager().run(command)).code).toBe(2));
});
