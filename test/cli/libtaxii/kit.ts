/** Runs the scripts in this process, against a server in memory. */

import * as taxii10 from "../../../generated/taxii10/index.js";
import * as taxii11 from "../../../generated/taxii11/index.js";
import type { Shape } from "../../../src/binding/index.js";
import { type LibtaxiiScript, runLibtaxii } from "../../../src/cli/libtaxii/index.js";
import type { Fetch } from "../../../src/client/options.js";
import { fromXml, toXml } from "../../../src/codec/xml.js";
import { contentBindings } from "../../../src/constants.js";
import { messageHeaders } from "../../../src/http/headers.js";
import { create } from "../../../src/message/create.js";
import { type AnyMessage, versionOf } from "../../../src/message/exchanges.js";
import { type TestEnvironment, type TestEnvironmentOptions, testEnvironment } from "../environment.js";

/** Where the scripts send to, unless a test says otherwise. */
export const url = "http://taxii.test/poll";

/** What became of a run. */
export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
  readonly environment: TestEnvironment;
}

/** Runs a script. */
export async function run(name: LibtaxiiScript, args: readonly string[], options: TestEnvironmentOptions = {}): Promise<Run> {
  const environment = testEnvironment(options);
  const code = await runLibtaxii(name, args, environment);
  return { code, out: environment.out, err: environment.err, environment };
}

const anyMessage: readonly Shape<AnyMessage>[] = [...taxii11.messages, ...taxii10.messages];

/** A peer of either version, and what it was sent. */
export interface Peer {
  readonly fetch: Fetch;
  readonly requests: Request[];
  readonly messages: AnyMessage[];
}

/** A peer that answers with a message or a whole response, or throws what the transport would. */
export function peer(respondTo: (message: AnyMessage) => AnyMessage | Response = answer): Peer {
  const requests: Request[] = [];
  const messages: AnyMessage[] = [];
  return {
    requests,
    messages,
    async fetch(request) {
      requests.push(request.clone());
      const message: AnyMessage = fromXml(anyMessage, new Uint8Array(await request.arrayBuffer()));
      messages.push(message);
      const reply = respondTo(message);
      return reply instanceof Response ? reply : respond(reply);
    },
  };
}

/** A response with a message; `xml` in its place. */
export function respond(message: AnyMessage, xml = xmlOf(message)): Response {
  return new Response(xml, { headers: messageHeaders(versionOf(message), "urn:taxii.mitre.org:protocol:http:1.0") });
}

export function xmlOf(message: AnyMessage): string {
  const shape = anyMessage.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new Error(message.$type);
  return toXml(shape, message);
}

/** A Status Message for an answer. */
export function status(message: AnyMessage, init: Partial<taxii11.StatusMessageInit> = {}): AnyMessage {
  const common = { inResponseTo: message.messageId, statusType: "SUCCESS", ...init } as const;
  return versionOf(message) === "1.0"
    ? create(taxii10.StatusMessage, { ...common, statusDetail: undefined, extendedHeaders: undefined })
    : create(taxii11.StatusMessage, common);
}

/** A poll response with blocks, in the version of the request. */
export function pollResponse(message: AnyMessage, init: Partial<taxii11.PollResponseInit> = {}): taxii11.PollResponse {
  return create(taxii11.PollResponse, { inResponseTo: message.messageId, collectionName: "feed", ...init });
}

export function pollResponse10(message: AnyMessage, init: Partial<taxii10.PollResponseInit> = {}): taxii10.PollResponse {
  const inclusiveEndTimestamp = "2014-12-19T00:00:00Z";
  return create(taxii10.PollResponse, { inResponseTo: message.messageId, feedName: "feed", inclusiveEndTimestamp, ...init });
}

/** Answers any request with what is asked for and nothing in it. */
export function answer(message: AnyMessage): AnyMessage {
  const reply = { inResponseTo: message.messageId };
  switch (message.$type) {
    case "taxii10.DiscoveryRequest":
      return create(taxii10.DiscoveryResponse, reply);
    case "taxii10.FeedInformationRequest":
      return create(taxii10.FeedInformationResponse, reply);
    case "taxii10.PollRequest":
      return pollResponse10(message);
    case "taxii11.DiscoveryRequest":
      return create(taxii11.DiscoveryResponse, reply);
    case "taxii11.CollectionInformationRequest":
      return create(taxii11.CollectionInformationResponse, reply);
    case "taxii11.PollRequest":
    case "taxii11.PollFulfillment":
      return pollResponse(message, { resultPartNumber: message.$type === "taxii11.PollRequest" ? 1 : message.resultPartNumber });
    default:
      return status(message);
  }
}

/** A content block of TAXII 1.1. */
export function block(text: string, init: Partial<taxii11.ContentBlockInit> = {}): taxii11.ContentBlockInit {
  return { contentBinding: { bindingId: contentBindings.stix111 }, content: { text }, ...init };
}
