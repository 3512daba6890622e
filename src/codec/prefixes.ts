/** Which namespaces a document of a shape needs, and their prefixes. */

import type { Shape } from "../binding/index.js";
import { compile } from "./compiled.js";

/** The prefixes that TAXII software uses by custom. */
const customary: Readonly<Record<string, string>> = {
  "http://taxii.mitre.org/messages/taxii_xml_binding-1": "taxii",
  "http://taxii.mitre.org/messages/taxii_xml_binding-1.1": "taxii_11",
  "http://taxii.mitre.org/query/taxii_default_query-1": "tdq",
  "http://www.w3.org/2000/09/xmldsig#": "ds",
};

/** Namespaces whose prefixes TAXII software declares on every root, used or not. */
export const customaryNamespaces: ReadonlySet<string> = new Set(Object.keys(customary));

const known = new WeakMap<Shape, ReadonlyMap<string, string>>();

/** Prefixes by namespace, the shape's own first. */
export function prefixesFor(shape: Shape): ReadonlyMap<string, string> {
  const cached = known.get(shape);
  if (cached !== undefined) return cached;
  const prefixes = new Map<string, string>();
  const visited = new Set<Shape>();
  const visit = (at: Shape): void => {
    if (visited.has(at)) return;
    visited.add(at);
    add(prefixes, at.namespace);
    for (const { field, namespace, target } of compile(at).children) {
      if (field.keep === "outer") continue;
      add(prefixes, namespace);
      if (target.kind === "shape" && compile(at).kind !== "mixed") visit(target);
    }
  };
  visit(shape);
  known.set(shape, prefixes);
  return prefixes;
}

function add(prefixes: Map<string, string>, namespace: string): void {
  if (!prefixes.has(namespace)) prefixes.set(namespace, customary[namespace] ?? `ns${prefixes.size + 1}`);
}
