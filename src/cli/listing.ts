/** Services, collections and subscriptions as text for people. */

import type { CollectionRecord, ContentBindingId, ServiceInstance, SubscriptionRecord } from "../../generated/taxii11/index.js";
import { printableLine } from "./output.js";

type Row = readonly [label: string, value: string | undefined];

/** A service: its type and address, and below what there is to know of it. */
export function serviceText(service: ServiceInstance): string {
  const { serviceType, address, available, serviceVersion, protocolBinding, messageBindings, supportedQueries, message } = service;
  return entry(`${serviceType} ${address}`, [
    ["available", yesNo(available)],
    ["version", serviceVersion],
    ["protocol", protocolBinding],
    ["messages", messageBindings.join(", ")],
    ["content", serviceType === "INBOX" ? bindingsText(service.contentBindings) : undefined],
    ["queries", optional(supportedQueries.map(({ formatId }) => formatId))],
    ["note", message],
  ]);
}

/** A collection: its name and type, and below what there is to know of it. */
export function collectionText(collection: CollectionRecord): string {
  const { collectionName, collectionType, available, description, collectionVolume, contentBindings } = collection;
  return entry(`${collectionName} (${collectionType === "DATA_SET" ? "data set" : "data feed"})`, [
    ["description", description],
    ["available", yesNo(available)],
    ["content", bindingsText(contentBindings)],
    ["volume", collectionVolume === undefined ? undefined : `${collectionVolume} a day`],
    ["poll", optional(collection.pollingServices.map(({ address }) => address))],
    ["inbox", optional(collection.receivingInboxServices.map(({ address }) => address))],
    ["subscribe", optional(collection.subscriptionServices.map(({ address }) => address))],
    ["push", optional(collection.pushMethods.map(({ protocolBinding }) => protocolBinding))],
  ]);
}

/** A subscription: its id and status, and below what it delivers, and where. */
export function subscriptionText({
  subscriptionId,
  status,
  subscriptionParameters,
  pushParameters,
  pollInstances,
}: SubscriptionRecord): string {
  return entry(`${subscriptionId} (${status.toLowerCase()})`, [
    ["delivers", subscriptionParameters?.responseType === "COUNT_ONLY" ? "counts only" : subscriptionParameters && "content"],
    ["content", subscriptionParameters && bindingsText(subscriptionParameters.contentBindings)],
    ["query", subscriptionParameters?.query?.formatId],
    ["to", pushParameters?.address],
    ["poll", optional(pollInstances.map(({ address }) => address))],
  ]);
}

function entry(title: string, rows: readonly Row[]): string {
  const lines = rows.flatMap(([label, value]) =>
    value === undefined || value === "" ? [] : [`  ${`${label}:`.padEnd(13)}${printableLine(value)}\n`],
  );
  return `${printableLine(title)}\n${lines.join("")}`;
}

/** Bindings with their subtypes in brackets, as in `urn:a (urn:a1, urn:a2), urn:b`. */
export function bindingsText(bindings: readonly ContentBindingId[]): string {
  if (bindings.length === 0) return "any";
  return bindings
    .map(({ bindingId, subtypes }) => `${bindingId}${subtypes.length === 0 ? "" : ` (${subtypes.map((one) => one.subtypeId).join(", ")})`}`)
    .join(", ");
}

const yesNo = (value: boolean | undefined): string | undefined => (value === undefined ? undefined : value ? "yes" : "no");
const optional = (values: readonly string[]): string | undefined => (values.length === 0 ? undefined : values.join(", "));
