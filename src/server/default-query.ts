/** Default Query on a server: what it advertises, what it refuses, what matches. */

import type { DefaultQuery } from "../../generated/default-query/index.js";
import type { ContentBlock, Query } from "../../generated/taxii11/index.js";
import { contentBindings, queryFormats } from "../constants.js";
import { ParseError } from "../errors.js";
import { allModules } from "../message/capabilities.js";
import { queryInfoBody, readQuery } from "../message/query-body.js";
import { badMessage, customModules } from "../query/check.js";
import { bindingsOf } from "../query/define-vocabulary.js";
import {
  type CompiledQuery,
  checkQuery,
  compileQuery,
  defaultQueryLimits,
  engineQuery,
  matchesBlock,
  namesOfVocabulary,
  PatternProblem,
  type QueryLimits,
  type QuerySupport,
  queryInfo,
  type TestOptions,
  type Vocabulary,
} from "../query/index.js";
import type { QueryHandler } from "./query.js";
import { narrowingOf } from "./query-narrowing.js";

export interface DefaultQueryOptions {
  /** Default: those of STIX 1.0, 1.0.1, 1.1, 1.1.1, 1.2 and 1.2.1, each with all that is in its records. */
  readonly vocabularies?: readonly Vocabulary[] | undefined;
  /**
   * Whether targets can only have names of their vocabulary, or any names (QRY-STX-006). Says so for vocabularies of STIX that come
   * without `names`; others take any name. Default: `vocabulary`.
   */
  readonly names?: "vocabulary" | "any" | undefined;
  /** Capability modules, by short name or as `defineCapabilityModule` made them. Default: `core`, `regex` and `timestamp`. */
  readonly modules?: QuerySupport["modules"] | undefined;
  /** Limits to be changed; a query over one is `DENIED`. */
  readonly limits?: Partial<QueryLimits> | undefined;
  /** Whether a timestamp in content without a zone is UTC, or satisfies nothing (QRY-TIM-004). Default: `utc`. */
  readonly zoneless?: "utc" | "none" | undefined;
  /** Whether content that is text is looked into when it is an XML document. Default: true. */
  readonly textAsXml?: boolean | undefined;
}

const stix = ["stix12", "stix111", "stix11", "stix101", "stix10", "stix121"] as const;

/**
 * Evaluates Default Query, to be given to poll and collection management services.
 *
 * ```ts
 * poll({ path: "/poll", queries: [defaultQuery()] });
 * ```
 *
 * @throws TypeError without vocabulary or module, which discovery could not tell (QRY-INF-001), and for a scope that is none
 */
export function defaultQuery(options: DefaultQueryOptions = {}): QueryHandler {
  const vocabularies = (options.vocabularies ?? stix.map((name) => ({ id: contentBindings[name] }))).map(
    (vocabulary: Vocabulary): Vocabulary =>
      options.names === "any" ? vocabulary : { names: namesOfVocabulary(vocabulary.id), ...vocabulary },
  );
  const modules = options.modules ?? allModules;
  const support = { vocabularies, modules, limits: { ...defaultQueryLimits, ...options.limits } };
  const advertised = queryInfoBody(queryInfo(support));
  return {
    formatId: queryFormats.default10,
    supported: () => [advertised],
    prepare: (query) => {
      const read = readBody(query);
      const vocabulary = checkQuery(read, support);
      const asked = engineQuery(read, vocabulary);
      const { markup } = vocabulary;
      const bindings = bindingsOf(vocabulary);
      const ready = compiled(asked, { zoneless: options.zoneless, modules: customModules(modules) });
      const predicate = (block: ContentBlock): boolean => matchesBlock(ready, block, { bindings, textAsXml: options.textAsXml, markup });
      // An index has nodes of content as it is, not as the vocabulary makes markup of it.
      return Object.assign(predicate, { narrowing: markup === undefined ? narrowingOf(asked, bindings) : undefined });
    },
  };
}

/** @throws StatusError `BAD_MESSAGE` for what is no query (QRY-STR-001, QRY-STR-002) */
function readBody(query: Query): DefaultQuery {
  try {
    return readQuery(query);
  } catch (error) {
    if (error instanceof ParseError) throw badMessage(`The query is malformed: ${error.message}`);
    throw error;
  }
}

/** @throws StatusError `BAD_MESSAGE` for a regular expression that is not taken (QRY-RGX-005) */
function compiled(query: DefaultQuery, options: TestOptions): CompiledQuery {
  try {
    return compileQuery(query, options);
  } catch (error) {
    if (error instanceof PatternProblem) throw badMessage(`A regular expression is not taken: ${error.message}`);
    throw error;
  }
}
