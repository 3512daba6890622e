/** Markup on its way into a storage: checked once, so that writers need not do it again. */

import { type Content, checkedText, checkedXml, isChecked, isContent, isXmlContent, type XmlContent } from "../binding/content.js";
import { parseFragment } from "../codec/fragment.js";
import { ParseError } from "../errors.js";

/**
 * A copy of open content to keep; what is known to be fit is frozen, and is kept itself.
 *
 * @param unfit makes the error from what was expected
 */
export function keepContent(content: Content, unfit: (message: string) => Error): Content {
  if (!isContent(content)) throw unfit("expected { text } or { xml } with characters XML can carry");
  if (isChecked(content)) return content;
  return isXmlContent(content) ? keepMarkup(content, unfit) : checkedText(content.text);
}

/** A copy of markup to keep; that which no reader of ours has seen is parsed. */
export function keepMarkup(content: XmlContent, unfit: (message: string) => Error): XmlContent {
  if (isChecked(content)) return content;
  try {
    parseFragment(content.xml);
    return checkedXml(content.xml);
  } catch (error) {
    if (error instanceof ParseError) throw unfit(error.message);
    throw error;
  }
}
