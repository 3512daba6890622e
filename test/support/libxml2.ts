/** libxml2 as a second opinion: the published schemas, loaded once, and verdicts on documents. */

import { existsSync, readFileSync } from "node:fs";
import {
  ParseOption,
  XmlBufferInputProvider,
  XmlDocument,
  XmlError,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from "libxml2-wasm";

/** What libxml2 makes of a document. */
export interface Judgement {
  /** Namespaces included. */
  readonly wellFormed: boolean;
  readonly schemaValid: boolean;
  /** Everything libxml2 complains about; empty for valid documents. */
  readonly error: string;
}

const published = new URL("../../../shared/reference/schemas/", import.meta.url);
const own = new URL("../../schemas/", import.meta.url);

/** Our files are structurally equal to the published ones, so they do where those are not at hand. */
function schemaFile([publishedName, ownName]: readonly [string, string]): Uint8Array {
  const url = new URL(publishedName, published);
  return readFileSync(existsSync(url) ? url : new URL(ownName, own));
}

const location = (name: string): string => `urn:schemas/${name}`;

const schemas = {
  taxii10: { namespace: "http://taxii.mitre.org/messages/taxii_xml_binding-1", files: ["published-taxii-1.0.xsd", "taxii-1.0.xsd"] },
  taxii11: { namespace: "http://taxii.mitre.org/messages/taxii_xml_binding-1.1", files: ["published-taxii-1.1.xsd", "taxii-1.1.xsd"] },
  defaultQuery: {
    namespace: "http://taxii.mitre.org/query/taxii_default_query-1",
    files: ["published-default-query-1.0.xsd", "default-query-1.0.xsd"],
  },
} as const;

/** A schema that can be asked for. */
export type SchemaName = keyof typeof schemas;

const dsigLocation = "http://www.w3.org/TR/xmldsig-core/xmldsig-core-schema.xsd";

function loadSchemas(names: readonly SchemaName[]): XsdValidator {
  const buffers: Record<string, Uint8Array> = { [dsigLocation]: schemaFile(["xmldsig-core.xsd", "xmldsig-core.xsd"]) };
  for (const name of names) buffers[location(name)] = schemaFile(schemas[name].files);
  xmlRegisterInputProvider(new XmlBufferInputProvider(buffers));
  const imports = names.map((name) => `<xs:import namespace="${schemas[name].namespace}" schemaLocation="${location(name)}"/>`);
  const document = XmlDocument.fromString(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join("")}</xs:schema>`, {
    url: location("all"),
  });
  try {
    return XsdValidator.fromDoc(document);
  } finally {
    document.dispose();
    xmlCleanupInputProvider();
  }
}

/** No network and no files for what a document asks for; places beyond line 65535. */
const parseOptions = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_BIG_LINES;

/** Judges documents by some schemas. Disposing it frees the schemas. */
export class Judge implements Disposable {
  readonly #validator: XsdValidator;

  /** @param names the schemas; that of signatures is always there. Default: TAXII 1.0 and 1.1. */
  constructor(names: readonly SchemaName[] = ["taxii10", "taxii11"]) {
    this.#validator = loadSchemas(names);
  }

  judge(document: string | Uint8Array): Judgement {
    let parsed: XmlDocument | undefined;
    try {
      parsed = parseXml(document);
      this.#validator.validate(parsed);
      return { wellFormed: true, schemaValid: true, error: "" };
    } catch (error) {
      // A plain XmlError is thrown for what the validator cannot walk: references to entities.
      if (!(error instanceof XmlError)) throw error;
      return { wellFormed: parsed !== undefined, schemaValid: false, error: error.message };
    } finally {
      parsed?.dispose();
    }
  }

  [Symbol.dispose](): void {
    this.#validator.dispose();
  }
}

/** A document of libxml2; to be disposed. @throws XmlParseError when it is not well-formed */
export function parseXml(document: string | Uint8Array): XmlDocument {
  const options = { option: parseOptions };
  return typeof document === "string" ? XmlDocument.fromString(document, options) : XmlDocument.fromBuffer(document, options);
}
