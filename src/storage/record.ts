/** What every storage does to records on their way in and out. */

import { ContentBindingId, type ContentBlock } from "../../generated/taxii11/index.js";
import { checkedXml, isCheckedXml, isContent, isXmlContent, type XmlContent } from "../binding/content.js";
import { anyUri } from "../binding/index.js";
import { isXmlText } from "../characters.js";
import { parseFragment } from "../codec/fragment.js";
import { type Issue, ParseError, ValidationError } from "../errors.js";
import { create } from "../message/create.js";
import type { Collection, CollectionInit } from "./storage.js";

/**
 * Completes a collection.
 *
 * @throws ValidationError when its name is no URI, or empty (XML-ID-007, XML-ID-008)
 */
export function completeCollection(init: CollectionInit): Collection {
  const name: unknown = init.name;
  if (name === "" || !anyUri.accepts(name))
    throw new ValidationError("the collection", [fault("name", `expected ${anyUri.expected}, found ${JSON.stringify(name)}`)]);
  return {
    name,
    type: init.type ?? "DATA_FEED",
    description: init.description ?? "",
    available: init.available ?? true,
    contentBindings: (init.contentBindings ?? []).map((binding) => create(ContentBindingId, binding)),
    volume: init.volume,
  };
}

/**
 * A copy to keep: what the caller does to its block later does not reach it, and its markup is known to be well-formed,
 * because what is stored is written into messages as it is.
 *
 * @throws ValidationError when the block could not be written into a message: markup that no reader has seen and that cannot
 *   stand inside an element, or characters XML cannot carry
 */
export function keepBlock(block: ContentBlock): ContentBlock {
  const { content, contentBinding, message, padding, signature, timestampLabel } = block;
  for (const [path, text] of Object.entries({ message, padding, contentBinding: contentBinding.bindingId })) {
    if (text !== undefined && !isXmlText(text)) throw unfit(path, "expected characters XML can carry");
  }
  if (!isContent(content)) throw unfit("content", "expected { text } or { xml } with characters XML can carry");
  return {
    contentBinding: structuredClone(contentBinding),
    content: isXmlContent(content) ? checkMarkup("content", content) : { text: content.text },
    timestampLabel,
    message,
    padding,
    signature: signature === undefined ? undefined : checkMarkup("signature", signature),
  };
}

function checkMarkup(path: string, content: XmlContent): XmlContent {
  if (isCheckedXml(content)) return content;
  try {
    parseFragment(content.xml);
    return checkedXml(content.xml);
  } catch (error) {
    if (error instanceof ParseError) throw unfit(path, error.message);
    throw error;
  }
}

function unfit(path: string, message: string): ValidationError {
  return new ValidationError("the content block", [fault(path, message)]);
}

function fault(path: string, message: string): Issue {
  return { path, message, severity: "error" };
}
