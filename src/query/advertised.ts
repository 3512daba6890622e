/** What a query needs and a service does not advertise (QRY-INF-004), known before anything is sent. */

import type { DefaultQuery, TargetingExpressionInfo } from "../../generated/default-query/index.js";
import { capabilityModules } from "../constants.js";
import { ParseError } from "../errors.js";
import { moduleOf } from "../message/capabilities.js";
import { criterionsIn } from "../message/criteria.js";
import { type FormattedBody, isDefaultQuery, type QueryInfo, readQuery, readQueryInfo } from "../message/query-body.js";
import { problemOfTarget } from "../message/targeting.js";
import { isWithinScopes } from "./scope.js";

/** One thing that a query needs and a service does not say that it has. */
export interface MissingSupport {
  /**
   * What kind of thing: queries at all, the `version` of TAXII that has them, the query format, the vocabulary, a capability
   * module, a target within the scopes; `unknown` where what the service says cannot be read.
   */
  readonly kind: "queries" | "version" | "format" | "vocabulary" | "module" | "target" | "unknown";
  /** What the query asks for; for `unknown`, why it cannot be read. */
  readonly asked: string;
  /** What there is in its place, as the service writes it. */
  readonly supported: readonly string[];
}

/**
 * What a query needs and none of these bodies of `Supported_Query` says. Scopes that cannot be decided in good time count as
 * wide enough.
 *
 * @param supported all that one service advertises, or several of which one must have it all
 * @returns nothing when there is one that has it all; otherwise what the best of them lacks
 * @throws ParseError when the body of the query is none of Default Query (QRY-STR-001)
 */
export function missingSupport(query: FormattedBody, supported: readonly FormattedBody[]): readonly MissingSupport[] {
  const { formatId } = query;
  if (supported.length === 0) return [{ kind: "queries", asked: formatId, supported: [] }];
  const bodies = supported.filter((body) => body.formatId === formatId);
  if (bodies.length === 0) return [{ kind: "format", asked: formatId, supported: [...new Set(supported.map((body) => body.formatId))] }];
  // What other formats can be asked for is theirs to say (QRY-GEN-005).
  if (!isDefaultQuery(query)) return [];
  const read = readQuery(query);
  return bodies.map((body) => missingFromBody(read, body)).reduce((best, next) => (next.length < best.length ? next : best));
}

function missingFromBody(query: DefaultQuery, body: FormattedBody): readonly MissingSupport[] {
  try {
    return missingFrom(query, readQueryInfo(body));
  } catch (error) {
    if (error instanceof ParseError) return [{ kind: "unknown", asked: error.message, supported: [] }];
    throw error;
  }
}

function missingFrom(query: DefaultQuery, { targetingExpressionInfos, capabilityModules: modules }: QueryInfo): readonly MissingSupport[] {
  const vocabulary = query.targetingExpressionId;
  const regions = targetingExpressionInfos.filter(({ targetingExpressionId }) => targetingExpressionId === vocabulary);
  if (regions.length === 0) {
    const known = targetingExpressionInfos.map(({ targetingExpressionId }) => targetingExpressionId ?? "one without a name");
    return [{ kind: "vocabulary", asked: vocabulary, supported: known }];
  }
  const criteria = [...criterionsIn(query.criteria)].map(({ criterion }) => criterion);
  const has = new Set(modules.map(sameModule));
  const unknown = new Set(criteria.map(({ test }) => test.capabilityId).filter((id) => !has.has(sameModule(id))));
  const scopes = scopesOf(regions);
  const usable = scopes.filter((scope) => problemOfTarget(scope, vocabulary) === undefined);
  const outside = new Set(criteria.map(({ target }) => target).filter((target) => !isWithinScopes(target, usable)));
  return [
    ...[...unknown].map((asked): MissingSupport => ({ kind: "module", asked, supported: modules })),
    ...[...outside].map((asked): MissingSupport => ({ kind: "target", asked, supported: scopes })),
  ];
}

/** The modules of the 1.1.1 draft are those of 1.0 by other names. */
function sameModule(id: string): string {
  const name = moduleOf(id);
  return name === undefined ? id : capabilityModules[name];
}

function scopesOf(regions: readonly TargetingExpressionInfo[]): readonly string[] {
  return regions.flatMap(({ preferredScopes, allowedScopes }) => [...preferredScopes, ...allowedScopes]);
}

/**
 * A sentence, without its full stop, about what is missing; with the service's own words in it.
 *
 * @param subject who does not say that it has it, such as `the service`
 */
export function describeMissing({ kind, asked, supported }: MissingSupport, subject: string): string {
  const list = [...supported.slice(0, 5), ...(supported.length > 5 ? [`and ${supported.length - 5} more`] : [])].join(", ");
  switch (kind) {
    case "queries":
      return `${subject} does not say that it takes queries`;
    case "version":
      return `${subject} speaks TAXII 1.0, and queries came with TAXII 1.1`;
    case "format":
      return `${subject} does not say that it takes queries in the format ${asked}; its formats are ${list}`;
    case "vocabulary":
      return `${subject} does not say that it searches ${asked}; it searches ${list}`;
    case "module":
      return `${subject} does not say that it has the module ${asked}; it has ${list}`;
    case "target":
      return `${subject} does not say that it searches all of ${asked}; it searches ${list}`;
    case "unknown":
      return `what ${subject} says about its queries cannot be read: ${asked}`;
  }
}
