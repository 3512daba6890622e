/** The requests the checks send, as XML of either version. Written by hand, so that they can be wrong where a check wants that. */

import { escaped } from "./texts.js";
import { identifiers, type TaxiiVersion } from "./version.js";

/** Attributes of an element; undefined ones are left out. */
type Attributes = Readonly<Record<string, string | undefined>>;

/** A message id: digits, which both versions have. */
export function newMessageId(): string {
  return String(crypto.getRandomValues(new BigUint64Array(1))[0] ?? 1n);
}

/** A message with its id, and whatever is in it. */
export function document(version: TaxiiVersion, element: string, attributes: Attributes = {}, body = ""): string {
  const all = { xmlns: identifiers[version].namespace, message_id: newMessageId(), ...attributes };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${elementOf(element, all, body)}`;
}

/** An element; empty when there is nothing in it. */
export function elementOf(name: string, attributes: Attributes, body = ""): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(value ?? "")}"`);
  return `<${name}${written.join("")}${body === "" ? "/>" : `>${body}</${name}>`}`;
}

function optional(name: string, text: string | undefined): string {
  return text === undefined ? "" : elementOf(name, {}, escaped(text));
}

/** A content binding somebody lists. */
export interface Binding {
  readonly id: string;
  readonly subtypes?: readonly string[] | undefined;
}

function bindings(version: TaxiiVersion, list: readonly Binding[] = []): string {
  if (version === "1.0") return list.map(({ id }) => optional("Content_Binding", id)).join("");
  return list
    .map(({ id, subtypes = [] }) =>
      elementOf("Content_Binding", { binding_id: id }, subtypes.map((subtype) => elementOf("Subtype", { subtype_id: subtype })).join("")),
    )
    .join("");
}

/** An Extended_Header nobody knows. */
export function extendedHeaders(name: string, text: string): string {
  return elementOf("Extended_Headers", {}, elementOf("Extended_Header", { name }, escaped(text)));
}

/** What a poll asks for. */
export interface PollWishes {
  readonly collection: string;
  /** Exclusive. */
  readonly begin?: string | undefined;
  /** Inclusive. */
  readonly end?: string | undefined;
  readonly countOnly?: boolean | undefined;
  readonly bindings?: readonly Binding[] | undefined;
  readonly subscriptionId?: string | undefined;
  readonly allowAsynch?: boolean | undefined;
  /** A Query element. */
  readonly query?: string | undefined;
  /** Push parameters, without their element. */
  readonly delivery?: PushTarget | undefined;
  /** Goes before all else. */
  readonly headers?: string | undefined;
  readonly messageId?: string | undefined;
}

/** Where to push. */
export interface PushTarget {
  readonly protocol: string;
  readonly address: string;
  readonly message: string;
}

function pushTarget(element: string, { protocol, address, message }: PushTarget, rest = ""): string {
  const parts = [optional("Protocol_Binding", protocol), optional("Address", address), optional("Message_Binding", message), rest];
  return elementOf(element, {}, parts.join(""));
}

/** A Poll_Request. */
export function pollRequest(version: TaxiiVersion, wishes: PollWishes): string {
  const { collection, begin, end, subscriptionId, headers = "", messageId } = wishes;
  const id = messageId === undefined ? {} : { message_id: messageId };
  const range = optional("Exclusive_Begin_Timestamp", begin) + optional("Inclusive_End_Timestamp", end);
  if (version === "1.0") {
    const attributes = { ...id, feed_name: collection, subscription_id: subscriptionId };
    return document(version, "Poll_Request", attributes, headers + range + bindings(version, wishes.bindings));
  }
  const which = subscriptionId === undefined ? parameters(wishes) : optional("Subscription_ID", subscriptionId);
  return document(version, "Poll_Request", { ...id, collection_name: collection }, headers + range + which);
}

function parameters({ countOnly, bindings: list, allowAsynch, query = "", delivery }: PollWishes): string {
  const attributes = { allow_asynch: allowAsynch === undefined ? undefined : String(allowAsynch) };
  const type = countOnly === undefined ? "" : optional("Response_Type", countOnly ? "COUNT_ONLY" : "FULL");
  const push = delivery === undefined ? "" : pushTarget("Delivery_Parameters", delivery);
  return elementOf("Poll_Parameters", attributes, type + bindings("1.1", list) + query + push);
}

/** A Poll_Fulfillment. */
export function fulfilment(collection: string, resultId: string, part: number | undefined): string {
  const attributes = { collection_name: collection, result_id: resultId, result_part_number: part?.toString() };
  return document("1.1", "Poll_Fulfillment", attributes);
}

/** A Discovery_Request. */
export function discoveryRequest(version: TaxiiVersion, attributes: Attributes = {}, body = ""): string {
  return document(version, "Discovery_Request", attributes, body);
}

/** A request for the collections, feeds in TAXII 1.0. */
export function informationRequest(version: TaxiiVersion): string {
  return document(version, version === "1.0" ? "Feed_Information_Request" : "Collection_Information_Request");
}

/** What a subscription request asks for. */
export interface SubscriptionWishes {
  readonly collection: string;
  readonly action: string;
  readonly id?: string | undefined;
  readonly countOnly?: boolean | undefined;
  readonly bindings?: readonly Binding[] | undefined;
  readonly query?: string | undefined;
  readonly push?: PushTarget | undefined;
  /** Whether TAXII 1.1 gets Subscription_Parameters. Default: for SUBSCRIBE. */
  readonly parameters?: boolean | undefined;
}

/** A Subscription_Management_Request. */
export function subscriptionRequest(version: TaxiiVersion, wishes: SubscriptionWishes): string {
  const { collection, action, id, push } = wishes;
  if (version === "1.0") {
    const attributes = { feed_name: collection, action, subscription_id: id };
    const target = push === undefined ? "" : pushTarget("Push_Parameters", push, bindings(version, wishes.bindings));
    return document(version, "Subscription_Management_Request", attributes, target);
  }
  const { countOnly, query = "", parameters: wanted = action === "SUBSCRIBE" } = wishes;
  const type = countOnly === undefined ? "" : optional("Response_Type", countOnly ? "COUNT_ONLY" : "FULL");
  const stated = wanted ? elementOf("Subscription_Parameters", {}, type + bindings(version, wishes.bindings) + query) : "";
  const target = push === undefined ? "" : pushTarget("Push_Parameters", push);
  const body = optional("Subscription_ID", id) + stated + target;
  return document(version, "Subscription_Management_Request", { collection_name: collection, action }, body);
}

/** A content block. */
export interface Block {
  readonly binding: string;
  readonly subtype?: string | undefined;
  readonly text: string;
  /** Markup in place of the text. */
  readonly xml?: string | undefined;
  readonly label?: string | undefined;
  readonly padding?: string | undefined;
}

function contentBlock({ binding, subtype, text, xml, label, padding }: Block): string {
  const under = subtype === undefined ? "" : elementOf("Subtype", { subtype_id: subtype });
  const parts = [
    elementOf("Content_Binding", { binding_id: binding }, under),
    elementOf("Content", {}, xml ?? escaped(text)),
    optional("Timestamp_Label", label),
    optional("Padding", padding),
  ];
  return elementOf("Content_Block", {}, parts.join(""));
}

/** An Inbox_Message of TAXII 1.1 with blocks for some collections. */
export function inboxMessage(destinations: readonly string[], blocks: readonly Block[], source = ""): string {
  const names = destinations.map((name) => optional("Destination_Collection_Name", name)).join("");
  return document("1.1", "Inbox_Message", {}, names + source + blocks.map(contentBlock).join(""));
}

/** An Inbox_Message without blocks. */
export function emptyInboxMessage(version: TaxiiVersion, destination: string | undefined): string {
  const name = version === "1.1" ? optional("Destination_Collection_Name", destination) : "";
  return document(version, "Inbox_Message", {}, name);
}
