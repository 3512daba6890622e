/** Which schema becomes which module of this package. */

/** A schema of this package. */
export interface ModuleConfig {
  /** File within `schemas/`. */
  readonly schema: string;
  /** Prefix of shape names: `taxii11.PollRequest`. */
  readonly name: string;
  /** Folder within `generated/`. */
  readonly folder: string;
  /** Where users import it from. */
  readonly specifier: string;
  readonly keepWhole?: readonly string[];
}

const signatures = "http://www.w3.org/2000/09/xmldsig#";

export const modules: readonly ModuleConfig[] = [
  { schema: "xmldsig-core.xsd", name: "xmldsig", folder: "xmldsig", specifier: "taxii/xmldsig" },
  { schema: "taxii-1.0.xsd", name: "taxii10", folder: "taxii10", specifier: "taxii/1.0", keepWhole: [signatures] },
  { schema: "taxii-1.1.xsd", name: "taxii11", folder: "taxii11", specifier: "taxii/1.1", keepWhole: [signatures] },
  { schema: "default-query-1.0.xsd", name: "defaultQuery", folder: "default-query", specifier: "taxii/default-query" },
];
