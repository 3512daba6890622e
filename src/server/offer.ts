/** How the server describes the ways to reach it. */

import { versionIds } from "../constants.js";
import { protocolOf } from "../http/headers.js";

/** Transport, address and message bindings of a service, as records in discovery and collection information state them. */
export interface Offer {
  readonly protocolBinding: string;
  readonly address: string;
  readonly messageBindings: string[];
}

/** The message bindings the server understands. */
export const supportedBindings: readonly string[] = [versionIds.xml11];

/** The record parts for an absolute address (XML-DSC-012). */
export function offer(address: string): Offer {
  return { protocolBinding: protocolOf(address) ?? versionIds.http10, address, messageBindings: [...supportedBindings] };
}
