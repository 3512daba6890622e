/** What keeps a query from being evaluated, found before anything is (QRY-ERR-008), in the order of QRY-ERR-009. */

import type { Criteria, Criterion, DefaultQuery, Test } from "../../generated/default-query/index.js";
import { capabilityModules } from "../constants.js";
import { type ModuleName, moduleOf, parameterFaults } from "../message/capabilities.js";
import { StatusError } from "../message/status-error.js";
import { type CapabilityModule, definitionsOf, findCustom } from "./define-module.js";
import { engineExpression, problemIn, type Vocabulary } from "./define-vocabulary.js";
import { isWithinScopes } from "./scope.js";

/** What queries may ask, and how much. */
export interface QuerySupport {
  readonly vocabularies: readonly Vocabulary[];
  /** Those of Default Query by their short names; those of third parties as they were defined. */
  readonly modules: readonly (ModuleName | CapabilityModule)[];
  readonly limits: QueryLimits;
}

/** How big queries may be; bigger ones are `DENIED` (QRY-STR-009). */
export interface QueryLimits {
  /** Criteria and Criterion elements. */
  readonly maxCriteria: number;
  /** Criteria within each other. */
  readonly maxDepth: number;
  /** Steps of a target. */
  readonly maxSteps: number;
  /** Steps `**` of a target. */
  readonly maxRuns: number;
  /** Characters of a parameter's value. */
  readonly maxValueLength: number;
}

export const defaultQueryLimits: QueryLimits = { maxCriteria: 1000, maxDepth: 100, maxSteps: 64, maxRuns: 8, maxValueLength: 100_000 };

/** The scopes of a vocabulary, complete. */
export function scopesOf({ preferredScopes = [], allowedScopes }: Vocabulary): {
  readonly preferred: readonly string[];
  readonly allowed: readonly string[];
} {
  return { preferred: preferredScopes, allowed: allowedScopes ?? (preferredScopes.length === 0 ? ["**"] : []) };
}

/** Identifiers of modules, those of third parties among them. */
export function moduleIds(modules: QuerySupport["modules"]): string[] {
  return modules.map((module) => (typeof module === "string" ? capabilityModules[module] : module.id));
}

/** The modules of third parties among them. */
export function customModules(modules: QuerySupport["modules"]): CapabilityModule[] {
  return modules.filter((module) => typeof module !== "string");
}

/**
 * Finds out whether a query can be evaluated.
 *
 * @returns its vocabulary
 * @throws StatusError `DENIED` over a limit; `UNSUPPORTED_TARGETING_EXPRESSION_ID` (QRY-ERR-001), `UNSUPPORTED_CAPABILITY_MODULE`
 *   (QRY-ERR-002), `BAD_MESSAGE` for a relationship or a parameter that is none (QRY-STR-007), `UNSUPPORTED_TARGETING_EXPRESSION`
 *   for a target that is none, outside of the vocabulary or outside of the scopes (QRY-ERR-003), each with its details
 */
export function checkQuery<V extends Vocabulary>(query: DefaultQuery, support: QuerySupport & { readonly vocabularies: readonly V[] }): V {
  const criteria = criterionsOf(query.criteria, support.limits);
  const vocabulary = requireVocabulary(query, support.vocabularies);
  for (const { test } of criteria) requireModule(test, support);
  for (const { test } of criteria) checkTest(test, support);
  for (const { target } of criteria) checkTarget(target, vocabulary, support.limits);
  for (const { target } of criteria) checkScope(target, vocabulary);
  return vocabulary;
}

function denied(message: string): StatusError {
  return new StatusError("DENIED", { message });
}

/** All criteria, in their order. */
function criterionsOf(root: Criteria, { maxCriteria, maxDepth }: QueryLimits): Criterion[] {
  const found: Criterion[] = [];
  let count = 0;
  const visit = ({ items }: Criteria, depth: number): void => {
    if (depth > maxDepth) throw denied(`Criteria are nested too deeply; up to ${maxDepth} levels are taken.`);
    count += items.length;
    if (count > maxCriteria) throw denied(`The query has too many criteria; up to ${maxCriteria} are taken.`);
    for (const item of items) {
      if ("criteria" in item) visit(item.criteria, depth + 1);
      else found.push(item.criterion);
    }
  };
  visit(root, 1);
  return found;
}

function requireVocabulary<V extends Vocabulary>({ targetingExpressionId }: DefaultQuery, vocabularies: readonly V[]): V {
  const vocabulary = vocabularies.find(({ id }) => id === targetingExpressionId);
  if (vocabulary !== undefined) return vocabulary;
  throw new StatusError("UNSUPPORTED_TARGETING_EXPRESSION_ID", {
    message: `The targeting expression vocabulary ${JSON.stringify(targetingExpressionId)} is not supported.`,
    details: { TARGETING_EXPRESSION_ID: vocabularies.map(({ id }) => id) },
  });
}

function requireModule({ capabilityId }: Test, { modules }: QuerySupport): void {
  const module = findCustom(capabilityId, customModules(modules)) ?? moduleOf(capabilityId);
  if (module !== undefined && modules.includes(module)) return;
  throw new StatusError("UNSUPPORTED_CAPABILITY_MODULE", {
    message: `The capability module ${JSON.stringify(capabilityId)} is not supported.`,
    details: { CAPABILITY_MODULE: moduleIds(modules) },
  });
}

function checkTest(test: Test, { modules, limits: { maxValueLength } }: QuerySupport): void {
  const { capabilityId, relationship, parameters } = test;
  const module = definitionsOf(capabilityId, customModules(modules)) ?? {};
  const definition = Object.hasOwn(module, relationship) ? module[relationship] : undefined;
  if (definition === undefined)
    throw badMessage(`There is no relationship ${JSON.stringify(relationship)}; the module has ${Object.keys(module).join(", ")}`);
  if (parameters.some(({ value }) => value.length > maxValueLength))
    throw denied(`A parameter is too long; up to ${maxValueLength} characters are taken.`);
  const [fault] = parameterFaults(test, definition);
  if (fault !== undefined) throw badMessage(`Parameters of ${relationship}: ${fault.message}`);
}

/** The refusal of a query that is malformed. */
export function badMessage(reason: string): StatusError {
  return new StatusError("BAD_MESSAGE", { message: reason.endsWith(".") ? reason : `${reason}.` });
}

function checkTarget(target: string, vocabulary: Vocabulary, { maxSteps, maxRuns }: QueryLimits): void {
  const steps = target.split("/");
  if (steps.length > maxSteps) throw denied(`A target has too many steps; up to ${maxSteps} are taken.`);
  if (steps.filter((step) => step.trim() === "**").length > maxRuns)
    throw denied(`A target has too many steps "**"; up to ${maxRuns} are taken.`);
  const problem = problemIn(vocabulary, target);
  if (problem !== undefined) throw outside(`The target ${JSON.stringify(target)} ${problem.is}: ${problem.reason}.`, vocabulary);
}

function checkScope(target: string, vocabulary: Vocabulary): void {
  const { preferred, allowed } = scopesOf(vocabulary);
  if (allowed.includes("**")) return;
  const [asked = target, ...scopes] = [target, ...preferred, ...allowed].map((expression) => engineExpression(vocabulary, expression));
  if (isWithinScopes(asked, scopes, false)) return;
  throw outside(`The target ${JSON.stringify(target)} reaches outside of the supported scopes.`, vocabulary);
}

/** Preferred scopes come before the others (QRY-ERR-004, QRY-ERR-005). */
function outside(message: string, vocabulary: Vocabulary): StatusError {
  const { preferred, allowed } = scopesOf(vocabulary);
  return new StatusError("UNSUPPORTED_TARGETING_EXPRESSION", { message, details: { PREFERRED_SCOPE: preferred, ALLOWED_SCOPE: allowed } });
}
