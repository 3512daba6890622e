/** Queries from conditions. */

import type { DefaultQuery } from "../../../generated/default-query/index.js";
import type { Vocabulary } from "../define-vocabulary.js";
import { assertQuery, type QueryLanguage } from "../problems.js";
import { type Condition, criteriaOf, flat } from "./condition.js";

/**
 * The query for a condition: what `client.poll` and `client.subscribe` take, `matches` runs and `toXml(DefaultQuery, …)` writes.
 * Groups within groups of the same operator become one, and groups come before single tests (QRY-STR-003); neither changes the
 * result.
 *
 * ```ts
 * const wanted = query(
 *   "urn:stix.mitre.org:xml:1.1.1",
 *   all(startsWith("STIX_Package/Indicators/Indicator/@id", "example:"), not(exists("STIX_Package/TTPs"))),
 * );
 * ```
 *
 * @param vocabulary what all targets are written in (QRY-STR-005): its identifier, or the vocabulary itself, so that its names and
 *   wildcards are checked too
 * @throws ValidationError for targets that are none of the vocabulary and tests that are none of their modules, each with its place
 */
export function query(vocabulary: string | Vocabulary, condition: Condition, language: Pick<QueryLanguage, "modules"> = {}): DefaultQuery {
  const given = typeof vocabulary === "string" ? { id: vocabulary } : vocabulary;
  const made = { targetingExpressionId: given.id, criteria: criteriaOf(flat(condition)) };
  assertQuery(made, { ...language, vocabularies: [given] });
  return made;
}
