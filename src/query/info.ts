/** What a service says about the queries it takes: `Default_Query_Info`. */

import { allModules } from "../message/capabilities.js";
import type { QueryInfo } from "../message/query-body.js";
import { moduleIds, type QuerySupport, scopesOf } from "./check.js";
import { checkScopes, type Vocabulary } from "./define-vocabulary.js";

/** What {@link queryInfo} takes. */
export interface QueryInfoInit {
  /** At least one; with an identifier alone all of a record can be asked about (QRY-INF-005). */
  readonly vocabularies: readonly (string | Vocabulary)[];
  /** Capability modules, at least one. Default: `core`, `regex` and `timestamp`. */
  readonly modules?: QuerySupport["modules"] | undefined;
}

/**
 * The information about queries that a service advertises: its vocabularies with their scopes, preferred ones first, and its
 * capability modules. `queryInfoBody` makes a `Supported_Query` of it, `toXml(QueryInfo, …)` and `toJson(QueryInfo, …)` its element
 * alone.
 *
 * ```ts
 * queryInfoBody(queryInfo({ vocabularies: [{ id: STIX_111, preferredScopes: ["STIX_Package/STIX_Header/**"], allowedScopes: ["**"] }] }));
 * ```
 *
 * @throws TypeError without vocabulary or module (QRY-INF-001), for one that is there twice, and for a scope that is none (QRY-INF-003)
 */
export function queryInfo({ vocabularies, modules = allModules }: QueryInfoInit): QueryInfo {
  if (vocabularies.length === 0 || modules.length === 0) throw new TypeError("Default Query needs a vocabulary and a capability module");
  const complete = vocabularies.map((vocabulary) => (typeof vocabulary === "string" ? { id: vocabulary } : vocabulary));
  for (const vocabulary of complete) checkScopes(vocabulary);
  const capabilityModules = moduleIds(modules);
  requireDifferent(
    "vocabulary",
    complete.map(({ id }) => id),
  );
  requireDifferent("capability module", capabilityModules);
  return { targetingExpressionInfos: complete.map(infoOf), capabilityModules };
}

function infoOf(vocabulary: Vocabulary): QueryInfo["targetingExpressionInfos"][number] {
  const { preferred, allowed } = scopesOf(vocabulary);
  // Without any scope nothing could be asked (QRY-INF-002).
  if (preferred.length + allowed.length === 0) throw new TypeError(`the vocabulary ${vocabulary.id} has no scope; "**" is all of a record`);
  return { targetingExpressionId: vocabulary.id, preferredScopes: [...preferred], allowedScopes: [...allowed] };
}

function requireDifferent(what: string, ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new TypeError(`the ${what} ${twice} is there twice`);
}
