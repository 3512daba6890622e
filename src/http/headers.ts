/** The TAXII header fields, for both directions. */

import { namespaces, type ProtocolId, protocols, versionIds } from "../constants.js";
import type { TaxiiVersion } from "../message/ids.js";

/** Names of the header fields TAXII adds to HTTP. */
export const headerNames = {
  accept: "X-TAXII-Accept",
  contentType: "X-TAXII-Content-Type",
  protocol: "X-TAXII-Protocol",
  services: "X-TAXII-Services",
} as const;

/** The media type of both XML message bindings (HTTP-ACC-003, HTTP-CT-001). */
export const xmlMediaType = "application/xml";

/** The identifiers of a version that header fields and service records carry (VER-ID-001, VER-ID-002). */
export interface VersionBinding {
  readonly message: string;
  readonly services: string;
}

/** How messages are written: as XML, or as the dictionaries of libtaxii in JSON, a binding of CERT-EU that says no version. */
export type MessageFormat = "xml" | "json";

/** The media type of each format. */
export const mediaTypes: Readonly<Record<MessageFormat, string>> = { xml: xmlMediaType, json: "application/json" };

/** Identifiers by version. */
export const versionBindings: Readonly<Record<TaxiiVersion, VersionBinding>> = {
  "1.0": { message: versionIds.xml10, services: versionIds.services10 },
  "1.1": { message: versionIds.xml11, services: versionIds.services11 },
};

/** The version whose XML message binding `id` is, or undefined for any other binding. */
export function versionOfBinding(id: string): TaxiiVersion | undefined {
  if (id === versionIds.xml11) return "1.1";
  return id === versionIds.xml10 ? "1.0" : undefined;
}

/** The version of the services that `id` names, or undefined for any other. */
export function versionOfServices(id: string | undefined): TaxiiVersion | undefined {
  if (id === versionIds.services11) return "1.1";
  return id === versionIds.services10 ? "1.0" : undefined;
}

/** The format of the message binding `id`, or undefined for one that is not known. */
export function formatOfBinding(id: string): MessageFormat | undefined {
  if (id === versionIds.certEuJson10) return "json";
  return versionOfBinding(id) === undefined ? undefined : "xml";
}

/** The identifier of a message binding. That in JSON is the same for both versions: X-TAXII-Services tells them apart. */
export function bindingId(version: TaxiiVersion, format: MessageFormat): string {
  return format === "json" ? versionIds.certEuJson10 : versionBindings[version].message;
}

/**
 * The protocol binding of an address, or undefined when it is neither http nor https. TAXII 1.1 goes on using the
 * identifiers of 1.0 (HTTP-XP-006).
 */
export function protocolOf(address: string | URL): ProtocolId | undefined {
  const text = String(address);
  const scheme = text.slice(0, text.indexOf(":")).toLowerCase();
  return scheme === "http" || scheme === "https" ? protocols[scheme] : undefined;
}

/** The fields of a body that is a TAXII message (HTTP-XCT-001, HTTP-XP-001, HTTP-XS-001). */
export function messageHeaders(version: TaxiiVersion, protocol: string, format: MessageFormat = "xml"): Record<string, string> {
  return {
    "Content-Type": mediaTypes[format],
    [headerNames.contentType]: bindingId(version, format),
    [headerNames.protocol]: protocol,
    [headerNames.services]: versionBindings[version].services,
  };
}

/** The fields of a request: those of its message, and what its answer may be (HTTP-XA-001, HTTP-ACC-004). */
export function requestHeaders(version: TaxiiVersion, protocol: string, format: MessageFormat = "xml"): Record<string, string> {
  return {
    ...messageHeaders(version, protocol, format),
    Accept: mediaTypes[format],
    [headerNames.accept]: bindingId(version, format),
  };
}

/** Header fields to be read, whoever keeps them. */
export interface FieldReader {
  /** The value of a field, without regard to the case of its name; null when there is none. */
  get(name: string): string | null;
}

/** The TAXII fields of a message as received; undefined for those that are absent or blank. */
export interface TaxiiHeaders {
  readonly contentType: string | undefined;
  readonly protocol: string | undefined;
  readonly services: string | undefined;
  /** Message bindings, most wanted first; undefined when any will do (HTTP-XA-005). */
  readonly accept: readonly string[] | undefined;
}

/** Reads the TAXII fields. Names are compared without regard to case (HTTP-GEN-002). */
export function readTaxiiHeaders(headers: FieldReader): TaxiiHeaders {
  const read = (name: string): string | undefined => headers.get(name)?.trim() || undefined;
  const accept = parseIdentifiers(headers.get(headerNames.accept) ?? "");
  return {
    contentType: read(headerNames.contentType),
    protocol: read(headerNames.protocol),
    services: read(headerNames.services),
    accept: accept.length === 0 ? undefined : accept,
  };
}

/** Identifiers separated by spaces, or by the commas that repeated fields are folded with (HTTP-XA-003, HTTP-XA-008). */
export function parseIdentifiers(value: string): string[] {
  return value.split(/[\s,]+/).filter((id) => id !== "");
}

/** The version whose XML namespace this is, or undefined for any other namespace. */
export function versionOfNamespace(namespace: string): TaxiiVersion | undefined {
  if (namespace === namespaces.taxii11) return "1.1";
  return namespace === namespaces.taxii10 ? "1.0" : undefined;
}
