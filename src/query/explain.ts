/** Queries in plain words. */

import type { Criteria, Criterion, DefaultQuery, Test } from "../../generated/default-query/index.js";
import { visible } from "../codec/quote.js";
import { moduleOf, parameterFaults, parameterOf } from "../message/capabilities.js";
import { trimmed } from "./decimal.js";
import { type CapabilityModule, definitionOf, findCustom, relationshipIn, valuesOf } from "./define-module.js";

/** What {@link explain} knows beside Default Query. */
export interface ExplainOptions {
  /** Capability modules of third parties, with words of their own. Default: none. */
  readonly modules?: readonly CapabilityModule[] | undefined;
}

/**
 * A query in plain words: a line for each criterion, groups indented. The same query gives the same text, with nothing in it that
 * a terminal would act on.
 *
 * ```text
 * Records of urn:stix.mitre.org:xml:1.1.1 for which all of these hold:
 *   - some STIX_Package/@id begins with "ex:"
 *   - no STIX_Package/@timestamp is before 2014-01-01T00:00:00Z
 * ```
 */
export function explain({ targetingExpressionId, criteria }: DefaultQuery, { modules = [] }: ExplainOptions = {}): string {
  const lines = linesOf(criteria, modules, 1);
  const [only] = criteria.items;
  const isSingle = criteria.items.length === 1 && only !== undefined && "criterion" in only;
  const heading = isSingle ? "for which this holds" : `for which ${quantityOf(criteria)}`;
  return visible([`Records of ${oneLine(targetingExpressionId)} ${heading}:`, ...lines, ""].join("\n"));
}

function quantityOf({ operator }: Criteria): string {
  return operator === "AND" ? "all of these hold" : "at least one of these holds";
}

function linesOf({ items }: Criteria, modules: readonly CapabilityModule[], level: number): string[] {
  const bullet = `${"  ".repeat(level)}- `;
  return items.flatMap((item) =>
    "criteria" in item
      ? [`${bullet}${quantityOf(item.criteria)}:`, ...linesOf(item.criteria, modules, level + 1)]
      : [`${bullet}${sentence(item.criterion, modules)}`],
  );
}

function sentence({ negate, target, test }: Criterion, modules: readonly CapabilityModule[]): string {
  const place = oneLine(target.trim());
  const isPresence =
    findCustom(test.capabilityId, modules) === undefined && moduleOf(test.capabilityId) === "core" && presences.has(test.relationship);
  if (!isPresence) return `${negate ? "no" : "some"} ${place} ${predicate(test, modules)}`;
  const isThere = (test.relationship === "exists") !== negate;
  return `there is ${isThere ? "at least one" : "no"} ${place}`;
}

const presences: ReadonlySet<string> = new Set(["exists", "does_not_exist"]);

function predicate(test: Test, modules: readonly CapabilityModule[]): string {
  const custom = findCustom(test.capabilityId, modules);
  if (custom !== undefined) return oneLine(ownWords(test, custom) ?? fallback(test));
  const definition = definitionOf(test);
  const words = wordsFor(test);
  // Only what is understood is said in words; the rest as it is written.
  if (definition === undefined || words === undefined || parameterFaults(test, definition).next().done !== true) return fallback(test);
  const [verb, kind] = words;
  const value = parameterOf(test, "value") ?? "";
  const ignoresCase = word(test, "match_type") === "case_insensitive_string" || word(test, "case_sensitive") === "false";
  return `${verb} ${kind === "bare" ? oneLine(trimmed(value)) : shown(value)}${ignoresCase ? ", whatever the case of its letters" : ""}`;
}

function word(test: Test, name: string): string {
  return trimmed(parameterOf(test, name) ?? "");
}

function wordsFor(test: Test): Words | undefined {
  if (moduleOf(test.capabilityId) === "timestamp") return timestamps[test.relationship];
  return word(test, "match_type") === "number" ? numbers[test.relationship] : texts[test.relationship];
}

/** What comes before the value, and whether the value stands there without quotes. */
type Words = readonly [verb: string, kind?: "bare"];

const numbers: Readonly<Record<string, Words>> = {
  equals: ["is the number", "bare"],
  not_equals: ["is a number other than", "bare"],
};

const texts: Readonly<Record<string, Words>> = {
  equals: ["is"],
  not_equals: ["has a value other than"],
  greater_than: ["is a number greater than", "bare"],
  greater_than_or_equal: ["is a number of at least", "bare"],
  less_than: ["is a number less than", "bare"],
  less_than_or_equal: ["is a number of at most", "bare"],
  begins_with: ["begins with"],
  ends_with: ["ends with"],
  contains: ["contains"],
  matches: ["matches the regular expression"],
};

const timestamps: Readonly<Record<string, Words>> = {
  equals: ["is the instant", "bare"],
  greater_than: ["is after", "bare"],
  greater_than_or_equal: ["is at or after", "bare"],
  greater_than_or_equals: ["is at or after", "bare"],
  less_than: ["is before", "bare"],
  less_than_or_equal: ["is at or before", "bare"],
  less_than_or_equals: ["is at or before", "bare"],
};

/** What the module says of a test, when it has words for it and takes its parameters. */
function ownWords(test: Test, module: CapabilityModule): string | undefined {
  const relationship = relationshipIn(module, test.relationship);
  if (relationship?.explain === undefined || parameterFaults(test, relationship.parameters).next().done !== true) return undefined;
  return relationship.explain(valuesOf(relationship, test.parameters));
}

function fallback({ capabilityId, relationship, parameters }: Test): string {
  const given = parameters.map(({ name, value }) => `${oneLine(name)} ${shown(value)}`).join(", ");
  return `satisfies ${oneLine(relationship)} of ${oneLine(capabilityId)}${given === "" ? "" : ` with ${given}`}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ");
}

/** In quotes, white space and all. */
function shown(text: string): string {
  return JSON.stringify(text);
}
