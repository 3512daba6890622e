/** Queries on content at hand: what a server without query support sent, or one's own files. */

import type { DefaultQuery } from "../../generated/default-query/index.js";
import type { ContentBlock } from "../../generated/taxii11/index.js";
import type { Content } from "../binding/index.js";
import { allModules } from "../message/capabilities.js";
import { checkQuery, defaultQueryLimits, type QueryLimits } from "./check.js";
import { bindingsOf, engineQuery } from "./define-vocabulary.js";
import { compileQuery } from "./engine.js";
import { type QueryLanguage, vocabularyOf } from "./problems.js";
import { type RecordVerdict, verdictOn } from "./record.js";
import type { TestOptions } from "./test-of.js";

/** How {@link matches} judges. */
export interface MatchOptions extends QueryLanguage, Pick<TestOptions, "zoneless"> {
  /**
   * Content bindings of the blocks the query is about; a block with another is undecidable. Default: those of the vocabulary,
   * which are the one with its identifier when it does not say (QRY-EVAL-010). Content that comes without a block is always looked
   * into.
   */
  readonly bindings?: readonly string[] | undefined;
  /** Whether content that is text is looked into when it is an XML document. Default: true. */
  readonly textAsXml?: boolean | undefined;
  /** Limits to be changed. */
  readonly limits?: Partial<QueryLimits> | undefined;
}

/** What can be looked into: a block of TAXII 1.1, the content of one, or a text. */
export type Searchable = Pick<ContentBlock, "contentBinding" | "content"> | Content | string;

/** A query made ready for any number of records. */
export interface Matcher {
  /** Whether a record matches. One that cannot be looked into does not, whatever is asked (QRY-EVAL-005). */
  matches(record: Searchable): boolean;
  /**
   * The verdict on a record. `undecidable` is one that cannot be looked into, known before any criterion is looked at: of another
   * content binding, encrypted, not XML, not well-formed as far as it was read.
   */
  verdict(record: Searchable): RecordVerdict;
}

/**
 * Whether a record matches a query. For many records, make a {@link matcher} once.
 *
 * ```ts
 * matches(query("urn:stix.mitre.org:xml:1.2", exists("STIX_Package/Indicators")), { xml });
 * ```
 *
 * A record that cannot be looked into matches no query, not even one of negated criteria only: `matcher(…).verdict(record)` tells
 * it from one that was looked into.
 *
 * @throws StatusError as {@link matcher}
 */
export function matches(query: DefaultQuery, record: Searchable, options: MatchOptions = {}): boolean {
  return matcher(query, options).matches(record);
}

/**
 * Checks a query and makes it ready. The vocabulary can be any; scopes, which are a service's, do not count.
 *
 * @throws StatusError what a service would answer: `UNSUPPORTED_CAPABILITY_MODULE` for a module that is not known, `BAD_MESSAGE`
 *   for a test that is none, `UNSUPPORTED_TARGETING_EXPRESSION` for a target that is none, `DENIED` over a limit
 * @throws PatternProblem for a regular expression that is not taken
 */
export function matcher(query: DefaultQuery, options: MatchOptions = {}): Matcher {
  const { modules = [], textAsXml, zoneless, limits } = options;
  const vocabulary = { ...vocabularyOf(query.targetingExpressionId, options), preferredScopes: [], allowedScopes: ["**"] };
  checkQuery(query, { vocabularies: [vocabulary], modules: [...allModules, ...modules], limits: { ...defaultQueryLimits, ...limits } });
  const compiled = compileQuery(engineQuery(query, vocabulary), { zoneless, modules });
  const bindings = options.bindings ?? bindingsOf(vocabulary);
  const look = { textAsXml, markup: vocabulary.markup };
  const verdict = (record: Searchable): RecordVerdict => {
    if (typeof record === "string") return verdictOn(compiled, { text: record }, look);
    if (!("contentBinding" in record)) return verdictOn(compiled, record, look);
    return bindings.includes(record.contentBinding.bindingId) ? verdictOn(compiled, record.content, look) : "undecidable";
  };
  return { matches: (record) => verdict(record) === "match", verdict };
}
