// The queries of the benchmark, as Default Query and as XPath. A document matches when one of the criteria does.

import { Values } from "./documents.mjs";

const core = "urn:taxii.mitre.org:query:capability:core-1";

/** What a criterion can ask for: where a value is looked for, as a target and as an XPath, how, and what it is. */
const forms = [
  { kind: "address", target: "**/Address_Value", path: "//AddressObj:Address_Value", how: "equals", value: (values) => values.address() },
  {
    kind: "hash",
    target: "**/Simple_Hash_Value",
    path: "//cyboxCommon:Simple_Hash_Value",
    how: "equals",
    value: (values) => values.hex(64),
  },
  {
    kind: "domain",
    target: "**/Properties/Value",
    path: "//cybox:Properties/DomainNameObj:Value",
    how: "ends_with",
    value: (values) => `${values.hex(9)}.test`,
  },
  { kind: "fileName", target: "**/File_Name", path: "//FileObj:File_Name", how: "begins_with", value: (values) => `z${values.hex(9)}` },
  {
    kind: "title",
    target: "STIX_Package/Indicators/Indicator/Title",
    path: "/stix:STIX_Package/stix:Indicators/stix:Indicator/indicator:Title",
    how: "contains",
    value: (values) => `W${values.hex(9)}`,
  },
  {
    kind: "id",
    target: "STIX_Package/Indicators/Indicator/@id",
    path: "/stix:STIX_Package/stix:Indicators/stix:Indicator/@id",
    how: "equals",
    value: (values) => values.id("Indicator"),
  },
];

// Watch lists are mostly addresses and hashes.
const order = ["address", "hash", "title", "address", "hash", "domain", "address", "hash", "fileName", "id"];

/** Criteria, always the same: `{ kind, target, path, how, value }`. */
export function criteriaOf(count) {
  const values = new Values(20_140_508);
  return Array.from({ length: count }, (_, index) => {
    const form = forms.find(({ kind }) => kind === order[index % order.length]);
    return { ...form, value: form.value(values) };
  });
}

/** The query as ours. */
export function defaultQueryOf(criteria) {
  return {
    targetingExpressionId: "urn:stix.mitre.org:xml:1.1.1",
    criteria: {
      operator: "OR",
      items: criteria.map(({ target, how, value }) => ({
        criterion: { negate: false, target, test: { capabilityId: core, relationship: how, parameters: [{ name: "value", value }] } },
      })),
    },
  };
}

const conditions = {
  equals: (value) => `. = '${value}'`,
  begins_with: (value) => `starts-with(., '${value}')`,
  contains: (value) => `contains(., '${value}')`,
};

/**
 * The query as XPath, with prefixes and each path gone once for all values that are looked for there, which is quicker for both
 * others than names without namespaces and one path for each criterion.
 *
 * @param endsWith how the language says that a value ends with another
 */
export function xpathOf(criteria, endsWith) {
  const byPath = new Map();
  for (const criterion of criteria) byPath.set(criterion.path, [...(byPath.get(criterion.path) ?? []), criterion]);
  const parts = [...byPath].map(
    ([path, there]) =>
      `${path}[${there.map(({ how, value }) => (how === "ends_with" ? endsWith(value) : conditions[how](value))).join(" or ")}]`,
  );
  return parts.map((part) => `boolean(${part})`).join(" or ");
}

/** `ends-with`, which XPath 2 has and XPath 1 has not. */
export const endsWith = {
  xpath1: (value) => `substring(., string-length(.) - ${value.length - 1}) = '${value}'`,
  xpath2: (value) => `ends-with(., '${value}')`,
};
