/** Messages as texts, so that a peer can get them wrong. */

import type { ServerResponse } from "node:http";
import type { Asked } from "./peer.js";

const namespaces = {
  "1.0": "http://taxii.mitre.org/messages/taxii_xml_binding-1",
  "1.1": "http://taxii.mitre.org/messages/taxii_xml_binding-1.1",
} as const;

const http10 = "urn:taxii.mitre.org:protocol:http:1.0";
export const https10 = "urn:taxii.mitre.org:protocol:https:1.0";
export const xml10 = "urn:taxii.mitre.org:message:xml:1.0";
export const xml11 = "urn:taxii.mitre.org:message:xml:1.1";

/** The header fields of TAXII on a reply, as they should be. */
export function taxiiHeaders(version: Asked["version"] = "1.1"): Record<string, string> {
  return {
    "Content-Type": "application/xml",
    "X-TAXII-Content-Type": version === "1.0" ? xml10 : xml11,
    "X-TAXII-Protocol": http10,
    "X-TAXII-Services": `urn:taxii.mitre.org:services:${version}`,
  };
}

/** Answers with a document, by default under the right header fields. */
export function reply(
  response: ServerResponse,
  document: string | Uint8Array,
  headers: Readonly<Record<string, string>> = taxiiHeaders(),
  status = 200,
): void {
  response.writeHead(status, headers).end(document);
}

let count = 0;

/** The root element of a reply. */
function root(name: string, { id, version }: Pick<Asked, "id" | "version">, attributes: string, inside: string): string {
  return `<t:${name} xmlns:t="${namespaces[version]}" message_id="${++count}" in_response_to="${id}"${attributes}>${inside}</t:${name}>`;
}

export interface ServiceText {
  readonly type: "DISCOVERY" | "COLLECTION_MANAGEMENT" | "FEED_MANAGEMENT" | "INBOX" | "POLL";
  readonly address: string;
  readonly protocol?: string;
  readonly bindings?: readonly string[];
}

export function discoveryResponse(asked: Asked, services: readonly ServiceText[]): string {
  const instances = services.map(
    ({ type, address, protocol = http10, bindings = [asked.version === "1.0" ? xml10 : xml11] }) =>
      `<t:Service_Instance service_type="${type}" service_version="urn:taxii.mitre.org:services:${asked.version}" available="true">` +
      `<t:Protocol_Binding>${protocol}</t:Protocol_Binding><t:Address>${address}</t:Address>` +
      `${bindings.map((binding) => `<t:Message_Binding>${binding}</t:Message_Binding>`).join("")}</t:Service_Instance>`,
  );
  return root("Discovery_Response", asked, "", instances.join(""));
}

export interface CollectionText {
  readonly name: string;
  /** Addresses of its own poll service. */
  readonly poll?: readonly string[];
  /** Addresses of its own subscription service. */
  readonly subscription?: readonly string[];
}

/** A list of collections, or of feeds in TAXII 1.0. */
export function collectionResponse(asked: Asked, collections: readonly CollectionText[]): string {
  const old = asked.version === "1.0";
  const element = old ? "Feed" : "Collection";
  const contact = (name: string, address: string): string =>
    `<t:${name}><t:Protocol_Binding>${http10}</t:Protocol_Binding><t:Address>${address}</t:Address>` +
    `<t:Message_Binding>${old ? xml10 : xml11}</t:Message_Binding></t:${name}>`;
  const records = collections.map(
    ({ name, poll = [], subscription = [] }) =>
      `<t:${element} ${old ? "feed" : "collection"}_name="${name}" available="true"><t:Description>A feed</t:Description>` +
      `${old ? "<t:Content_Binding>urn:stix.mitre.org:xml:1.0</t:Content_Binding>" : ""}` +
      `${poll.map((address) => contact("Polling_Service", address)).join("")}` +
      `${subscription.map((address) => contact("Subscription_Service", address)).join("")}</t:${element}>`,
  );
  return root(old ? "Feed_Information_Response" : "Collection_Information_Response", asked, "", records.join(""));
}

export interface BlockOptions {
  readonly binding?: string;
  readonly label?: string;
  readonly version?: Asked["version"];
}

/** A content block around markup or text; without label if that is empty. */
export function block(
  content: string,
  { binding = "urn:stix.mitre.org:xml:1.1.1", label = "2024-05-01T00:00:00Z", version = "1.1" }: BlockOptions = {},
): string {
  const bindingText =
    version === "1.0" ? `<t:Content_Binding>${binding}</t:Content_Binding>` : `<t:Content_Binding binding_id="${binding}"/>`;
  const labelText = label === "" ? "" : `<t:Timestamp_Label>${label}</t:Timestamp_Label>`;
  return `<t:Content_Block>${bindingText}<t:Content>${content}</t:Content>${labelText}</t:Content_Block>`;
}

export interface PollText {
  readonly blocks?: readonly string[];
  readonly more?: boolean;
  readonly resultId?: string | null;
  readonly part?: number;
  readonly collection?: string;
  /** What stands before the blocks; by default the end of the range. */
  readonly before?: string;
}

export const end = "<t:Inclusive_End_Timestamp>2024-06-01T00:00:00Z</t:Inclusive_End_Timestamp>";

export function pollResponse(asked: Asked, { blocks = [], more, resultId = null, part, collection, before = end }: PollText = {}): string {
  const attributes = [
    asked.version === "1.0"
      ? ` feed_name="${collection ?? asked.attribute("feed_name") ?? ""}"`
      : ` collection_name="${collection ?? asked.attribute("collection_name") ?? ""}"`,
    more === undefined ? "" : ` more="${more}"`,
    resultId === null ? "" : ` result_id="${resultId}"`,
    part === undefined ? "" : ` result_part_number="${part}"`,
  ];
  return root("Poll_Response", asked, attributes.join(""), `${before}${blocks.join("")}`);
}

export interface StatusText {
  readonly message?: string;
  readonly details?: Readonly<Record<string, string>>;
}

export function statusMessage(asked: Pick<Asked, "id" | "version">, type: string, { message, details = {} }: StatusText = {}): string {
  const names = Object.entries(details).map(([name, value]) => `<t:Detail name="${name}">${value}</t:Detail>`);
  const inside =
    (names.length === 0 ? "" : `<t:Status_Detail>${names.join("")}</t:Status_Detail>`) +
    (message === undefined ? "" : `<t:Message>${message}</t:Message>`);
  return root("Status_Message", asked, ` status_type="${type}"`, inside);
}
