/** Default Query on a server: what it advertises, what it refuses, what matches. */

import type { DefaultQuery } from "../../generated/default-query/index.js";
import type { ContentBlock, Query, SupportedQuery } from "../../generated/taxii11/index.js";
import { capabilityModules, contentBindings, queryFormats } from "../constants.js";
import { ParseError } from "../errors.js";
import { queryInfoBody, readQuery } from "../message/query-body.js";
import { problemOfTarget } from "../message/targeting.js";
import { badMessage, scopesOf } from "../query/check.js";
import {
  type CompiledQuery,
  checkQuery,
  compileQuery,
  defaultQueryLimits,
  type ModuleName,
  matchesBlock,
  PatternProblem,
  type QueryLimits,
  type QuerySupport,
  type Vocabulary,
} from "../query/index.js";
import type { QueryHandler, QueryPredicate } from "./query.js";

/** A vocabulary on a server. */
export interface ServedVocabulary extends Vocabulary {
  /** Content bindings of the records it describes. Default: the one with the vocabulary's id (QRY-EVAL-010). */
  readonly bindings?: readonly string[] | undefined;
}

export interface DefaultQueryOptions {
  /** Default: those of STIX 1.0, 1.0.1, 1.1, 1.1.1, 1.2 and 1.2.1, each with all that is in its records. */
  readonly vocabularies?: readonly ServedVocabulary[] | undefined;
  /** Capability modules. Default: `core`, `regex` and `timestamp`. */
  readonly modules?: readonly ModuleName[] | undefined;
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
  const vocabularies: readonly ServedVocabulary[] = options.vocabularies ?? stix.map((name) => ({ id: contentBindings[name] }));
  const modules = options.modules ?? ["core", "regex", "timestamp"];
  if (vocabularies.length === 0 || modules.length === 0) throw new TypeError("Default Query needs a vocabulary and a capability module");
  for (const vocabulary of vocabularies) checkScopes(vocabulary);
  const support: QuerySupport = { vocabularies, modules, limits: { ...defaultQueryLimits, ...options.limits } };
  const advertised = supportedBy(support);
  return {
    formatId: queryFormats.default10,
    supported: () => [advertised],
    prepare: (query) => {
      const read = readBody(query);
      checkQuery(read, support);
      const bindings = vocabularies.find(({ id }) => id === read.targetingExpressionId)?.bindings ?? [read.targetingExpressionId];
      return predicateOf(compiled(read, options), { bindings, textAsXml: options.textAsXml });
    },
  };
}

/** Scopes are targets themselves (QRY-INF-003). */
function checkScopes(vocabulary: Vocabulary): void {
  const { preferred, allowed } = scopesOf(vocabulary);
  for (const scope of [...preferred, ...allowed]) {
    const problem = problemOfTarget(scope, vocabulary.id);
    if (problem !== undefined) throw new TypeError(`the scope ${JSON.stringify(scope)} of ${vocabulary.id} is none: ${problem}`);
  }
}

function supportedBy({ vocabularies, modules }: QuerySupport): SupportedQuery {
  return queryInfoBody({
    targetingExpressionInfos: vocabularies.map((vocabulary) => {
      const { preferred, allowed } = scopesOf(vocabulary);
      return { targetingExpressionId: vocabulary.id, preferredScopes: [...preferred], allowedScopes: [...allowed] };
    }),
    capabilityModules: modules.map((name) => capabilityModules[name]),
  });
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
function compiled(query: DefaultQuery, { zoneless }: DefaultQueryOptions): CompiledQuery {
  try {
    return compileQuery(query, { zoneless });
  } catch (error) {
    if (error instanceof PatternProblem) throw badMessage(`A regular expression is not taken: ${error.message}`);
    throw error;
  }
}

function predicateOf(query: CompiledQuery, options: Parameters<typeof matchesBlock>[2]): QueryPredicate {
  return (block: ContentBlock) => matchesBlock(query, block, options);
}
