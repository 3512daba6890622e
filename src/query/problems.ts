/** Everything that is wrong with a query, third parties' parts included, with the place of each fault. */

import { type Criteria, DefaultQuery, type Test } from "../../generated/default-query/index.js";
import { formatPath } from "../codec/xml-writer.js";
import { type Issue, ValidationError } from "../errors.js";
import { parameterFaults } from "../message/capabilities.js";
import { criterionsIn, type QueryPath } from "../message/criteria.js";
import { validate } from "../message/validate.js";
import { type CapabilityModule, definitionsOf, findCustom } from "./define-module.js";
import { problemIn, type Vocabulary } from "./define-vocabulary.js";

/** What is known beside Default Query itself. Nothing is registered anywhere: what is not given here is not known. */
export interface QueryLanguage {
  /** Vocabularies of third parties. Default: none; of vocabularies that are not known only the form of targets is. */
  readonly vocabularies?: readonly Vocabulary[] | undefined;
  /** Capability modules of third parties. Default: none. */
  readonly modules?: readonly CapabilityModule[] | undefined;
}

/** The vocabulary of this identifier, as far as it is known. */
export function vocabularyOf(id: string, { vocabularies = [] }: QueryLanguage): Vocabulary {
  return vocabularies.find((vocabulary) => vocabulary.id === id) ?? { id };
}

/**
 * Does nothing when a query obeys the rules of Default Query, of its vocabulary and of its modules.
 *
 * @throws ValidationError with every fault and where it is, `criteria.items[0].criterion.target`
 */
export function assertQuery(query: DefaultQuery, language: QueryLanguage = {}): void {
  const faults = validate(DefaultQuery, query).issues.filter(({ severity, rule }) => severity === "error" && rule !== targetRule);
  const vocabulary = vocabularyOf(query.targetingExpressionId, language);
  const issues = [...faults, ...issuesIn(query.criteria, vocabulary, language.modules ?? [])];
  if (issues.length > 0) throw new ValidationError("the query", issues);
}

// What it finds is found here too, and said with the target itself.
const targetRule = "default-query/targets-fit-vocabulary";

function issuesIn(criteria: Criteria, vocabulary: Vocabulary, modules: readonly CapabilityModule[]): Issue[] {
  return [...criterionsIn(criteria)].flatMap(({ criterion: { target, test }, at }) => {
    const problem = problemIn(vocabulary, target);
    const message = problem && `the target ${JSON.stringify(target)} ${problem.is}: ${problem.reason}`;
    const clause = { rule: targetRule, clause: "QRY-TE-006" };
    return [...(message === undefined ? [] : [issue(message, [...at, "target"], clause)]), ...issuesOfTest(test, [...at, "test"], modules)];
  });
}

/** Of third parties' modules only: of the others the rules of messages tell. */
function issuesOfTest(test: Test, path: QueryPath, modules: readonly CapabilityModule[]): Issue[] {
  if (findCustom(test.capabilityId, modules) === undefined) return [];
  const known = definitionsOf(test.capabilityId, modules) ?? {};
  const definition = Object.hasOwn(known, test.relationship) ? known[test.relationship] : undefined;
  if (definition === undefined)
    return [
      issue(`expected one of ${Object.keys(known).join(", ")}, found ${JSON.stringify(test.relationship)}`, [...path, "relationship"]),
    ];
  return [...parameterFaults(test, definition)].map(({ message, at }) => issue(message, [...path, "parameters", ...at]));
}

function issue(message: string, path: QueryPath, rest: Pick<Issue, "rule" | "clause"> = { clause: "QRY-STR-006" }): Issue {
  return { path: formatPath(path), message, severity: "error", ...rest };
}
