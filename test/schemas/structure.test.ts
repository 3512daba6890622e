import { existsSync, readFileSync } from "node:fs";
import {
  ParseOption,
  XmlBufferInputProvider,
  XmlCData,
  XmlDocument,
  XmlElement,
  XmlText,
  XsdValidator,
  xmlCleanupInputProvider,
  xmlRegisterInputProvider,
} from "libxml2-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const XSD_NAMESPACE = "http://www.w3.org/2001/XMLSchema";
const XMLDSIG_LOCATION = "http://www.w3.org/TR/xmldsig-core/xmldsig-core-schema.xsd";

const ownDirectory = new URL("../../schemas/", import.meta.url);
const publishedDirectory = new URL("../../../shared/reference/schemas/", import.meta.url);

const TAXII_10 = "taxii-1.0.xsd";
const TAXII_11 = "taxii-1.1.xsd";
const DEFAULT_QUERY = "default-query-1.0.xsd";
const XMLDSIG = "xmldsig-core.xsd";

const publishedNames = new Map([
  [TAXII_10, "published-taxii-1.0.xsd"],
  [TAXII_11, "published-taxii-1.1.xsd"],
  [DEFAULT_QUERY, "published-default-query-1.0.xsd"],
  [XMLDSIG, "xmldsig-core.xsd"],
]);
const allFiles = [...publishedNames.keys()];
const documentedFiles = [TAXII_10, TAXII_11, DEFAULT_QUERY];

const publishedMissing = [...publishedNames.values()].filter((name) => !existsSync(new URL(name, publishedDirectory)));
const withoutPublished = publishedMissing.length > 0;
if (withoutPublished) {
  console.warn(`Published schemas not at hand (${publishedMissing.join(", ")}): comparison with them is skipped.`);
}
const publishedSuiteName = (name: string): string => (withoutPublished ? `${name} (SKIPPED: published schemas not at hand)` : name);

const readOwn = (name: string): string => readFileSync(new URL(name, ownDirectory), "utf8");
const readPublished = (name: string): Uint8Array => readFileSync(new URL(publishedNames.get(name) ?? name, publishedDirectory));

/** A schema component with annotations gone, names resolved and defaults spelled out. */
interface Component {
  readonly kind: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly Component[];
}

type Scope = Readonly<Record<string, string>>;

const OCCURRENCE = { minOccurs: "1", maxOccurs: "1" };
const PARTICLES = new Set(["element", "group", "sequence", "choice", "all", "any"]);
const QNAME_ATTRIBUTES = new Set(["type", "base", "ref", "refer", "itemType", "substitutionGroup", "memberTypes"]);
const DEFAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  schema: { elementFormDefault: "unqualified", attributeFormDefault: "unqualified" },
  complexType: { mixed: "false", abstract: "false" },
  element: { abstract: "false", nillable: "false" },
  any: { namespace: "##any", processContents: "strict" },
  anyAttribute: { namespace: "##any", processContents: "strict" },
};

function withDocument<T>(source: string | Uint8Array, use: (document: XmlDocument) => T): T {
  // The published signature schema has a DOCTYPE; its external part must not be fetched.
  const option: ParseOption = ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE;
  const document = typeof source === "string" ? XmlDocument.fromString(source, { option }) : XmlDocument.fromBuffer(source, { option });
  try {
    return use(document);
  } finally {
    document.dispose();
  }
}

function childElements(element: XmlElement): XmlElement[] {
  const found: XmlElement[] = [];
  for (let node = element.firstChild; node !== null; node = node.next) {
    if (node instanceof XmlElement) {
      found.push(node);
    } else if ((node instanceof XmlText || node instanceof XmlCData) && node.content.trim() !== "") {
      throw new Error(`Text "${node.content.trim()}" in <${element.name}>`);
    }
  }
  return found;
}

const isXsd = (element: XmlElement, name: string): boolean => element.namespaceUri === XSD_NAMESPACE && element.name === name;

function resolveQName(qname: string, scope: Scope): string {
  const [first = "", second] = qname.split(":");
  const prefix = second === undefined ? "" : first;
  const namespace = scope[prefix];
  if (namespace === undefined && prefix !== "") {
    throw new Error(`Undeclared prefix in ${qname}`);
  }
  return `{${namespace ?? ""}}${second ?? first}`;
}

function normaliseAttributes(element: XmlElement, scope: Scope): Record<string, string> {
  const isGlobal = element.parent !== null && isXsd(element.parent, "schema");
  const values = new Map<string, string>(Object.entries(DEFAULTS[element.name] ?? {}));
  if (!isGlobal && PARTICLES.has(element.name)) {
    for (const [name, value] of Object.entries(OCCURRENCE)) values.set(name, value);
  }
  if (!isGlobal && element.name === "attribute") values.set("use", "optional");
  for (const attribute of element.attrs) {
    const name = attribute.namespaceUri === "" ? attribute.name : `{${attribute.namespaceUri}}${attribute.name}`;
    const value = QNAME_ATTRIBUTES.has(name)
      ? attribute.value
          .trim()
          .split(/\s+/u)
          .map((qname) => resolveQName(qname, scope))
          .join(" ")
      : attribute.value;
    values.set(name, value);
  }
  return Object.fromEntries([...values].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function normalise(element: XmlElement, outerScope: Scope = {}): Component {
  const scope = { ...outerScope, ...element.nsDeclarations };
  return {
    kind: element.namespaceUri === XSD_NAMESPACE ? element.name : `{${element.namespaceUri}}${element.name}`,
    attributes: normaliseAttributes(element, scope),
    children: childElements(element)
      .filter((child) => !isXsd(child, "annotation"))
      .map((child) => normalise(child, scope)),
  };
}

const structureOf = (source: string | Uint8Array): Component => withDocument(source, (document) => normalise(document.root));

const countComponents = (component: Component): number => component.children.reduce((sum, child) => sum + countComponents(child), 1);

const xsd = { xs: XSD_NAMESPACE };
const singleSpaced = (text: string): string => text.replace(/\s+/gu, " ").trim();

function documentationOf(source: string | Uint8Array): string[] {
  return withDocument(source, (document) => document.find("//xs:documentation", xsd).map((node) => singleSpaced(node.content)));
}

function pathOf(element: XmlElement): string {
  const steps: string[] = [];
  for (let node: XmlElement | null = element; node !== null; node = node.parent) {
    const label = node.attr("name") ?? node.attr("ref") ?? node.attr("value");
    if (label !== null) steps.unshift(label.value);
  }
  return steps.join("/");
}

function undocumented(source: string): string[] {
  return withDocument(source, (document) =>
    document
      .find(
        [
          "//xs:element",
          "//xs:attribute",
          "//xs:enumeration",
          "//xs:complexType[@name]",
          "//xs:simpleType[@name]",
          "/xs:schema/xs:group",
        ].join(" | "),
        xsd,
      )
      .filter((node) => node instanceof XmlElement)
      .filter(
        (element) =>
          !childElements(element).some(
            (child) =>
              isXsd(child, "annotation") && childElements(child).some((part) => isXsd(part, "documentation") && part.content.trim() !== ""),
          ),
      )
      .map((element) => `${element.name} ${pathOf(element)}`),
  );
}

describe.skipIf(withoutPublished)(publishedSuiteName("structure against the published schemas"), () => {
  it.each(allFiles)("%s declares exactly what the published schema declares", (file) => {
    const published = structureOf(readPublished(file));
    const own = structureOf(readOwn(file));
    expect(countComponents(published)).toBeGreaterThan(30);
    expect(own).toEqual(published);
  });

  it.each(allFiles)("%s declares the same components in the same order", (file) => {
    const names = (component: Component): string[] => component.children.map((child) => `${child.kind} ${child.attributes.name ?? ""}`);
    expect(names(structureOf(readOwn(file)))).toEqual(names(structureOf(readPublished(file))));
  });
});

describe.skipIf(withoutPublished)(publishedSuiteName("wording against the published schemas"), () => {
  const comparable = (text: string): string =>
    singleSpaced(text)
      .toLowerCase()
      .replace(/[.!?;:,]+$/u, "");

  it("shares no sentence with them", () => {
    const publishedText = allFiles
      .flatMap((file) => documentationOf(readPublished(file)))
      .map((text) => text.toLowerCase())
      .join("\n");
    expect(publishedText.length).toBeGreaterThan(1000);

    const sentences = allFiles
      .flatMap((file) => documentationOf(readOwn(file)))
      .flatMap((text) => text.split(/(?<=[.!?])\s+/u))
      .map(comparable)
      .filter((sentence) => sentence.length > 30);
    expect(sentences.length).toBeGreaterThan(200);

    expect(sentences.filter((sentence) => publishedText.includes(sentence))).toEqual([]);
  });

  it("shares no run of seven words with them", () => {
    const runs = (text: string): string[] => {
      const words = text.toLowerCase().match(/[\p{L}\p{N}_']+/gu) ?? [];
      return words.slice(6).map((_, start) => words.slice(start, start + 7).join(" "));
    };
    const published = new Set(allFiles.flatMap((file) => documentationOf(readPublished(file))).flatMap(runs));
    const own = allFiles.flatMap((file) => documentationOf(readOwn(file))).flatMap(runs);
    expect(own.filter((run) => published.has(run))).toEqual([]);
  });
});

describe("documentation", () => {
  it.each(documentedFiles)("%s documents every declaration", (file) => {
    expect(undocumented(readOwn(file))).toEqual([]);
  });

  it("notices a declaration without documentation", () => {
    const text = readOwn(DEFAULT_QUERY).replace(/(<xs:attribute name="negate"[^>]*>)\s*<xs:annotation>.*?<\/xs:annotation>/su, "$1");
    expect(undocumented(text)).toEqual(["attribute CriterionType/negate"]);
  });

  it.each(allFiles)("%s has texts that fit into a source comment", (file) => {
    const texts = documentationOf(readOwn(file));
    expect(texts.filter((text) => text === "" || /\*\/|[@{}<>]/u.test(text))).toEqual([]);
    expect(texts.filter((text) => !/[.]$/u.test(text))).toEqual([]);
  });

  it.each(allFiles)("%s has no byte order mark, DOCTYPE or appinfo", (file) => {
    const text = readOwn(file);
    expect(text.startsWith("<?xml ")).toBe(true);
    expect(text).not.toMatch(/<!DOCTYPE|xs:appinfo/u);
  });
});

describe("validity", () => {
  beforeAll(() => {
    const signatures = readFileSync(new URL(XMLDSIG, ownDirectory));
    xmlRegisterInputProvider(new XmlBufferInputProvider({ [XMLDSIG_LOCATION]: signatures }));
  });
  afterAll(() => {
    xmlCleanupInputProvider();
  });

  it.each(allFiles)("%s compiles as a schema", (file) => {
    withDocument(readOwn(file), (document) => {
      XsdValidator.fromDoc(document).dispose();
    });
  });
});

describe("the comparison", () => {
  const harmful: readonly (readonly [string, string, string, string])[] = [
    ["a pattern", TAXII_10, 'value="[0-9]+"', 'value="[0-9]*"'],
    ["an enumeration value", TAXII_11, 'value="PENDING"', 'value="PENDING_"'],
    ["minOccurs", TAXII_11, 'name="Query" type="taxii:QueryType" minOccurs="0"', 'name="Query" type="taxii:QueryType"'],
    ["maxOccurs", TAXII_10, ' maxOccurs="unbounded"', ' maxOccurs="2"'],
    ["occurrence of a group of particles", DEFAULT_QUERY, '<xs:choice maxOccurs="unbounded">', "<xs:choice>"],
    ["an attribute default", TAXII_11, 'default="DATA_FEED"', 'default="DATA_SET"'],
    ["an element default", TAXII_11, ' default="FULL"', ""],
    ["attribute use", TAXII_10, 'name="subscription_id" type="xs:anyURI"', 'name="subscription_id" type="xs:anyURI" use="required"'],
    ["wildcard processing", TAXII_11, 'processContents="lax"', 'processContents="skip"'],
    ["a wildcard namespace", XMLDSIG, 'namespace="##other"', 'namespace="##any"'],
    ["a type", TAXII_11, 'name="binding_id" type="xs:string"', 'name="binding_id" type="xs:anyURI"'],
    ["a base type", TAXII_11, 'base="xs:nonNegativeInteger"', 'base="xs:integer"'],
    ["a union member", TAXII_10, "taxii:StatusTypeEnum taxii:CustomStatusType", "taxii:StatusTypeEnum xs:anyURI"],
    ["mixed content", TAXII_10, ' mixed="true"', ""],
    ["abstractness", TAXII_11, ' abstract="true"', ""],
    ["a substitution group", TAXII_11, ' substitutionGroup="taxii:TAXII_Message"', ""],
    ["an import location", TAXII_10, XMLDSIG_LOCATION, "xmldsig-core.xsd"],
    ["the meaning of a prefix", DEFAULT_QUERY, 'xmlns:tdq="http://taxii.mitre.org/query/', 'xmlns:tdq="http://taxii.example/query/'],
    ["form of elements", DEFAULT_QUERY, 'elementFormDefault="qualified"', ""],
  ];

  it.each(harmful)("notices a change of %s", (_, file, from, to) => {
    const original = readOwn(file);
    expect(original).toContain(from);
    const changed = original.replace(from, () => to);
    expect(structureOf(changed)).not.toEqual(structureOf(original));
  });

  it("notices a choice that became a sequence", () => {
    const original = readOwn(TAXII_11);
    expect(original).toContain("<xs:choice>");
    const changed = original.replaceAll("xs:choice>", "xs:sequence>");
    expect(structureOf(changed)).not.toEqual(structureOf(original));
  });

  it("notices a change of order", () => {
    const original = readOwn(DEFAULT_QUERY);
    const swapped = original
      .replace('name="Preferred_Scope"', 'name="Swap"')
      .replace('name="Allowed_Scope"', 'name="Preferred_Scope"')
      .replace('name="Swap"', 'name="Allowed_Scope"');
    expect(structureOf(swapped)).not.toEqual(structureOf(original));
  });

  const harmless: readonly (readonly [string, string, string, string])[] = [
    ["a documentation text", DEFAULT_QUERY, "A single condition.", "One condition."],
    ["a comment", TAXII_10, "<!-- Shared types -->", "<!-- Other -->"],
    ["the order of attributes", DEFAULT_QUERY, 'name="Target" type="xs:string"', 'type="xs:string" name="Target"'],
    ["a spelled-out occurrence", DEFAULT_QUERY, 'name="Target"', 'maxOccurs="1" name="Target" minOccurs="1"'],
  ];

  it.each(harmless)("is not disturbed by a change of %s", (_, file, from, to) => {
    const original = readOwn(file);
    expect(original).toContain(from);
    expect(structureOf(original.replace(from, () => to))).toEqual(structureOf(original));
  });

  it("is not disturbed by a change of prefix", () => {
    const original = readOwn(DEFAULT_QUERY);
    const renamed = original.replaceAll("tdq:", "q:").replace("xmlns:tdq=", "xmlns:q=");
    expect(structureOf(renamed)).toEqual(structureOf(original));
  });
});
