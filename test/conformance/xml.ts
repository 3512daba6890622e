/** XML documents taken apart and put together, for tests of readers and writers. */

import type { Shape } from "../../src/binding/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { namespaces } from "../../src/constants.js";
import { ParseError, type ParseErrorCode } from "../../src/errors.js";
import { defaultLimits } from "../../src/xml/limits.js";
import { parseTree, type XmlElement } from "../../src/xml/tree.js";

/** The document as a tree. */
export function tree(xml: string): XmlElement {
  return parseTree(xml, { limits: defaultLimits });
}

/** The elements directly within, by name. */
export function childrenOf(element: XmlElement | undefined): string[] {
  return element?.children.map(({ local }) => local) ?? [];
}

/** The attributes, by name; namespace declarations aside. */
export function attributesOf(element: XmlElement | undefined): string[] {
  return element?.attributes.filter(({ namespace }) => namespace === "").map(({ local }) => local) ?? [];
}

/** The first element on a path of names from the root, `Content_Block/Content`. */
export function find(root: XmlElement, path: string): XmlElement | undefined {
  return path.split("/").reduce<XmlElement | undefined>((at, name) => at?.children.find(({ local }) => local === name), root);
}

/** A message of TAXII 1.1: its element, attributes and content, in the default namespace. */
export function message11(element: string, attributes: string, content = ""): string {
  return `<${element} xmlns="${namespaces.taxii11}" ${attributes}>${content}</${element}>`;
}

/** As {@link message11}, of TAXII 1.0. */
export function message10(element: string, attributes: string, content = ""): string {
  return `<${element} xmlns="${namespaces.taxii10}" ${attributes}>${content}</${element}>`;
}

/** The code of the error that reading ends with; undefined when it does not. */
export function refusal(shape: Shape | readonly Shape[], xml: string | Uint8Array): ParseErrorCode | undefined {
  try {
    fromXml(shape, xml);
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error.code;
    throw error;
  }
}
