/** Attributes of start tags: which of them a type declares, and what becomes of the others. */

import { collapse } from "../characters.js";
import { xsiNamespace } from "../xml/names.js";
import type { Attribute, StartTag } from "../xml/source.js";
import type { Compiled } from "./compiled.js";
import { quote } from "./quote.js";
import type { ReadContext } from "./read-context.js";

/** The attribute of this name in no namespace, where those that types declare are. */
export function plainAttribute(attributes: StartTag["attributes"], name: string): Attribute | undefined {
  for (const attribute of attributes) if (attribute.local === name && attribute.namespace === "") return attribute;
  return undefined;
}

const xsdNamespace = "http://www.w3.org/2001/XMLSchema";

/** The namespace of the name of a simple type, which for those of XML Schema is its own. */
export function namespaceOfLeaf(name: string, namespace: string): string {
  return name.startsWith("xs:") ? xsdNamespace : namespace;
}

/** Attributes no type declares: those of XML Schema itself are understood, all others are wrong. */
export function checkForeignAttributes(
  context: ReadContext,
  tag: StartTag,
  step: string,
  type: string,
  namespace: string,
  compiled?: Compiled,
): void {
  for (const attribute of tag.attributes) {
    if (attribute.namespace === "" && compiled?.attributes.some(({ wire }) => wire === attribute.local)) continue;
    if (attribute.namespace !== xsiNamespace) {
      context.report("UNEXPECTED_ATTRIBUTE", `<${tag.local}> cannot have the attribute ${attribute.local}`, undefined, step);
    } else if (attribute.local === "type") {
      checkType(context, collapse(attribute.value), tag, step, type, namespace);
    } else if (attribute.local === "nil") {
      context.report("UNEXPECTED_ATTRIBUTE", `<${tag.local}> cannot be nil`, undefined, step);
    } else if (attribute.local !== "schemaLocation" && attribute.local !== "noNamespaceSchemaLocation") {
      context.report("UNEXPECTED_ATTRIBUTE", `xsi:${attribute.local} means nothing`, undefined, step);
    }
  }
}

function checkType(context: ReadContext, value: string, tag: StartTag, step: string, type: string, namespace: string): void {
  const colon = value.indexOf(":");
  const found = context.source.resolve(colon < 0 ? "" : value.slice(0, colon)) ?? "";
  const plain = type.startsWith("xs:") ? type.slice(3) : type;
  const same = value.slice(colon + 1) === plain && found === namespace;
  if (!same) context.report("BAD_TYPE", `<${tag.local}> has xsi:type ${quote(value)}; expected ${plain} or no xsi:type`, undefined, step);
}
