/** The two versions, and the identifiers that go with them. */

import { namespaces, protocols, versionIds } from "../constants.js";

/** Versions of TAXII. */
export type TaxiiVersion = "1.0" | "1.1";

/** The identifiers of each version (VER-ID-001, VER-ID-002). */
export const identifiers: Readonly<
  Record<TaxiiVersion, { readonly message: string; readonly services: string; readonly namespace: string }>
> = {
  "1.0": { message: versionIds.xml10, services: versionIds.services10, namespace: namespaces.taxii10 },
  "1.1": { message: versionIds.xml11, services: versionIds.services11, namespace: namespaces.taxii11 },
};

/** The other version. */
export function otherVersion(version: TaxiiVersion): TaxiiVersion {
  return version === "1.0" ? "1.1" : "1.0";
}

/** The protocol binding of an address. */
export function protocolOf(address: string): string {
  return new URL(address).protocol === "https:" ? protocols.https : protocols.http;
}
