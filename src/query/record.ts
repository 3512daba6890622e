/** Which records a query can look into, and what it finds there. */

import type { ContentBlock } from "../../generated/taxii11/index.js";
import { isXmlContent } from "../binding/content.js";
import { xmlContent } from "../codec/fragment.js";
import { ParseError } from "../errors.js";
import type { CompiledQuery } from "./engine.js";

export interface RecordOptions {
  /** Content bindings of the records that the vocabulary describes (QRY-EVAL-010). */
  readonly bindings: readonly string[];
  /** Whether content that is text is looked into when it is an XML document. Default: true. */
  readonly textAsXml?: boolean | undefined;
}

/**
 * Whether a block matches. One that cannot be looked into does not, whatever is asked (QRY-EVAL-005): of another binding, wrapped
 * in another format, not XML.
 */
export function matchesBlock(query: CompiledQuery, { contentBinding, content }: ContentBlock, options: RecordOptions): boolean {
  if (!options.bindings.includes(contentBinding.bindingId)) return false;
  try {
    if (isXmlContent(content)) return query.matches(content.xml);
    if (options.textAsXml === false || !content.text.includes("<")) return false;
    // Whether it is XML has to be known before it is asked what is in it.
    return query.matches(xmlContent(content.text).xml);
  } catch (error) {
    if (error instanceof ParseError) return false;
    throw error;
  }
}
