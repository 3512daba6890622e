/** `taxii-subscription`. */

import { describe, expect, it } from "vitest";
import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { fromXml } from "../../../src/codec/xml.js";
import { statusMessage } from "../../../src/message/status-error.js";
import { type CommandName, origin, producer, run } from "./kit.js";

async function manage(args: readonly string[], name: CommandName = "taxii-subscription") {
  const server = producer();
  const result = await run(name, ["--path", `${origin}/collections`, ...args], server);
  return { ...result, messages: server.received.map(({ message }) => message) };
}

describe("taxii-subscription", () => {
  it.each([
    [["-a", "subscribe"], { action: "SUBSCRIBE", subscriptionParameters: { responseType: "FULL" } }],
    [["-a", "subscribe", "--count-only"], { action: "SUBSCRIBE", subscriptionParameters: { responseType: "COUNT_ONLY" } }],
    [["-a", "status"], { action: "STATUS" }],
    [["-a", "status", "-s", "s1"], { action: "STATUS", subscriptionId: "s1" }],
    [["-a", "pause", "-s", "s1"], { action: "PAUSE", subscriptionId: "s1" }],
    [["-a", "resume", "-s", "s1"], { action: "RESUME", subscriptionId: "s1" }],
    [["--action", "unsubscribe", "--subscription", "s1"], { action: "UNSUBSCRIBE", subscriptionId: "s1" }],
  ])("%j", async (args, expected) => {
    const { code, out, err, messages } = await manage([...args, "-c", "feed"]);
    expect([code, err]).toEqual([0, ""]);
    expect(messages).toMatchObject([{ $type: "taxii11.SubscriptionManagementRequest", collectionName: "feed", ...expected }]);
    expect(out).toContain(`Message: ${expected.action} it is`);
  });

  it("is known as taxii-subscriptions as well", async () => {
    expect((await manage(["-a", "status", "-c", "feed"], "taxii-subscriptions")).code).toBe(0);
  });

  it("prints XML", async () => {
    const { out } = await manage(["-a", "subscribe", "-c", "feed", "-x"]);
    expect(fromXml(taxii11.SubscriptionManagementResponse, out).subscriptions).toMatchObject([{ subscriptionId: "new" }]);
  });

  it("finds the service with --discovery", async () => {
    const server = producer();
    expect((await run("taxii-subscription", ["--discovery", `${origin}/discovery`, "-a", "status", "-c", "feed"], server)).code).toBe(0);
    expect(server.received.at(-1)?.url).toBe(`${origin}/collections`);
  });

  it.each([
    [["-a", "subscribe"], { action: "SUBSCRIBE" }],
    [["-a", "status"], { action: "STATUS" }],
    [["-a", "unsubscribe", "-s", "s1"], { action: "UNSUBSCRIBE", subscriptionId: "s1" }],
  ])("speaks TAXII 1.0: %j", async (args, expected) => {
    const { code, out, messages } = await manage([...args, "-c", "feed", "-t", "1.0", "-x"]);
    expect(code).toBe(0);
    expect(messages).toMatchObject([{ $type: "taxii10.SubscriptionManagementRequest", feedName: "feed", ...expected }]);
    expect(fromXml(taxii10.SubscriptionManagementResponse, out).message).toBe(`${expected.action} it is`);
  });

  it.each([
    [["-a", "pause"], "--action pause needs --subscription as well"],
    [["-a", "resume"], "--action resume needs --subscription as well"],
    [["-a", "unsubscribe"], "--action unsubscribe needs --subscription as well"],
    [["-a", "subscribe", "-s", "s1"], "--subscription cannot be used with --action subscribe"],
    [["-a", "status", "--count-only"], "--count-only cannot be used with --action status"],
    [["-a", "pause", "-s", "s1", "-t", "1.0"], "--action pause cannot be used with TAXII 1.0"],
    [["-a", "subscribe", "--count-only", "-t", "1.0"], "--count-only cannot be used with TAXII 1.0"],
    [["-a", "renew"], "Allowed choices are subscribe, status, pause, resume, unsubscribe"],
  ])("refuses %j and exits with 2", async (args, message) => {
    const { code, err, messages } = await manage([...args, "-c", "feed"]);
    expect([code, messages]).toEqual([2, []]);
    expect(err).toContain(message);
  });

  it("exits with 1 when the server refuses", async () => {
    const server = producer((message) => statusMessage("UNAUTHORIZED", { inResponseTo: message.messageId }));
    const { code, err } = await run("taxii-subscription", ["--path", `${origin}/c`, "-a", "status", "-c", "feed"], server);
    expect([code, err]).toEqual([1, "taxii-subscription: UNAUTHORIZED\n"]);
  });
});
