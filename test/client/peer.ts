/** Peers that do as a test says, instead of as TAXII says. */

import { messages as messages10 } from "../../generated/taxii10/index.js";
import {
  CollectionInformationResponse,
  type CollectionRecordInit,
  DiscoveryResponse,
  messages,
  type PollFulfillment,
  type PollRequest,
  PollResponse,
  type PollResponseInit,
  type ServiceInstanceInit,
  StatusMessage,
} from "../../generated/taxii11/index.js";
import { type AnyMessage, type Client, type ClientOptions, createClient, type Fetch } from "../../src/client/index.js";
import { fromXml, toXml } from "../../src/codec/xml.js";
import { messageHeaders } from "../../src/http/headers.js";
import { create } from "../../src/message/create.js";
import { versionOf } from "../../src/message/exchanges.js";

const http10 = "urn:taxii.mitre.org:protocol:http:1.0";

const anyMessages = [...messages, ...messages10];

/** A client that asks once, and then says what it got. */
export function askingOnce(url: string, options: ClientOptions = {}): Client {
  return createClient(url, { retry: false, ...options });
}

/** What a peer was sent. */
export interface Sent {
  readonly url: string;
  readonly headers: Headers;
  readonly redirect: RequestRedirect;
  readonly method: string;
  readonly message: AnyMessage;
}

/** A peer that answers with `answer`, and remembers what it was sent. */
export function createPeer(answer: (sent: Sent) => Response | AnyMessage | Promise<Response | AnyMessage>): {
  readonly fetch: Fetch;
  readonly sent: Sent[];
} {
  const sent: Sent[] = [];
  return {
    sent,
    async fetch(request) {
      const { url, headers, redirect, method } = request;
      const one = { url, headers, redirect, method, message: fromXml(anyMessages, new Uint8Array(await request.arrayBuffer())) };
      sent.push(one);
      const reply = await answer(one);
      return reply instanceof Response ? reply : respond(reply);
    },
  };
}

/** A response with a message. */
export function respond(message: AnyMessage, init: ResponseInit = {}): Response {
  const shape = anyMessages.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new Error(message.$type);
  return new Response(toXml<AnyMessage>(shape, message), { headers: messageHeaders(versionOf(message), http10), ...init });
}

/** The record of a service. */
export function service(
  serviceType: ServiceInstanceInit["serviceType"],
  address: string,
  init: Partial<ServiceInstanceInit> = {},
): ServiceInstanceInit {
  return {
    serviceType,
    address,
    serviceVersion: "urn:taxii.mitre.org:services:1.1",
    protocolBinding: http10,
    messageBindings: ["urn:taxii.mitre.org:message:xml:1.1"],
    ...init,
  };
}

/** Answers discovery and collection information, and leaves the rest to `others`. */
export function producer(
  serviceInstances: readonly ServiceInstanceInit[],
  collections: readonly CollectionRecordInit[],
  others: (sent: Sent) => Response | AnyMessage | Promise<Response | AnyMessage>,
) {
  return createPeer((sent) => {
    const { message } = sent;
    if (message.$type === "taxii11.DiscoveryRequest")
      return create(DiscoveryResponse, { inResponseTo: message.messageId, serviceInstances });
    if (message.$type === "taxii11.CollectionInformationRequest")
      return create(CollectionInformationResponse, { inResponseTo: message.messageId, collections });
    return others(sent);
  });
}

/** A Poll_Response to a request of the feed `feed`. */
export function pollResponse(request: AnyMessage, init: Partial<PollResponseInit> = {}): PollResponse {
  return create(PollResponse, {
    inResponseTo: request.messageId,
    collectionName: "feed",
    inclusiveEndTimestamp: "2026-01-01T00:00:00Z",
    ...init,
  });
}

export function success(request: AnyMessage): StatusMessage {
  return create(StatusMessage, { inResponseTo: request.messageId, statusType: "SUCCESS" });
}

export function isPoll(message: AnyMessage): message is PollRequest | PollFulfillment {
  return message.$type === "taxii11.PollRequest" || message.$type === "taxii11.PollFulfillment";
}
