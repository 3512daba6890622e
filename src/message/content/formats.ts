/** Formats that are known by the root of a document. */

import { contentBindings, type KnownContentBinding } from "../../constants.js";
import { xsiNamespace } from "../../xml/names.js";
import type { StartTag } from "../../xml/source.js";

const stixNamespaces: ReadonlySet<string> = new Set(["http://stix.mitre.org/stix-1", "http://docs.oasis-open.org/cti/ns/stix/core-1"]);

/** Whether the root is a STIX package of version 1. */
export function isStixPackage({ namespace, local }: Pick<StartTag, "namespace" | "local">): boolean {
  return local === "STIX_Package" && stixNamespaces.has(namespace);
}

/**
 * The version of a STIX package: its attribute, or else the schema it says it follows, whose folder is named after the
 * version. Undefined for other roots, and for packages that do not say.
 */
export function stixVersionOf(root: StartTag): string | undefined {
  if (!isStixPackage(root)) return undefined;
  const stated = attribute(root, "", "version")?.trim();
  if (stated !== undefined) return /^1(?:\.[0-9]{1,3}){1,2}$/.test(stated) ? stated : undefined;
  return /\/core\/(1(?:\.[0-9]{1,3}){1,2})\//.exec(attribute(root, xsiNamespace, "schemaLocation") ?? "")?.[1];
}

function attribute(tag: StartTag, namespace: string, local: string): string | undefined {
  return tag.attributes.find((one) => one.namespace === namespace && one.local === local)?.value;
}

const stixBindings: ReadonlyMap<string, KnownContentBinding> = new Map([
  ["1.0", contentBindings.stix10],
  ["1.0.1", contentBindings.stix101],
  ["1.1", contentBindings.stix11],
  ["1.1.1", contentBindings.stix111],
  ["1.2", contentBindings.stix12],
  ["1.2.1", contentBindings.stix121],
]);

/** Formats whose namespace is their content binding, by the name of their root. */
const alerts: readonly KnownContentBinding[] = [contentBindings.cap11, contentBindings.cap12];

/** Whether the root is one of XML Encryption. */
export function isEncryption({ namespace, local }: Pick<StartTag, "namespace" | "local">): boolean {
  return namespace === contentBindings.xmlEncryption && (local === "EncryptedData" || local === "EncryptedKey");
}

/** The content binding for documents with this root, where there is one. */
export function bindingOf(root: StartTag): KnownContentBinding | undefined {
  if (isEncryption(root)) return contentBindings.xmlEncryption;
  if (root.local === "alert") return alerts.find((binding) => binding === root.namespace);
  return stixBindings.get(stixVersionOf(root) ?? "");
}
