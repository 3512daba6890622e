/** Services on their way into a storage. */

import { ServiceType } from "../../../generated/taxii11/index.js";
import { isXmlText } from "../../characters.js";
import type { ServiceRecord } from "../directory.js";
import { Check } from "./check.js";
import { keepBindings } from "./parts.js";

/** A copy to keep. @throws ValidationError naming what cannot be */
export function keepService(service: ServiceRecord): ServiceRecord {
  const { id, type, address, description, available, requiresAccount, versions, protocolBindings } = service;
  const { collections, advertised, destination, requiresSubscription, maxBlocks, subscriptions, subscriptionMessage } = service;
  const check = new Check("the service");
  check.name("id", id);
  check.that(ServiceType.accepts(type), "type", ServiceType.expected, type);
  check.that(isAddress(address), "address", "a path that starts with one slash, without query and fragment, or an http(s) URL", address);
  for (const [path, text] of Object.entries({ description, subscriptionMessage })) {
    check.that(text === undefined || isXmlText(text), path, "characters XML can carry", text);
  }
  for (const [path, flag] of Object.entries({ available, requiresAccount })) check.flag(path, flag);
  for (const [path, flag] of Object.entries({ requiresSubscription, subscriptions })) if (flag !== undefined) check.flag(path, flag);
  check.that(versions.length > 0, "versions", 'at least one of "1.0" and "1.1"');
  for (const version of versions) check.oneOf("versions", version, ["1.0", "1.1"]);
  for (const [path, names] of Object.entries({ protocolBindings, collections, advertised })) {
    for (const [index, name] of (names ?? []).entries()) check.text(`${path}[${index}]`, name);
  }
  if (destination !== undefined) check.oneOf("destination", destination, ["required", "optional", "prohibited"]);
  check.optionalInteger("maxBlocks", maxBlocks, 1);
  check.done();
  return copyService(service);
}

/** A copy that has every property. */
export function copyService(service: ServiceRecord): ServiceRecord {
  return {
    id: service.id,
    type: service.type,
    address: service.address,
    description: service.description,
    available: service.available,
    requiresAccount: service.requiresAccount,
    versions: [...service.versions],
    protocolBindings: copyOf(service.protocolBindings),
    collections: copyOf(service.collections),
    advertised: copyOf(service.advertised),
    contentBindings: keepBindings(service.contentBindings),
    destination: service.destination,
    requiresSubscription: service.requiresSubscription,
    maxBlocks: service.maxBlocks,
    subscriptions: service.subscriptions,
    subscriptionMessage: service.subscriptionMessage,
  };
}

function copyOf(list: readonly string[] | undefined): string[] | undefined {
  return list === undefined ? undefined : [...list];
}

/** A path, as the server's services have it, or a URL that can be advertised. */
function isAddress(address: string): boolean {
  if (address !== address.trim() || !isXmlText(address)) return false;
  if (address.startsWith("/")) return !address.startsWith("//") && !/[?#\\\s]/.test(address);
  return /^https?:\/\/[^/?#\s]/i.test(address) && !/\s/.test(address) && URL.canParse(address);
}
