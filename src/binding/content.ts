/** Open content: what a sender may put inside `Content`, `Query`, `Detail`, a header or a signature. */

import { isXmlText } from "../characters.js";

/** Characters only: no elements, comments or processing instructions. CDATA and references are resolved. */
export interface TextContent {
  readonly text: string;
}

/** Markup: the sender's characters, made self-contained, possibly mixed text and several elements. */
export interface XmlContent {
  readonly xml: string;
}

/** Any mixed content. An empty element is `{ text: "" }`. */
export type Content = TextContent | XmlContent;

/** One element, kept whole, such as a signature: starts with its `<`, ends with its `>`, declares every prefix it uses. */
export type ElementContent = XmlContent;

/** Whether `content` is markup. */
export function isXmlContent(content: Content): content is XmlContent {
  return "xml" in content;
}

/** The characters of `content`, markup or not. */
export function charactersOf(content: Content): string {
  return isXmlContent(content) ? content.xml : content.text;
}

const checked = new WeakSet<object>();

/**
 * Markup known to be well-formed and self-contained, because a reader of this package cut it from a document it parsed.
 * The object is frozen, so the knowledge stays true; writers skip the check.
 */
export function checkedXml(xml: string): XmlContent {
  const content = Object.freeze({ xml });
  checked.add(content);
  return content;
}

/** Text known to be of characters XML can carry, because a reader of this package found it in a document; frozen like {@link checkedXml}. */
export function checkedText(text: string): TextContent {
  const content = Object.freeze({ text });
  checked.add(content);
  return content;
}

/** Whether `content` came from {@link checkedXml} or {@link checkedText}. */
export function isChecked(content: Content): boolean {
  return checked.has(content);
}

/** Whether `value` has the form of {@link Content}; markup is not parsed here, writers do that. */
export function isContent(value: unknown): value is Content {
  if (typeof value !== "object" || value === null) return false;
  if (checked.has(value)) return true;
  const keys = Object.keys(value);
  if (keys.length !== 1) return false;
  if ("text" in value) return typeof value.text === "string" && isXmlText(value.text);
  return "xml" in value && typeof value.xml === "string" && isXmlText(value.xml);
}
