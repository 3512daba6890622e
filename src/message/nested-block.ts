/** Content blocks within content: a whole block as the content of another one, mostly to be encrypted (CB-NEST-004). */

import type { Content, XmlContent } from "../binding/content.js";
import { checkedXml, isXmlContent } from "../binding/content.js";
import type { Shape } from "../binding/index.js";
import { parseFragment } from "../codec/fragment.js";
import { fromXml, toXml } from "../codec/xml.js";
import { ParseError } from "../errors.js";

/** A block as content of another block. All of it is kept, padding and signature included (CB-NEST-010). */
export function blockAsContent<T extends object>(shape: Shape<T>, block: T): XmlContent {
  return checkedXml(toXml(shape, block, { declaration: false }));
}

/** How many content blocks may be within each other for {@link blockWithin} to go on. */
export const deepestNesting = 16;

/**
 * The content block that is the content of another one, or undefined when the content is something else (CB-NEST-009).
 *
 * @param shape the block's shape, which also tells the version
 * @param depth how many blocks `content` is already within; 0 for the content of a block of a message
 * @throws ParseError when there is a `Content_Block` that does not fit the schema, or when `depth` is {@link deepestNesting}
 */
export function blockWithin<T>(shape: Shape<T>, content: Content, depth = 0): T | undefined {
  if (!isXmlContent(content)) return undefined;
  const { elements, text } = parseFragment(content.xml);
  const [only] = elements;
  if (text || elements.length !== 1 || only?.namespace !== shape.namespace || only.local !== shape.element) return undefined;
  if (depth >= deepestNesting) {
    throw new ParseError("LIMIT_EXCEEDED", `content blocks are within each other more than ${deepestNesting} times`, {
      line: 0,
      column: 0,
      path: "",
    });
  }
  return fromXml(shape, content.xml);
}
