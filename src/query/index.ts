/**
 * TAXII Default Query: built, read and written as text, explained, checked and evaluated; with vocabularies, capability modules and
 * query formats of third parties.
 */

export { DefaultQuery } from "../../generated/default-query/index.js";
export type { ModuleName } from "../message/capabilities.js";
export {
  type FormattedBody,
  QueryInfo,
  queryBody,
  queryInfoBody,
  readQuery,
  readQueryInfo,
  type WrittenBody,
} from "../message/query-body.js";
export { defaultQueryFormats } from "../message/query-formats.js";
export { all, any, type Condition, conditionOf, not } from "./build/condition.js";
export { criterion } from "./build/criterion.js";
export { query } from "./build/query.js";
export {
  after,
  at,
  atOrAfter,
  atOrBefore,
  before,
  contains,
  doesNotExist,
  type EqualityOptions,
  endsWith,
  equals,
  exists,
  greaterThan,
  greaterThanOrEqual,
  type InstantValue,
  lessThan,
  lessThanOrEqual,
  matchesPattern,
  type NumberValue,
  notEquals,
  startsWith,
  type TextOptions,
} from "./build/tests.js";
export { checkQuery, defaultQueryLimits, type QueryLimits, type QuerySupport } from "./check.js";
export {
  defineQueryFormat,
  type FormatHandler,
  type FormatPredicate,
  type FormatRecord,
  type QueryFormat,
  type QueryFormatDefinition,
} from "./define-format.js";
export { type CapabilityModule, defineCapabilityModule, type RelationshipOf, type RelationshipTypes } from "./define-module.js";
export { defineVocabulary, engineQuery, type Vocabulary, type VocabularyDefinition } from "./define-vocabulary.js";
export { type CompiledQuery, compileQuery } from "./engine.js";
export { type ExplainOptions, explain } from "./explain.js";
export { type QueryInfoInit, queryInfo } from "./info.js";
export { type Matcher, type MatchOptions, matcher, matches, type Searchable } from "./matches.js";
export { type ParameterType, type ParameterTypes, type ParameterValues, parameter } from "./parameter-types.js";
export { PatternProblem } from "./pattern.js";
export { assertQuery, type QueryLanguage } from "./problems.js";
export { matchesBlock, type RecordOptions, type RecordVerdict } from "./record.js";
export { isWithinScopes } from "./scope.js";
export type { TestOptions } from "./test-of.js";
export { type FormatQueryOptions, formatQuery } from "./text/format.js";
export { parseQuery, type QueryTextOptions } from "./text/parse.js";
export { type Place, QueryTextError } from "./text/problem.js";
export { type NameLists, type VocabularyNames, vocabularyNames } from "./vocabulary.js";
export { namesOfVocabulary, type StixVersion, stixNames } from "./vocabulary-stix.js";
