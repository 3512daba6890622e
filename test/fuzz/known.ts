/**
 * Where libxml2 and we differ on purpose. Each entry rewrites a document so that what the engines differ about is gone and
 * nothing else; a difference is explained when both then agree and the verdicts before were those of the entry.
 */

import { type Leaf, resolveTarget, type Shape } from "../../src/binding/index.js";
import { compile, findChild } from "../../src/codec/compiled.js";
import { xsiNamespace } from "../../src/xml/names.js";
import type { Judgement } from "../support/libxml2.js";
import { taxii10, taxii11, xmldsig } from "./modules.js";
import { type Element, elementsOf, isElement, parse, write } from "./tree.js";
import { base64Elements, namespaces, xsdNamespace } from "./vocabulary.js";

export interface Verdict {
  readonly wellFormed: boolean;
  readonly schemaValid: boolean;
}

interface Known {
  readonly id: string;
  readonly reason: string;
  /** What libxml2 says; we say the opposite. */
  readonly theirs: Partial<Verdict>;
  /** Has to match all of what libxml2 complains about, line by line. */
  readonly error?: RegExp;
  readonly rewrite: (document: string) => string;
  /** Documents that differ for this reason. */
  readonly examples: readonly [string, ...string[]];
}

const uriLine = "xs:anyURI|union type '.*StatusTypeType'";

const namespace = taxii11.globals.namespace;
const request = (content: string): string => `<Discovery_Request xmlns="${namespace}" message_id="1">${content}</Discovery_Request>`;
const header = (content: string): string =>
  request(`<Extended_Headers><Extended_Header name="urn:a">${content}</Extended_Header></Extended_Headers>`);
const poll = (content: string): string => `<Poll_Request xmlns="${namespace}" message_id="1" collection_name="c">${content}</Poll_Request>`;

export const known: readonly Known[] = [
  {
    id: "cdata-between-elements",
    reason:
      "libxml2 refuses every CDATA section between elements, and lets an empty one keep away a default; by XML Schema only its characters count.",
    theirs: { schemaValid: false },
    error:
      /Character content other than whitespace is not allowed because the content type is '(?:element-only|empty)'|Character content is not allowed/,
    rewrite: (document) => document.replace(/<!\[CDATA\[([\t\n\r ]*)\]\]>/g, "$1"),
    examples: [request("<![CDATA[ ]]>")],
  },
  {
    id: "type-in-open-content",
    reason:
      "libxml2 looks at xsi:type within open content too, and refuses one it cannot resolve; by XML Schema 1.0 such an element falls back to xs:anyType. Elements no schema declares are not looked into here.",
    theirs: { schemaValid: false },
    rewrite: (document) =>
      document.includes(xsiNamespace) ? changed(document, (root) => stripTypes(root, globalElement(root))) : document,
    examples: [header(`<a xmlns:xsi="${xsiNamespace}" xsi:type="Unknown"/>`)],
  },
  {
    id: "space-around-type",
    reason: "libxml2 does not take white space around the name in xsi:type, although names are collapsed.",
    theirs: { schemaValid: false },
    error: /XMLSchema-instance\}type': The QName value '(?:\s.*|.*\s)' has no/s,
    rewrite: (document) => changed(document, trimTypes),
    examples: [
      `<t:Discovery_Request xmlns:t="${namespace}" xmlns:xsi="${xsiNamespace}" message_id="1" xsi:type=" t:TAXIIDiscoveryRequestType"/>`,
    ],
  },
  {
    id: "derived-types",
    reason:
      "XML Schema lets xsi:type name any type derived from the declared one. TAXII has no use for that, and only the declared type is taken here.",
    theirs: { schemaValid: true },
    rewrite: (document) => (document.includes(xsiNamespace) ? changed(document, (root) => elementsOf(root).forEach(stripType)) : document),
    examples: [
      `<Inbox_Message xmlns="${namespace}" message_id="1"><Message xmlns:xsi="${xsiNamespace}" xmlns:xs="${xsdNamespace}" xsi:type="xs:token">a</Message></Inbox_Message>`,
      header(
        `<Transform xmlns="${xmldsig.globals.namespace}" Algorithm=""><XPath xmlns:xsi="${xsiNamespace}" xmlns:xs="${xsdNamespace}" xsi:type="xs:token"/></Transform>`,
      ),
    ],
  },
  {
    id: "base64-stray-characters",
    reason: "libxml2 passes over characters in base64 that are not of its alphabet; XML Schema knows white space only.",
    theirs: { schemaValid: true },
    rewrite: (document) => changed(document, withoutStrayCharacters),
    examples: [header(`<X509Data xmlns="${xmldsig.globals.namespace}"><X509SKI>AA-==</X509SKI></X509Data>`)],
  },
  {
    id: "port-of-uri",
    reason: "libxml2 refuses empty ports and those beyond 2^31; RFC 3986 allows any number of digits.",
    theirs: { schemaValid: false },
    error: new RegExp(uriLine),
    rewrite: (document) => changed(document, (root) => replaceInValues(root, /(\/\/[^/?#]*):(?:\d{10,})?(?=[/?#]|\s*$)/, "$1:80")),
    examples: [poll('<Poll_Parameters><Content_Binding binding_id="http://example.com:/"/></Poll_Parameters>')],
  },
  {
    id: "host-in-brackets",
    reason: "libxml2 takes anything in brackets as the host of a URI; RFC 2732 and RFC 3986 take addresses.",
    theirs: { schemaValid: true },
    rewrite: (document) => changed(document, (root) => replaceInValues(root, /(\/\/[^/?#[]*)\[[^\]]*\]/, "$1[::1]")),
    examples: [poll('<Poll_Parameters><Content_Binding binding_id="http://[example]/"/></Poll_Parameters>')],
  },
  {
    id: "namespace-no-uri",
    reason:
      "libxml2 wants namespace names to be URIs and calls documents with others not well-formed; Namespaces in XML leaves that to the author.",
    theirs: { wellFormed: false },
    error: /is not a valid URI$/,
    rewrite: (document) =>
      document.replace(
        /(\sxmlns(?::[^\s=]+)?\s*=\s*)(?:"([^"]*)"|'([^']*)')/g,
        (_, start: string, double = "", single = "") => `${start}"${asUri(double + single)}"`,
      ),
    examples: [header('<a xmlns="a b|c"/>')],
  },
  {
    id: "version-without-digits",
    reason: "libxml2 takes XML version 1. for 1.0; there has to be a digit.",
    theirs: { wellFormed: true },
    rewrite: (document) => document.replace(/^(\ufeff?<\?xml\s+version\s*=\s*(["'])1\.)(?=\2)/, "$10"),
    examples: [`<?xml version="1."?>${request("")}`],
  },
  {
    id: "encoding-by-letters",
    reason: "libxml2 as it is built here finds encodings by the letters and digits of their names alone; nobody registered UTF--8.",
    theirs: { wellFormed: true },
    rewrite: (document) =>
      document.replace(/^(\ufeff?<\?xml\s[^>]*?encoding\s*=\s*)(["'])([^"']*)\2/, (whole, start: string, quote: string, name: string) =>
        name.replace(/[^a-z0-9]/gi, "").toLowerCase() === "utf8" ? `${start}${quote}UTF-8${quote}` : whole,
      ),
    examples: [`<?xml version="1.0" encoding="UTF--8"?>${request("")}`],
  },
  {
    id: "xml-id",
    reason: "libxml2 calls documents not well-formed in which xml:id is no name or not unique; that recommendation is beside XML 1.0.",
    theirs: { wellFormed: false },
    error: /^xml:id : attribute value|^ID .* already defined/,
    rewrite: (document) => document.replace(/\sxml:id\s*=\s*(?:"[^"]*"|'[^']*')/g, ' xml:lang=""'),
    examples: [header('<a xml:id="1"/>')],
  },
];

/** `document` with its tree changed; itself when it has none. */
function changed(document: string, change: (root: Element) => void): string {
  const root = attempt(() => parse(document));
  if (root === undefined) return document;
  const before = write(root);
  change(root);
  const after = write(root);
  return after === before ? document : after;
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Replaces in values of attributes and of elements with nothing but text. */
function replaceInValues(root: Element, pattern: RegExp, replacement: string): void {
  for (const element of elementsOf(root)) {
    for (const attribute of element.attributes) attribute.value = attribute.value.replace(pattern, replacement);
    if (element.children.some(({ kind }) => kind === "element")) continue;
    const text = element.children.map((child) => (child.kind === "text" ? child.text : "")).join("");
    if (pattern.test(text)) element.children = [{ kind: "text", text: text.replace(pattern, replacement), cdata: false }];
  }
}

function trimTypes(root: Element): void {
  for (const attribute of elementsOf(root).flatMap(({ attributes }) => attributes)) {
    if (attribute.namespace === xsiNamespace && attribute.local === "type") attribute.value = attribute.value.trim();
  }
}

function withoutStrayCharacters(root: Element): void {
  for (const { namespace, local, children } of elementsOf(root)) {
    if (namespace !== xmldsig.globals.namespace || !base64Elements.has(local)) continue;
    for (const child of children) if (child.kind === "text") child.text = child.text.replace(/[^A-Za-z0-9+/=\t\n\r ]/g, "");
  }
}

function stripType(element: Element): void {
  element.attributes = element.attributes.filter(({ namespace, local }) => namespace !== xsiNamespace || local !== "type");
}

/** Drops xsi:type where `target`, what the element is declared as, is nothing. */
function stripTypes(element: Element, target: Leaf<unknown> | Shape | undefined): void {
  if (target === undefined) stripType(element);
  for (const child of element.children.filter(isElement)) {
    const declared = target?.kind === "shape" ? findChild(compile(target), child.namespace, child.local)?.target : undefined;
    stripTypes(child, declared ?? globalElement(child));
  }
}

function globalElement({ namespace, local }: Element): Leaf<unknown> | Shape | undefined {
  const schema = [taxii11.globals, taxii10.globals, xmldsig.globals].find((globals) => globals.namespace === namespace);
  const target = schema !== undefined && Object.hasOwn(schema.elements, local) ? schema.elements[local] : undefined;
  return target && resolveTarget(target);
}

const asUri = (namespace: string): string =>
  namespace === "" || namespaces.includes(namespace) ? namespace : `urn:x:${encodeURIComponent(namespace).replaceAll("'", "%27")}`;

/** Judges by both engines. */
export type Compare = (document: string) => { readonly ours: Verdict; readonly theirs: Judgement };

/** The entries that together explain why the engines differ about `document`; undefined when they do not. */
export function explain(document: string, compare: Compare): readonly string[] | undefined {
  const { theirs } = compare(document);
  const lines = theirs.error.split("\n").filter((line) => line.trim() !== "");
  const fitting = known.filter((entry) => {
    const says =
      entry.theirs.wellFormed === undefined
        ? theirs.schemaValid === entry.theirs.schemaValid
        : theirs.wellFormed === entry.theirs.wellFormed;
    return says && (entry.error === undefined || lines.some((line) => entry.error?.test(line) === true));
  });
  const applied: string[] = [];
  let rewritten = document;
  for (const { id, rewrite } of fitting) {
    const next = rewrite(rewritten);
    if (next === rewritten) continue;
    rewritten = next;
    applied.push(id);
    const after = compare(rewritten);
    if (after.ours.wellFormed === after.theirs.wellFormed && after.ours.schemaValid === after.theirs.schemaValid) return applied;
  }
  return undefined;
}
