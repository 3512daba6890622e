/** cabby's commands in this process, against a server that answers what a test says. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import { type cabbyCommands, runCabby } from "../../../src/cli/cabby/index.js";
import { anyMessage, messageIn } from "../../../src/cli/message-text.js";
import type { Fetch } from "../../../src/client/options.js";
import { fromXml } from "../../../src/codec/xml.js";
import { messageHeaders } from "../../../src/http/headers.js";
import { create } from "../../../src/message/create.js";
import type { AnyMessage } from "../../../src/message/exchanges.js";
import { type TestEnvironmentOptions, testEnvironment } from "../environment.js";

export type CommandName = keyof typeof cabbyCommands;

const http10 = "urn:taxii.mitre.org:protocol:http:1.0";
const xml10 = "urn:taxii.mitre.org:message:xml:1.0";
const xml11 = "urn:taxii.mitre.org:message:xml:1.1";

/** What a server was sent. */
export interface Received {
  readonly url: string;
  readonly headers: Headers;
  readonly message: AnyMessage;
}

/** What a server answers; nothing for what {@link usualAnswer} says. */
export type Answer = (message: AnyMessage, received: Received) => AnyMessage | Response | undefined;

/** A server in memory, and what messages it was sent. At a path that ends in `/auth` one gets a token. */
export function producer(answer: Answer = () => undefined): { readonly fetch: Fetch; readonly received: Received[] } {
  const received: Received[] = [];
  return {
    received,
    async fetch(request) {
      if (request.url.endsWith("/auth")) return Response.json({ token: "t-1" });
      const message: AnyMessage = fromXml(anyMessage, new Uint8Array(await request.arrayBuffer()));
      const one = { url: request.url, headers: request.headers, message };
      received.push(one);
      const reply = answer(message, one) ?? usualAnswer(message);
      return reply instanceof Response ? reply : respond(reply);
    },
  };
}

export function respond(message: AnyMessage): Response {
  const version = message.$type.startsWith("taxii10.") ? "1.0" : "1.1";
  return new Response(messageIn("xml", message), { headers: messageHeaders(version, http10) });
}

export const origin = "https://taxii.test";

/** Lists one service of each type at `origin`, and the feed `feed`, which has two blocks; takes what is pushed; knows subscriptions. */
function usualAnswer(message: AnyMessage): AnyMessage {
  const inResponseTo = message.messageId;
  switch (message.$type) {
    case "taxii11.DiscoveryRequest":
      return create(taxii11.DiscoveryResponse, { inResponseTo, serviceInstances: services11 });
    case "taxii10.DiscoveryRequest":
      return create(taxii10.DiscoveryResponse, { inResponseTo, serviceInstances: services10 });
    case "taxii11.CollectionInformationRequest":
      return create(taxii11.CollectionInformationResponse, {
        inResponseTo,
        collections: [{ collectionName: "feed", description: "A feed", available: true }],
      });
    case "taxii10.FeedInformationRequest":
      return create(taxii10.FeedInformationResponse, {
        inResponseTo,
        feeds: [
          {
            feedName: "feed",
            description: "A feed",
            contentBindings: ["urn:b"],
            available: true,
            pollingServices: [contact("/poll", xml10)],
          },
        ],
      });
    case "taxii11.SubscriptionManagementRequest":
      return create(taxii11.SubscriptionManagementResponse, {
        inResponseTo,
        collectionName: message.collectionName,
        message: `${message.action} it is`,
        subscriptions: [{ subscriptionId: message.subscriptionId ?? "new", status: "ACTIVE" }],
      });
    case "taxii10.SubscriptionManagementRequest":
      return create(taxii10.SubscriptionManagementResponse, {
        inResponseTo,
        feedName: message.feedName,
        message: `${message.action} it is`,
        subscriptions: [{ subscriptionId: message.subscriptionId ?? "new" }],
      });
    case "taxii11.PollRequest":
      return create(taxii11.PollResponse, {
        inResponseTo,
        collectionName: message.collectionName,
        inclusiveEndTimestamp: "2024-06-01T00:00:00Z",
        subscriptionId: message.subscriptionId,
        recordCount: { value: 2 },
        contentBlocks: message.pollParameters?.responseType === "COUNT_ONLY" ? [] : blocks11,
      });
    case "taxii10.PollRequest":
      return create(taxii10.PollResponse, {
        inResponseTo,
        feedName: message.feedName,
        inclusiveEndTimestamp: "2024-06-01T00:00:00Z",
        contentBlocks: [{ contentBinding: "urn:b", content: { text: "ten" } }],
      });
    case "taxii11.InboxMessage":
      return create(taxii11.StatusMessage, { inResponseTo, statusType: "SUCCESS", message: "Thanks." });
    case "taxii10.InboxMessage":
      return create(taxii10.StatusMessage, { inResponseTo, statusType: "SUCCESS" });
    default:
      throw new Error(`no answer to ${message.$type}`);
  }
}

export const blocks11: readonly taxii11.ContentBlockInit[] = [
  { contentBinding: { bindingId: "urn:b" }, content: { xml: '<x xmlns="urn:x">1 &lt; 2</x>' }, timestampLabel: "2024-05-01T00:00:00Z" },
  { contentBinding: { bindingId: "urn:b", subtype: { subtypeId: "urn:s" } }, content: { text: "zwölf <" }, message: "a remark" },
];

const contact = (path: string, binding: string) => ({
  protocolBinding: http10,
  address: `${origin}${path}`,
  messageBindings: [binding],
});

const services11: readonly taxii11.ServiceInstanceInit[] = (
  [
    ["DISCOVERY", "/discovery"],
    ["COLLECTION_MANAGEMENT", "/collections"],
    ["POLL", "/poll"],
    ["INBOX", "/inbox"],
  ] as const
).map(([serviceType, path]) => ({ serviceType, serviceVersion: "urn:taxii.mitre.org:services:1.1", ...contact(path, xml11) }));

const services10: readonly taxii10.ServiceInstanceInit[] = (
  [
    ["DISCOVERY", "/discovery"],
    ["FEED_MANAGEMENT", "/collections"],
    ["POLL", "/poll"],
    ["INBOX", "/inbox"],
  ] as const
).map(([serviceType, path]) => ({ serviceType, serviceVersion: "urn:taxii.mitre.org:services:1.0", ...contact(path, xml10) }));

/** What became of a command. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly questions: readonly { readonly question: string; readonly hidden: boolean }[];
}

/** Runs a command. */
export async function run(name: CommandName, args: readonly string[], options: TestEnvironmentOptions = {}): Promise<Run> {
  const environment = testEnvironment(options);
  const code = await runCabby(name, args, environment);
  const { out, err, questions } = environment;
  return { code, out, err, questions };
}
