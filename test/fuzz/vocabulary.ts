/** Names and texts that mutations put in: those of the schemas, and those that are nearly right. */

import type { Shape } from "../../src/binding/index.js";
import { compile } from "../../src/codec/compiled.js";
import { xsiNamespace } from "../../src/xml/names.js";
import { defaultQuery, taxii10, taxii11, xmldsig } from "./modules.js";

export const xsdNamespace = "http://www.w3.org/2001/XMLSchema";

const elements = new Set<string>();
const attributes = new Set<string>();
const types = new Set<string>();
const base64 = new Set<string>();

function collect(shape: Shape, seen: Set<Shape>): void {
  if (seen.has(shape)) return;
  seen.add(shape);
  const compiled = compile(shape);
  types.add(shape.type);
  elements.add(shape.element);
  for (const { wire } of compiled.attributes) attributes.add(wire);
  if (compiled.value?.leaf.expected === base64Expected) base64.add(shape.element);
  for (const { local, target } of compiled.children) {
    elements.add(local);
    if (target.kind === "shape") collect(target, seen);
    else if (target.expected === base64Expected) base64.add(local);
  }
}

/** What the reader says it expected where a value is not base64. */
export const base64Expected = "base64 text";

const seen = new Set<Shape>();
for (const shape of [...taxii10.messages, ...taxii11.messages, xmldsig.Signature, xmldsig.Manifest, xmldsig.SignatureProperties])
  collect(shape, seen);
for (const shape of [defaultQuery.DefaultQuery, defaultQuery.DefaultQueryInfo]) collect(shape, seen);

/** Local names of all elements. */
export const elementNames: readonly string[] = [...elements, "Unknown", "poll_request", "a"];

/** Local names of all attributes. */
export const attributeNames: readonly string[] = [...attributes, "unknown", "MESSAGE_ID", "type", "__proto__", "xmlnsx"];

/** Local names of elements whose text is base64. */
export const base64Elements: ReadonlySet<string> = base64;

export const namespaces: readonly string[] = [
  taxii10.globals.namespace,
  taxii11.globals.namespace,
  xmldsig.globals.namespace,
  defaultQuery.DefaultQuery.namespace,
  "",
  "urn:unknown",
  `${taxii11.globals.namespace}/`,
  xsiNamespace,
  xsdNamespace,
];

/** What xsi:type may name: types of the schemas, of XML Schema, and none. */
export const typeNames: readonly string[] = [
  ...types,
  ..."string|normalizedString|token|anyURI|boolean|integer|int|positiveInteger|base64Binary|dateTime|NCName|ID|QName|anyType|anySimpleType".split(
    "|",
  ),
  ..."TimestampLabelType|StatusTypeEnum|Unknown|a:b:c|no name".split("|"),
];

/** Values of attributes and simple elements: each fits somewhere and is wrong elsewhere. */
export const valueTexts: readonly string[] = [
  ..."|true|false|1|0|TRUE|yes|-1|+1|007|1.5|1e3|9007199254740993|a|a b|#|##|%|%zz|http://h:x/|http://[::1|urn:a:b|{a}|é|FULL|full|SUCCESS|DATA_SET|INBOX|AA==|A|AND".split(
    "|",
  ),
  ..."SUBSCRIBE|PAUSE|ACTIVE|COUNT_ONLY|POLL|UNSUBSCRIBE|STATUS| true | 5 |DATA_FEED |//h/[a]|a[b|//u@h|:a|1:a|\u{1f600}|\ufffd|]]>|a\rb".split(
    "|",
  ),
  ..."2014-12-19T00:00:00Z|2014-12-19T00:00:00|2014-12-19T24:00:00Z|2014-13-19T00:00:00Z|2014-12-19T00:00:00.1234567Z|2014-12-19T00:00:00+14:01|12014-12-19T00:00:00Z".split(
    "|",
  ),
  " ",
  "\t\n",
  "\u00a0",
  "\u0085",
];

/** Characters that mean something in markup. */
export const markupTexts: readonly string[] = [
  ..."<|>|&|'|\"|]]>|<!--|-->|--|<![CDATA[|<?|?>|<?x?>|<?x:y?>|<?xml?>|<?xml version='1.0'?>|/>|</|<a>|</a>|<a/>|<:a/>|<a:b/>|<1/>|=|/| |\n|\r|\t|!|?".split(
    "|",
  ),
  ..."&amp;|&lt|&#0;|&#1;|&#13;|&#x;|&#xd800;|&#xfffe;|&#x10ffff;|&#x110000;|&#65;|&#X41;|&foo;|&toString;|&;|& ;|&#38;#60;".split("|"),
  ..." xmlns=''| xmlns:a=''| xmlns:xml='a'| xmlns:xmlns='a'| xmlns:a='urn:a' a:b='1'| a='1'| a='1' a='2'| xml:lang='en'| xml:a='1'| :a='1'| a:='1'| xsi:nil='1'".split(
    "|",
  ),
  "\0",
  "\u0001",
  "\u000b",
  "\u007f",
  "\u0085",
  "\u2028",
  "\ufffe",
  "\uffff",
  "\ufeff",
  "\u{10000}",
  "\u{10ffff}",
];
