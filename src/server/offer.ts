/** How the server describes the ways to reach it. */

import { protocols, versionIds } from "../constants.js";
import { protocolOf, versionOfBinding } from "../http/headers.js";
import { addressOf, type Context } from "./context.js";
import type { Service } from "./service.js";

/** Transport, address and message bindings of a service, as records in discovery and collection information state them. */
export interface Offer {
  readonly protocolBinding: string;
  readonly address: string;
  readonly messageBindings: string[];
}

type OfferContext = Pick<Context, "baseUrl" | "messageBindings" | "version">;

/**
 * The record parts for a service: one for each protocol binding and its address (SVC-DISC-006), each with all message bindings,
 * as any of them works with all content there is (SVC-DISC-005). None for a service that is not advertised, or that has no
 * message binding in common with the server; who asks in TAXII 1.0 is not told of what speaks TAXII 1.1 only (SVC-DISC-009).
 */
export function offersOf(service: Service, context: OfferContext): Offer[] {
  const messageBindings = messageBindingsOf(service, context);
  if (messageBindings.length === 0 || (context.version === "1.0" && !service.versions.includes("1.0"))) return [];
  const address = addressOf(service, context);
  const { protocolBindings = [protocolOf(address) ?? versionIds.http10] } = service;
  return [...new Set(protocolBindings)].map((protocolBinding) => ({
    protocolBinding,
    // The address of a service elsewhere is the operator's word.
    address: service.address ?? addressOver(protocolBinding, address),
    messageBindings: [...messageBindings],
  }));
}

/** Those that go with a version which the service speaks; what is no XML binding says none, and goes with both. */
function messageBindingsOf({ messageBindings, versions }: Service, context: OfferContext): readonly string[] {
  const speaks = (id: string): boolean => versions.some((version) => (versionOfBinding(id) ?? version) === version);
  return messageBindings ?? context.messageBindings.filter(speaks);
}

/** The address in the form that suits the protocol binding (XML-DSC-012). */
function addressOver(protocolBinding: string, address: string): string {
  const scheme = protocolBinding === protocols.http ? "http:" : protocolBinding === protocols.https ? "https:" : undefined;
  return scheme === undefined ? address : address.replace(/^https?:/i, scheme);
}
