/** What a schema file says: its declarations, as written. Anything the generator does not understand stops it, by file and line. */

import { collapse } from "../src/characters.js";
import { decode } from "../src/xml/decode.js";
import { defaultLimits } from "../src/xml/limits.js";
import { parseTree, type XmlElement } from "../src/xml/tree.js";

export const xsdNamespace = "http://www.w3.org/2001/XMLSchema";

/** A name in a namespace. */
export interface QName {
  readonly namespace: string;
  readonly local: string;
}

/** Where a declaration stands, for messages. */
export interface Origin {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

interface Declared {
  readonly doc: string;
  readonly at: Origin;
}

interface Occurs {
  readonly min: number;
  /** Number.POSITIVE_INFINITY for unbounded. */
  readonly max: number;
}

export type Particle =
  | ({ readonly kind: "element" } & ElementDeclaration & Occurs)
  | ({ readonly kind: "reference"; readonly ref: QName } & Occurs & Declared)
  | ({ readonly kind: "sequence" | "choice"; readonly parts: readonly Particle[] } & Occurs & Declared)
  | ({ readonly kind: "group"; readonly ref: QName } & Occurs & Declared)
  | ({ readonly kind: "any"; readonly namespace: "##any" | "##other"; readonly process: "lax" | "skip" | "strict" } & Occurs & Declared);

export interface ElementDeclaration extends Declared {
  readonly name: string;
  /** A named type, or the type declared in place. */
  readonly type: QName | ComplexType | SimpleType;
  readonly default: string | undefined;
  readonly abstract: boolean;
  readonly substitutes: QName | undefined;
}

export interface AttributeDeclaration extends Declared {
  readonly name: string;
  readonly type: QName | SimpleType;
  readonly required: boolean;
  readonly default: string | undefined;
}

export interface ComplexType extends Declared {
  readonly kind: "complex";
  /** Empty for types declared in place. */
  readonly name: string;
  readonly mixed: boolean;
  readonly abstract: boolean;
  /** The type that is extended. */
  readonly base: QName | undefined;
  /** Whether the content is text of `base`. */
  readonly simpleContent: boolean;
  readonly particle: Particle | undefined;
  readonly attributes: readonly AttributeDeclaration[];
}

export interface SimpleType extends Declared {
  readonly kind: "simple";
  /** Empty for types declared in place. */
  readonly name: string;
  readonly variety:
    | {
        readonly kind: "restriction";
        readonly base: QName;
        readonly patterns: readonly string[];
        readonly values: readonly EnumerationValue[];
      }
    | { readonly kind: "union"; readonly members: readonly QName[] };
}

export interface EnumerationValue extends Declared {
  readonly value: string;
}

/** One schema file. Maps keep the order of declaration. */
export interface SchemaFile {
  readonly file: string;
  readonly namespace: string;
  readonly doc: string;
  /** Namespaces that are imported. */
  readonly imports: readonly { readonly namespace: string; readonly at: Origin }[];
  readonly elements: ReadonlyMap<string, ElementDeclaration>;
  readonly complexTypes: ReadonlyMap<string, ComplexType>;
  readonly simpleTypes: ReadonlyMap<string, SimpleType>;
  readonly groups: ReadonlyMap<string, Particle>;
}

/** A schema the generator cannot handle. */
export class SchemaError extends Error {
  constructor(reason: string, at: Origin) {
    super(`${at.file}:${at.line}:${at.column}: ${reason}`);
    this.name = "SchemaError";
  }
}

/** Reads one schema file. */
export function readSchema(file: string, bytes: Uint8Array): SchemaFile {
  return new SchemaReader(file).read(parseTree(decode(bytes), { limits: defaultLimits, onRefused: () => {} }));
}

class SchemaReader {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  read(root: XmlElement): SchemaFile {
    if (root.namespace !== xsdNamespace || root.local !== "schema") throw this.#error("the root is no xs:schema", root);
    this.#allow(root, ["targetNamespace", "elementFormDefault", "attributeFormDefault", "version", "id"]);
    const namespace = attribute(root, "targetNamespace");
    if (namespace === undefined) throw this.#error("a schema without target namespace is unsupported", root);
    if (attribute(root, "elementFormDefault") !== "qualified") throw this.#error("only elementFormDefault=qualified is supported", root);
    if ((attribute(root, "attributeFormDefault") ?? "unqualified") !== "unqualified")
      throw this.#error("only unqualified attributes are supported", root);
    const elements = new Map<string, ElementDeclaration>();
    const complexTypes = new Map<string, ComplexType>();
    const simpleTypes = new Map<string, SimpleType>();
    const groups = new Map<string, Particle>();
    const imports: { namespace: string; at: Origin }[] = [];
    for (const child of this.#children(root)) {
      switch (child.local) {
        case "import":
          imports.push({ namespace: this.#require(child, "namespace"), at: this.#at(child) });
          break;
        case "element":
          elements.set(this.#require(child, "name"), this.#element(child, ["abstract", "substitutionGroup"]));
          break;
        case "complexType":
          complexTypes.set(this.#require(child, "name"), this.#complexType(child));
          break;
        case "simpleType":
          simpleTypes.set(this.#require(child, "name"), this.#simpleType(child));
          break;
        case "group":
          groups.set(this.#require(child, "name"), this.#groupBody(child));
          break;
        default:
          throw this.#unsupported(child);
      }
    }
    return { file: this.#file, namespace, doc: documentation(root), imports, elements, complexTypes, simpleTypes, groups };
  }

  #element(node: XmlElement, more: readonly string[]): ElementDeclaration {
    this.#allow(node, ["name", "type", "default", "minOccurs", "maxOccurs", "id", ...more]);
    const inPlace = this.#children(node);
    const [body] = inPlace;
    const named = attribute(node, "type");
    if (inPlace.length > 1 || (named !== undefined && body !== undefined)) throw this.#error("an element has one type", node);
    return {
      name: this.#require(node, "name"),
      type: named === undefined ? this.#inlineType(node, body) : this.#qname(node, named),
      default: attribute(node, "default"),
      abstract: attribute(node, "abstract") === "true",
      substitutes: this.#optionalQName(node, "substitutionGroup"),
      ...this.#declared(node),
    };
  }

  #inlineType(node: XmlElement, body: XmlElement | undefined): ComplexType | SimpleType {
    if (body?.local === "complexType") return this.#complexType(body);
    if (body?.local === "simpleType") return this.#simpleType(body);
    throw this.#error("an element without type is unsupported", node);
  }

  #complexType(node: XmlElement): ComplexType {
    this.#allow(node, ["name", "mixed", "abstract", "id"]);
    const children = this.#children(node);
    const derived = children.find(({ local }) => local === "complexContent" || local === "simpleContent");
    if (derived !== undefined) {
      if (children.length > 1) throw this.#unsupported(node);
      return this.#derivedType(node, derived);
    }
    return { ...this.#typeHead(node), base: undefined, simpleContent: false, ...this.#typeBody(children) };
  }

  #derivedType(node: XmlElement, derived: XmlElement): ComplexType {
    this.#allow(derived, ["id"]);
    const [extension, ...others] = this.#children(derived);
    if (extension?.local !== "extension" || others.length > 0) throw this.#unsupported(extension ?? derived);
    this.#allow(extension, ["base", "id"]);
    return {
      ...this.#typeHead(node),
      base: this.#qname(extension, this.#require(extension, "base")),
      simpleContent: derived.local === "simpleContent",
      ...this.#typeBody(this.#children(extension)),
    };
  }

  #typeHead(node: XmlElement): Pick<ComplexType, "kind" | "name" | "mixed" | "abstract" | "doc" | "at"> {
    return {
      kind: "complex",
      name: attribute(node, "name") ?? "",
      mixed: attribute(node, "mixed") === "true",
      abstract: attribute(node, "abstract") === "true",
      ...this.#declared(node),
    };
  }

  #typeBody(children: readonly XmlElement[]): Pick<ComplexType, "particle" | "attributes"> {
    const [first, ...rest] = children;
    const hasParticle = first !== undefined && first.local !== "attribute";
    const attributes = hasParticle ? rest : children;
    return {
      particle: hasParticle ? this.#particle(first) : undefined,
      attributes: attributes.map((node) => this.#attribute(node)),
    };
  }

  #attribute(node: XmlElement): AttributeDeclaration {
    if (node.local !== "attribute") throw this.#unsupported(node);
    this.#allow(node, ["name", "type", "use", "default", "id"]);
    const [body, ...others] = this.#children(node);
    if (others.length > 0 || (body !== undefined && body.local !== "simpleType")) throw this.#unsupported(node);
    const use = attribute(node, "use") ?? "optional";
    if (use !== "optional" && use !== "required") throw this.#error(`use="${use}" is unsupported`, node);
    return {
      name: this.#require(node, "name"),
      type: body === undefined ? this.#qname(node, this.#require(node, "type")) : this.#simpleType(body),
      required: use === "required",
      default: attribute(node, "default"),
      ...this.#declared(node),
    };
  }

  #groupBody(node: XmlElement): Particle {
    this.#allow(node, ["name", "id"]);
    const [body, ...others] = this.#children(node);
    if (body === undefined || others.length > 0) throw this.#unsupported(node);
    return this.#particle(body);
  }

  #particle(node: XmlElement): Particle {
    const common = { ...this.#occurs(node), ...this.#declared(node) };
    switch (node.local) {
      case "element":
        if (attribute(node, "ref") === undefined) return { ...this.#element(node, []), ...this.#occurs(node), kind: "element" };
        this.#allow(node, ["ref", "minOccurs", "maxOccurs", "id"]);
        return { kind: "reference", ref: this.#qname(node, this.#require(node, "ref")), ...common };
      case "sequence":
      case "choice":
        this.#allow(node, ["minOccurs", "maxOccurs", "id"]);
        return { kind: node.local, parts: this.#children(node).map((part) => this.#particle(part)), ...common };
      case "group":
        this.#allow(node, ["ref", "minOccurs", "maxOccurs", "id"]);
        return { kind: "group", ref: this.#qname(node, this.#require(node, "ref")), ...common };
      case "any":
        return { ...this.#wildcard(node), ...common };
      default:
        throw this.#unsupported(node);
    }
  }

  #wildcard(node: XmlElement): { kind: "any"; namespace: "##any" | "##other"; process: "lax" | "skip" | "strict" } {
    this.#allow(node, ["namespace", "processContents", "minOccurs", "maxOccurs", "id"]);
    const namespace = attribute(node, "namespace") ?? "##any";
    const process = attribute(node, "processContents") ?? "strict";
    if (namespace !== "##any" && namespace !== "##other") throw this.#error(`a wildcard for ${namespace} is unsupported`, node);
    if (process !== "lax" && process !== "skip" && process !== "strict")
      throw this.#error(`processContents="${process}" is no such value`, node);
    return { kind: "any", namespace, process };
  }

  #simpleType(node: XmlElement): SimpleType {
    this.#allow(node, ["name", "id"]);
    const [body, ...others] = this.#children(node);
    if (body === undefined || others.length > 0) throw this.#unsupported(node);
    return { kind: "simple", name: attribute(node, "name") ?? "", variety: this.#variety(body), ...this.#declared(node) };
  }

  #variety(node: XmlElement): SimpleType["variety"] {
    if (node.local === "union") {
      this.#allow(node, ["memberTypes", "id"]);
      if (this.#children(node).length > 0) throw this.#error("a union of types declared in place is unsupported", node);
      const members = this.#require(node, "memberTypes").trim().split(/\s+/);
      return { kind: "union", members: members.map((member) => this.#qname(node, member)) };
    }
    if (node.local !== "restriction") throw this.#unsupported(node);
    this.#allow(node, ["base", "id"]);
    const facets = this.#children(node);
    const other = facets.find(({ local }) => local !== "pattern" && local !== "enumeration");
    if (other !== undefined) throw this.#unsupported(other);
    return {
      kind: "restriction",
      base: this.#qname(node, this.#require(node, "base")),
      patterns: facets.filter(({ local }) => local === "pattern").map((facet) => this.#require(facet, "value")),
      values: facets
        .filter(({ local }) => local === "enumeration")
        .map((facet) => ({ value: this.#require(facet, "value"), ...this.#declared(facet) })),
    };
  }

  #occurs(node: XmlElement): Occurs {
    const max = attribute(node, "maxOccurs") ?? "1";
    const occurs = { min: Number(attribute(node, "minOccurs") ?? "1"), max: max === "unbounded" ? Number.POSITIVE_INFINITY : Number(max) };
    const whole = Number.isInteger(occurs.min) && (occurs.max === Number.POSITIVE_INFINITY || Number.isInteger(occurs.max));
    if (!whole || occurs.min < 0 || occurs.max < Math.max(occurs.min, 1)) throw this.#error("minOccurs and maxOccurs do not fit", node);
    return occurs;
  }

  /** Children of the schema language without annotations. */
  #children(node: XmlElement): XmlElement[] {
    return node.children.filter((child) => {
      if (child.namespace !== xsdNamespace) throw this.#unsupported(child);
      return child.local !== "annotation";
    });
  }

  #allow(node: XmlElement, names: readonly string[]): void {
    for (const { namespace, local } of node.attributes) {
      if (namespace === "" && !names.includes(local)) throw this.#error(`the attribute ${local} of xs:${node.local} is unsupported`, node);
    }
  }

  #require(node: XmlElement, name: string): string {
    const value = attribute(node, name);
    if (value === undefined) throw this.#error(`xs:${node.local} lacks the attribute ${name}`, node);
    return value;
  }

  #qname(node: XmlElement, text: string): QName {
    const colon = text.indexOf(":");
    const prefix = colon < 0 ? "" : text.slice(0, colon);
    const namespace = node.resolve(prefix);
    if (namespace === undefined && prefix !== "") throw this.#error(`the prefix ${prefix} is not declared`, node);
    return { namespace: namespace ?? "", local: text.slice(colon + 1) };
  }

  #optionalQName(node: XmlElement, name: string): QName | undefined {
    const text = attribute(node, name);
    return text === undefined ? undefined : this.#qname(node, text);
  }

  #declared(node: XmlElement): Declared {
    return { doc: documentation(node), at: this.#at(node) };
  }

  #at(node: XmlElement): Origin {
    return { file: this.#file, ...node.place };
  }

  #error(reason: string, node: XmlElement): SchemaError {
    return new SchemaError(reason, this.#at(node));
  }

  #unsupported(node: XmlElement): SchemaError {
    return this.#error(`xs:${node.local} is unsupported here`, node);
  }
}

function attribute(node: XmlElement, name: string): string | undefined {
  return node.attributes.find(({ namespace, local }) => namespace === "" && local === name)?.value;
}

function documentation(node: XmlElement): string {
  const annotations = node.children.filter(({ namespace, local }) => namespace === xsdNamespace && local === "annotation");
  const texts = annotations.flatMap(({ children }) =>
    children.filter(({ namespace, local }) => namespace === xsdNamespace && local === "documentation"),
  );
  return texts.map(({ text }) => collapse(text)).join(" ");
}
