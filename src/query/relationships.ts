/** Relationships of capability modules, and the tests they become. */

import type { Parameter, Test } from "../../generated/default-query/index.js";
import { capabilityModules, type MatchType, timestampRelationshipAliases } from "../constants.js";
import { moduleOf, parameterOf, type RelationshipDefinition } from "../message/capabilities.js";
import { isRfc3339 } from "../message/rfc3339.js";
import { type CapabilityModule, definitionOf } from "./define-module.js";

/** A relationship of a module. */
export interface Relationship {
  /** Identifier of the module. */
  readonly capabilityId: string;
  readonly name: string;
  /** Its parameters; undefined when nothing is known of the module. */
  readonly definition: RelationshipDefinition | undefined;
}

/** The relationship of a module that is known; undefined when it has none of that name. */
export function relationshipOf(capabilityId: string, name: string, modules?: readonly CapabilityModule[]): Relationship | undefined {
  const definition = definitionOf({ capabilityId, relationship: name }, modules);
  return definition && { capabilityId, name, definition };
}

/**
 * The relationship for a value where the module was not named: core compares numbers only, so an order of dates is one of the
 * timestamp module.
 */
export function relationshipFor(relationship: Relationship, value: string): Relationship {
  const { capabilityId, name } = relationship;
  if (capabilityId !== capabilityModules.core || !/^(?:greater|less)_than/.test(name) || !isRfc3339(value)) return relationship;
  return relationshipOf(capabilityModules.timestamp, officialName(capabilityModules.timestamp, name)) ?? relationship;
}

/** How texts are compared. */
export type Comparison = "case" | "nocase" | "number";

/** Whether a relationship of Default Query can compare in this way. */
export function allowsComparison({ capabilityId, definition = {} }: Relationship, comparison: Comparison): boolean {
  if (moduleOf(capabilityId) === undefined) return false;
  return "match_type" in definition || (comparison !== "number" && "case_sensitive" in definition);
}

/** How texts are compared by a match type. */
export const comparisonOf: Readonly<Record<MatchType, Comparison>> = {
  case_sensitive_string: "case",
  case_insensitive_string: "nocase",
  number: "number",
};

const matchTypeOf = { case: "case_sensitive_string", nocase: "case_insensitive_string", number: "number" } as const;

/** The test of a relationship with a value. How texts are compared is always stated, as not all services agree on the default. */
export function testOf(relationship: Relationship, value: string | undefined, comparison: Comparison): Test {
  const { capabilityId, name } = relationship;
  const parameters: Parameter[] = value === undefined ? [] : [{ name: "value", value }];
  if (allowsComparison(relationship, comparison)) {
    if ("match_type" in (relationship.definition ?? {})) parameters.push({ name: "match_type", value: matchTypeOf[comparison] });
    else parameters.push({ name: "case_sensitive", value: String(comparison === "case") });
  }
  return { capabilityId, relationship: officialName(capabilityId, name), parameters };
}

/** The spelling of the specification, where two of the timestamp module's are taken as well as those of core (QRY-TIM-003). */
function officialName(capabilityId: string, name: string): string {
  const aliases: Readonly<Record<string, string>> = moduleOf(capabilityId) === "timestamp" ? timestampRelationshipAliases : {};
  return aliases[name] ?? name;
}

/** What keeps the value of a test from being legal, or undefined. */
export function problemOfValue({ definition }: Relationship, test: Test): string | undefined {
  const value = parameterOf(test, "value");
  return value === undefined ? undefined : definition?.["value"]?.problem(value, (name) => parameterOf(test, name));
}
