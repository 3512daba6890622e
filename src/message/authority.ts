/** Whether identifiers say whose they are. */

import { hasAuthority } from "../binding/uri.js";

/**
 * Whether `id` has a part that names its owner (XML-ID-006). TAXII's own identifiers, and many of third parties, have a
 * domain name in the place of a URN namespace, `urn:stix.mitre.org:xml:1.2`; no such namespace is registered, but whose it is
 * is clear.
 */
export function namesOwner(id: string): boolean {
  return hasAuthority(id) || /^urn:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:./i.test(id);
}
