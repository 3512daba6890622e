/** Whether a service says that it can answer a query. */

import type { Criteria, Criterion, DefaultQuery, TargetingExpressionInfo } from "../../../generated/default-query/index.js";
import type { ServiceInstance } from "../../../generated/taxii11/index.js";
import { ParseError } from "../../errors.js";
import { isDefaultQuery, type QueryInfo, readQueryInfo } from "../../message/query-body.js";
import { problemOfTarget } from "../../message/targeting.js";
import { isWithinScopes } from "../../query/scope.js";

/**
 * What a query needs and the poll services of a producer do not say that they have (QRY-INF-004), in sentences with the
 * services' words in them.
 *
 * @returns nothing when one of the services has it all
 */
export function missingSupport(query: DefaultQuery, services: readonly ServiceInstance[]): readonly string[] {
  const polls = services.filter(({ serviceType, available }) => serviceType === "POLL" && available !== false);
  const bodies = polls.flatMap(({ supportedQueries }) => supportedQueries);
  if (bodies.length === 0) return ["no poll service of this producer says that it takes queries"];
  const infos = bodies.filter(isDefaultQuery);
  if (infos.length === 0)
    return [`the producer does not say that it takes Default Query; its formats are ${bodies.map(({ formatId }) => formatId).join(", ")}`];
  const findings = infos.map((body) => {
    try {
      return missingFrom(query, readQueryInfo(body));
    } catch (error) {
      if (error instanceof ParseError) return [`what the producer says about its queries cannot be read: ${error.message}`];
      throw error;
    }
  });
  return findings.reduce((best, next) => (next.length < best.length ? next : best));
}

function missingFrom(query: DefaultQuery, { targetingExpressionInfos, capabilityModules }: QueryInfo): readonly string[] {
  const vocabulary = query.targetingExpressionId;
  const regions = targetingExpressionInfos.filter(({ targetingExpressionId }) => targetingExpressionId === vocabulary);
  if (regions.length === 0) {
    const known = targetingExpressionInfos.map(({ targetingExpressionId }) => targetingExpressionId ?? "one without a name");
    return [`the producer does not say that it searches ${vocabulary}; it searches ${known.join(", ")} (see --tev)`];
  }
  const criteria = criteriaOf(query.criteria);
  const modules = new Set(criteria.map(({ test }) => test.capabilityId).filter((id) => !capabilityModules.includes(id)));
  const targets = new Set(criteria.map(({ target }) => target).filter((target) => !isCovered(target, vocabulary, regions)));
  return [
    ...[...modules].map((id) => `the producer does not say that it has the module ${id}; it has ${capabilityModules.join(", ")}`),
    ...[...targets].map(
      (target) => `the producer does not say that it searches all of ${target}; it searches ${scopesOf(regions).join(", ")}`,
    ),
  ];
}

function isCovered(target: string, vocabulary: string, regions: readonly TargetingExpressionInfo[]): boolean {
  return isWithinScopes(
    target,
    scopesOf(regions).filter((scope) => problemOfTarget(scope, vocabulary) === undefined),
  );
}

function scopesOf(regions: readonly TargetingExpressionInfo[]): readonly string[] {
  return regions.flatMap(({ preferredScopes, allowedScopes }) => [...preferredScopes, ...allowedScopes]);
}

/** Every single test of a query. */
function criteriaOf({ items }: Criteria): readonly Criterion[] {
  return items.flatMap((item) => ("criteria" in item ? criteriaOf(item.criteria) : [item.criterion]));
}
