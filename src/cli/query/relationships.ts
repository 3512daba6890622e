/** Relationships as one writes them on the command line, and the tests they become. */

import type { Parameter, Test } from "../../../generated/default-query/index.js";
import { capabilityModules, relationships, timestampRelationshipAliases } from "../../constants.js";
import { findModule, type RelationshipDefinition } from "../../message/capabilities.js";
import { isRfc3339 } from "../../message/rfc3339.js";

type ModuleName = keyof typeof capabilityModules;

/** A relationship of a module. */
export interface Relationship {
  readonly module: ModuleName;
  readonly name: string;
  /** Whether the module was named, and is not to be chosen by the value. */
  readonly isExplicit: boolean;
}

const symbols: Readonly<Record<string, string>> = {
  "=": "equals",
  "!=": "not_equals",
  ">": "greater_than",
  ">=": "greater_than_or_equal",
  "<": "less_than",
  "<=": "less_than_or_equal",
  "~": "matches",
};

/** What can be written for a relationship, for people. */
export const relationshipWords = [...relationships.core, ...relationships.regex, ...Object.keys(symbols)].join(", ");

/**
 * Finds a relationship: a name, a symbol, or either with its module before it, `timestamp:equals`. Without a module it is
 * one of core, or `matches` of regex.
 *
 * @returns undefined when there is none
 */
export function findRelationship(text: string): Relationship | undefined {
  const [prefix, rest] = text.includes(":") ? splitAtColon(text) : [undefined, text];
  const name = Object.hasOwn(symbols, rest) ? (symbols[rest] ?? rest) : rest;
  const modules: readonly ModuleName[] = prefix === undefined ? ["core", "regex"] : isModuleName(prefix) ? [prefix] : [];
  const module = modules.find((candidate) => Object.hasOwn(definitionsOf(candidate), name));
  return module === undefined ? undefined : { module, name, isExplicit: prefix !== undefined };
}

function splitAtColon(text: string): [string, string] {
  const at = text.indexOf(":");
  return [text.slice(0, at), text.slice(at + 1)];
}

function isModuleName(text: string): text is ModuleName {
  return Object.hasOwn(capabilityModules, text);
}

function definitionsOf(module: ModuleName): Readonly<Record<string, RelationshipDefinition>> {
  return findModule(capabilityModules[module]) ?? {};
}

/** The parameters a relationship takes. */
export function parametersOf({ module, name }: Relationship): RelationshipDefinition {
  return definitionsOf(module)[name] ?? {};
}

/**
 * The relationship for a value. Core compares numbers only, so an order of dates is one of the timestamp module, unless the
 * module was named.
 */
export function relationshipFor(relationship: Relationship, value: string): Relationship {
  const { module, name, isExplicit } = relationship;
  const isOrder = name.startsWith("greater_than") || name.startsWith("less_than");
  return module === "core" && !isExplicit && isOrder && isRfc3339(value) ? { ...relationship, module: "timestamp" } : relationship;
}

/** How texts are compared. */
export type Comparison = "case" | "nocase" | "number";

/** Whether a relationship can compare in this way. */
export function allowsComparison(relationship: Relationship, comparison: Comparison): boolean {
  const parameters = parametersOf(relationship);
  return "match_type" in parameters || (comparison !== "number" && "case_sensitive" in parameters);
}

const matchTypeOf = { case: "case_sensitive_string", nocase: "case_insensitive_string", number: "number" } as const;

/** The test of a relationship with a value. How texts are compared is always stated, as not all services agree on the default. */
export function testOf(relationship: Relationship, value: string | undefined, comparison: Comparison): Test {
  const definition = parametersOf(relationship);
  const parameters: Parameter[] = value === undefined ? [] : [{ name: "value", value }];
  if ("match_type" in definition) parameters.push({ name: "match_type", value: matchTypeOf[comparison] });
  if ("case_sensitive" in definition) parameters.push({ name: "case_sensitive", value: String(comparison !== "nocase") });
  return { capabilityId: capabilityModules[relationship.module], relationship: officialName(relationship), parameters };
}

/** The spelling of the specification, where two of the timestamp module's are taken as well as those of core (QRY-TIM-003). */
function officialName({ module, name }: Relationship): string {
  const aliases: Readonly<Record<string, string>> = module === "timestamp" ? timestampRelationshipAliases : {};
  return aliases[name] ?? name;
}

/** What keeps these parameters from being legal, or undefined. */
export function problemOfTest(relationship: Relationship, { parameters }: Test): string | undefined {
  const valueOf = (name: string): string | undefined => parameters.find((parameter) => parameter.name === name)?.value;
  const value = valueOf("value");
  const definition = parametersOf(relationship)["value"];
  return value === undefined ? undefined : definition?.problem(value, valueOf);
}
