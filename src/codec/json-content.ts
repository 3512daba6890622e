/** Open content in the dictionary form: a string, and whether it is XML. */

import { type Content, checkedXml, isXmlContent, type XmlContent } from "../binding/content.js";
import { ParseError } from "../errors.js";
import type { Limits } from "../xml/limits.js";
import { parseFragment } from "./fragment.js";

/** The characters of `content`. */
export function charactersIn(content: Content): string {
  return isXmlContent(content) ? content.xml : content.text;
}

/** `xml` as content that writers take without checking it again. An XML declaration has no place within a message and is dropped. */
export function markupContent(xml: string, limits: Limits): XmlContent {
  const embedded = withoutDeclaration(xml);
  parseFragment(embedded, limits);
  return checkedXml(embedded);
}

/**
 * libtaxii's rule for strings of which nothing is said: what is an XML document is XML, all else is text.
 *
 * @throws ParseError only for a document that is over a limit
 */
export function guessedContent(characters: string, limits: Limits): Content {
  if (!/^[\ufeff\t\n\r ]*</.test(characters)) return { text: characters };
  const embedded = withoutDeclaration(characters);
  try {
    const { elements, text } = parseFragment(embedded, limits);
    return elements.length === 1 && !text ? checkedXml(embedded) : { text: characters };
  } catch (error) {
    if (error instanceof ParseError && error.code !== "LIMIT_EXCEEDED") return { text: characters };
    throw error;
  }
}

/** Whether {@link guessedContent} would give `content` back for its characters. */
export function isGuessable(content: Content, limits: Limits): boolean {
  const characters = charactersIn(content);
  return isXmlContent(guessedContent(characters, limits)) === isXmlContent(content) && withoutDeclaration(characters) === characters;
}

function withoutDeclaration(xml: string): string {
  return xml.replace(/^\ufeff?<\?xml[\t\n\r ][^>]*\?>/, "");
}
