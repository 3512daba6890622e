/** Documents as trees that can be changed, and written in the many ways XML has to say the same. */

import { SaxesParser } from "saxes";
import { escapeAttribute, escapeText } from "../../src/xml/escape.js";
import { xmlNamespace } from "../../src/xml/names.js";
import type { Dice } from "./dice.js";

export interface Attribute {
  namespace: string;
  local: string;
  value: string;
  /** Of values that are qualified names: the namespace, for which a prefix is put before the value. */
  of?: string;
}

export interface Element {
  readonly kind: "element";
  namespace: string;
  local: string;
  attributes: Attribute[];
  children: Node[];
}

export interface Text {
  readonly kind: "text";
  text: string;
  cdata: boolean;
}

/** A comment or a processing instruction, as written. */
export interface Other {
  readonly kind: "other";
  markup: string;
}

export type Node = Element | Text | Other;

const xmlnsNamespace = "http://www.w3.org/2000/xmlns/";

/** The tree of a well-formed document; namespace declarations are gone. */
export function parse(document: string): Element {
  const parser = new SaxesParser({ xmlns: true });
  const root: Element = { kind: "element", namespace: "", local: "", attributes: [], children: [] };
  const open: Element[] = [root];
  const add = (node: Node): void => {
    open.at(-1)?.children.push(node);
  };
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ uri, local, attributes }) => {
    const own = Object.values(attributes).filter((attribute) => attribute.uri !== xmlnsNamespace);
    const element: Element = {
      kind: "element",
      namespace: uri,
      local,
      attributes: own.map((attribute) => ({ namespace: attribute.uri, local: attribute.local, value: attribute.value })),
      children: [],
    };
    add(element);
    open.push(element);
  });
  parser.on("closetag", () => open.pop());
  parser.on("text", (text) => add({ kind: "text", text, cdata: false }));
  parser.on("cdata", (text) => add({ kind: "text", text, cdata: true }));
  parser.on("comment", (text) => add({ kind: "other", markup: `<!--${text}-->` }));
  parser.on("processinginstruction", ({ target, body }) => add({ kind: "other", markup: `<?${target} ${body}?>` }));
  parser.write(document).close();
  const [element] = root.children.filter(isElement);
  if (element === undefined) throw new TypeError("a document has a root");
  return element;
}

export function isElement(node: Node): node is Element {
  return node.kind === "element";
}

/** An element and all elements within. */
export function elementsOf(root: Element): Element[] {
  return [root, ...root.children.filter(isElement).flatMap(elementsOf)];
}

export function copyOf<T extends Node>(node: T): T {
  return structuredClone(node);
}

const prefixPool = ["t", "taxii", "taxii_11", "ds", "a", "é", "_", "xsi", "ns0"];

/** Prefixes in scope; the empty one is the default namespace. */
type Scope = ReadonlyMap<string, string>;

/**
 * Writes a tree. Prefixes, default namespaces, quotes, white space in tags, references and CDATA sections are as `dice`
 * fall; without it, plainly.
 */
export function write(root: Element, dice?: Dice): string {
  const declaration =
    dice === undefined || dice.once(2)
      ? ""
      : dice.pick(['<?xml version="1.0"?>', "<?xml version='1.0' encoding='UTF-8' ?>\n", "<!-- c -->\n<?p?>"]);
  return (
    declaration +
    writeElement(
      root,
      new Map([
        ["xml", xmlNamespace],
        ["", ""],
      ]),
      dice,
    )
  );
}

function writeElement(element: Element, outer: Scope, dice: Dice | undefined): string {
  const scope = new Map(outer);
  const declared = new Map<string, string>();
  const declare = (prefix: string, namespace: string): string => {
    scope.set(prefix, namespace);
    declared.set(prefix, namespace);
    return prefix;
  };
  const tag = qualified(elementPrefix(element.namespace, scope, declare, dice), element.local);
  const attributes = element.attributes.map(({ namespace, local, value, of }) => {
    const name = qualified(attributePrefix(namespace, scope, declare), local);
    return [name, of === undefined ? value : qualified(attributePrefix(of, scope, declare), value)] as const;
  });
  const declarations = [...declared].map(([prefix, namespace]) => [prefix === "" ? "xmlns" : `xmlns:${prefix}`, namespace] as const);
  const all = dice?.once(2) === true ? [...attributes, ...declarations] : [...declarations, ...attributes];
  const start = tag + all.map(([name, value]) => writeAttribute(name, value, dice)).join("");
  const inside = element.children.map((child) => writeNode(child, scope, dice)).join("");
  if (inside === "" && dice?.once(4) !== true) return `<${start}${dice?.once(4) === true ? " " : ""}/>`;
  return `<${start}>${inside}</${tag}${dice?.once(8) === true ? "\n" : ""}>`;
}

type Declare = (prefix: string, namespace: string) => string;

function elementPrefix(namespace: string, scope: Scope, declare: Declare, dice: Dice | undefined): string {
  if (namespace === "") return scope.get("") === "" ? "" : declare("", "");
  const bound = [...scope].filter(([, bound]) => bound === namespace).map(([prefix]) => prefix);
  if (bound.length > 0 && dice?.once(6) !== true) return dice?.pick(bound) ?? bound[0] ?? "";
  return dice?.once(2) === true || namespace === xmlNamespace
    ? declare("", namespace)
    : declare(dice?.pick(prefixPool) ?? `n${scope.size}`, namespace);
}

function attributePrefix(namespace: string, scope: Scope, declare: Declare): string {
  if (namespace === "") return "";
  if (namespace === xmlNamespace) return "xml";
  const bound = [...scope].find(([prefix, bound]) => bound === namespace && prefix !== "");
  if (bound !== undefined) return bound[0];
  let prefix = "x";
  while (scope.has(prefix)) prefix += "x";
  return declare(prefix, namespace);
}

const qualified = (prefix: string, local: string): string => (prefix === "" ? local : `${prefix}:${local}`);

function writeAttribute(name: string, value: string, dice: Dice | undefined): string {
  const space = dice?.once(10) === true ? "\n\t" : " ";
  const equals = dice?.once(10) === true ? " = " : "=";
  const escaped = escapeAttribute(value);
  return dice?.once(3) === true ? `${space}${name}${equals}'${escaped.replaceAll("'", "&apos;")}'` : `${space}${name}${equals}"${escaped}"`;
}

function writeNode(node: Node, scope: Scope, dice: Dice | undefined): string {
  switch (node.kind) {
    case "element":
      return writeElement(node, scope, dice);
    case "other":
      return node.markup;
    case "text":
      return node.cdata ? cdata(node.text) : writeText(node.text, dice);
  }
}

const cdata = (text: string): string => `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;

function writeText(text: string, dice: Dice | undefined): string {
  // A CR in a CDATA section would become a line feed; white space may stand between elements, where libxml2 takes no CDATA.
  if (dice?.once(8) === true && !text.includes("\r") && text.trim() !== "") return cdata(text);
  if (dice?.once(8) !== true) return escapeText(text);
  const middle = Math.floor(text.length / 2);
  const point = text.codePointAt(middle);
  const reference = point === undefined || point > 0xffff || (point >= 0xd800 && point <= 0xdfff) ? undefined : `&#x${point.toString(16)};`;
  return reference === undefined
    ? escapeText(text)
    : `${escapeText(text.slice(0, middle))}${reference}${escapeText(text.slice(middle + 1))}`;
}
