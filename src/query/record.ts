/** Which records a query can look into, and what it finds there. */

import type { ContentBlock } from "../../generated/taxii11/index.js";
import { type Content, isChecked, isXmlContent } from "../binding/content.js";
import { xmlContent } from "../codec/fragment.js";
import { ParseError } from "../errors.js";
import type { Vocabulary } from "./define-vocabulary.js";
import type { CompiledQuery } from "./engine.js";

export interface RecordOptions {
  /** Content bindings of the records that the vocabulary describes (QRY-EVAL-010). */
  readonly bindings: readonly string[];
  /** Whether content that is text is looked into when it is an XML document. Default: true. */
  readonly textAsXml?: boolean | undefined;
  /** How the vocabulary makes markup of a record. Default: content that is XML. */
  readonly markup?: Vocabulary["markup"];
}

/**
 * Whether a block matches. One that cannot be looked into does not, whatever is asked (QRY-EVAL-005): of another binding, wrapped
 * in another format, not XML.
 */
export function matchesBlock(query: CompiledQuery, { contentBinding, content }: ContentBlock, options: RecordOptions): boolean {
  return options.bindings.includes(contentBinding.bindingId) && verdictOn(query, content, options) === "match";
}

/** What is known of a record: that it matches, that it does not, or that it cannot be looked into. */
export type RecordVerdict = "match" | "no match" | "undecidable";

/** The verdict on content, whatever its binding. */
export function verdictOn(query: CompiledQuery, content: Content, options: Pick<RecordOptions, "textAsXml" | "markup">): RecordVerdict {
  try {
    const markup = options.markup === undefined ? markupOf(content, options.textAsXml) : checked(options.markup(content));
    if (markup === undefined) return "undecidable";
    return query.matches(markup) ? "match" : "no match";
  } catch (error) {
    if (error instanceof ParseError) return "undecidable";
    throw error;
  }
}

/**
 * The markup of content that is XML; undefined for content that cannot be.
 *
 * @throws ParseError for content that is not XML either
 */
export function markupOf(content: Content, textAsXml = true): string | undefined {
  if (isXmlContent(content)) return isChecked(content) ? content.xml : checked(content.xml);
  return textAsXml && content.text.includes("<") ? checked(content.text) : undefined;
}

/** Whether it is XML has to be known before it is asked what is in it; of content that was read it is known. */
function checked(markup: string | undefined): string | undefined {
  return markup === undefined ? undefined : xmlContent(markup).xml;
}
