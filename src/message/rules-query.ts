/** Rules about Default Query: where its bodies stand in messages, and what is in them. */

import { Criteria, DefaultQuery, DefaultQueryInfo, TargetingExpressionInfo, Test } from "../../generated/default-query/messages.js";
import { Query, SupportedQuery } from "../../generated/taxii11/messages.js";
import type { Shape } from "../binding/index.js";
import { quote } from "../codec/frames.js";
import { ParseError } from "../errors.js";
import { findModule, parameterFaults } from "./capabilities.js";
import { criterionsIn } from "./criteria.js";
import { type FormattedBody, isDefaultQuery, QueryInfo, readQuery, readQueryInfo } from "./query-body.js";
import { type Inspect, type Report, type Rule, rule } from "./rule.js";
import { identifierRules } from "./rules-identifiers.js";
import { problemOfTarget } from "./targeting.js";

// A service answers queries it does not like with statuses of their own, in an order of their own, and needs not look at
// them at all when it takes no queries: to a receiver none of this makes the message bad.
const query = "tolerated";

function inspectBody<T>(shape: Shape<T>, read: (body: FormattedBody) => T, body: FormattedBody, report: Report, inspect: Inspect): void {
  if (!isDefaultQuery(body)) return;
  let found: T;
  try {
    found = read(body);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    report(error.message, "content");
    return;
  }
  inspect(shape, found, "content");
}

const bodyRules: readonly Rule[] = [
  rule(
    Query,
    "taxii11/query-obeys-its-format",
    ["XML-PRQ-007", "QRY-STR-001", "QRY-STR-002", "QRY-STR-004"],
    (body, report, inspect) => inspectBody(DefaultQuery, readQuery, body, report, inspect),
    query,
  ),
  rule(
    SupportedQuery,
    "taxii11/supported-query-obeys-its-format",
    ["XML-DSC-010", "QRY-INF-001"],
    (body, report, inspect) => inspectBody(QueryInfo, readQueryInfo, body, report, inspect),
    query,
  ),
];

const structureRules: readonly Rule[] = [
  rule(
    Criteria,
    "default-query/criteria-before-criterion",
    "QRY-STR-003",
    ({ items }, report) => {
      const firstCriterion = items.findIndex((item) => "criterion" in item);
      const late = items.findIndex((item, index) => "criteria" in item && firstCriterion >= 0 && index > firstCriterion);
      if (late >= 0) report("Criteria cannot come behind a Criterion", "items", late);
    },
    query,
  ),
  rule(
    DefaultQuery,
    "default-query/targets-fit-vocabulary",
    ["QRY-TE-001", "QRY-TE-006", "QRY-STR-005"],
    ({ targetingExpressionId, criteria }, report) => {
      for (const { criterion, at } of criterionsIn(criteria)) {
        const problem = problemOfTarget(criterion.target, targetingExpressionId);
        if (problem !== undefined) report(problem, ...at, "target");
      }
    },
    query,
  ),
  rule(Test, "default-query/relationship-is-defined", "QRY-STR-006", checkRelationship, query),
  rule(
    Test,
    "default-query/parameters-fit-relationship",
    ["QRY-STR-006", "QRY-CORE-002", "QRY-CORE-010", "QRY-CORE-013", "QRY-TIM-002", "QRY-RGX-002"],
    (test, report) => {
      const known = findModule(test.capabilityId) ?? {};
      const definition = Object.hasOwn(known, test.relationship) ? known[test.relationship] : undefined;
      if (definition === undefined) return;
      for (const { message, at } of parameterFaults(test, definition)) report(message, "parameters", ...at);
    },
    query,
  ),
  rule(
    TargetingExpressionInfo,
    "default-query/info-names-vocabulary",
    "QRY-INF-002",
    ({ targetingExpressionId }, report) => {
      if (targetingExpressionId === undefined) report("expected the identifier of a vocabulary", "targetingExpressionId");
    },
    query,
  ),
  rule(
    TargetingExpressionInfo,
    "default-query/info-has-scope",
    "QRY-INF-002",
    ({ preferredScopes, allowedScopes }, report) => {
      if (preferredScopes.length + allowedScopes.length === 0) report("expected a preferred or an allowed scope");
    },
    query,
  ),
  rule(
    TargetingExpressionInfo,
    "default-query/scopes-fit-vocabulary",
    "QRY-INF-003",
    ({ targetingExpressionId = "", preferredScopes, allowedScopes }, report) => {
      for (const [property, scopes] of Object.entries({ preferredScopes, allowedScopes })) {
        for (const [index, scope] of scopes.entries()) {
          const problem = problemOfTarget(scope, targetingExpressionId);
          if (problem !== undefined) report(problem, property, index);
        }
      }
    },
    query,
  ),
];

function checkRelationship({ capabilityId, relationship }: Test, report: Report): void {
  const known = findModule(capabilityId);
  // Nothing is known about the modules of third parties.
  if (known === undefined || Object.hasOwn(known, relationship)) return;
  report(`expected one of ${Object.keys(known).join(", ")}, found ${quote(relationship)}`, "relationship");
}

/** All rules about Default Query. */
export const queryRules: readonly Rule[] = [
  ...bodyRules,
  ...structureRules,
  ...identifierRules("default-query", [DefaultQuery, DefaultQueryInfo, QueryInfo]),
];
