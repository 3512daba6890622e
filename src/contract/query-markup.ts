/** Queries as markup, written by hand so that they can be wrong where a check wants that. */

import { capabilityModules, namespaces, queryFormats } from "../constants.js";
import { elementOf } from "./documents.js";
import { escaped } from "./texts.js";

/** A part of a query: its markup, and the same for people. */
export interface Condition {
  readonly markup: string;
  readonly text: string;
}

type Parameters = Readonly<Record<string, string>> | readonly (readonly [string, string])[];

/**
 * A Criterion.
 *
 * @param relationship of core, or of the module before a colon: `regex:matches`; a module that is no short name is an identifier
 * @param parameters in their order; pairs where a name comes twice
 */
export function test(target: string, relationship: string, parameters: Parameters = {}): Condition {
  const { module, name } = partsOf(relationship);
  const pairs = isList(parameters) ? parameters : Object.entries(parameters);
  const given = pairs.map(([parameter, value]) => elementOf("tdq:Parameter", { name: parameter }, escaped(value)));
  const tested = elementOf("tdq:Test", { capability_id: module, relationship: name }, given.join(""));
  return {
    markup: elementOf("tdq:Criterion", {}, elementOf("tdq:Target", {}, escaped(target)) + tested),
    text: [target, relationship, ...pairs.map(([parameter, value]) => `${parameter} "${value}"`)].join(" "),
  };
}

// Array.isArray forgets what is in a list that cannot be changed.
function isList(parameters: Parameters): parameters is readonly (readonly [string, string])[] {
  return Array.isArray(parameters);
}

/** The parameters for a value that is compared as it is; not every service agrees on what goes without saying. */
export function exactly(value: string): Readonly<Record<string, string>> {
  return { value, match_type: "case_sensitive_string" };
}

function partsOf(relationship: string): { readonly module: string; readonly name: string } {
  const at = relationship.lastIndexOf(":");
  if (at < 0) return { module: capabilityModules.core, name: relationship };
  const module = relationship.slice(0, at);
  const known: Readonly<Record<string, string>> = capabilityModules;
  return { module: known[module] ?? module, name: relationship.slice(at + 1) };
}

/** The opposite of a Criterion. */
export function not({ markup, text }: Condition): Condition {
  return { markup: markup.replace("<tdq:Criterion>", '<tdq:Criterion negate="true">'), text: `not ${text}` };
}

/** Criteria of which all hold. */
export const all = (...parts: readonly Condition[]): Condition => criteria("AND", parts);

/** Criteria of which one holds. */
export const any = (...parts: readonly Condition[]): Condition => criteria("OR", parts);

/** Criteria; the operator may be none. */
export function criteria(operator: string, parts: readonly Condition[]): Condition {
  return {
    markup: elementOf("tdq:Criteria", { operator }, parts.map(({ markup }) => markup).join("")),
    text: `(${parts.map(({ text }) => text).join(` ${operator} `)})`,
  };
}

/** A Default_Query. */
export function defaultQuery(vocabulary: string, condition: Condition): string {
  const root = condition.markup.startsWith("<tdq:Criteria") ? condition : all(condition);
  const attributes = { "xmlns:tdq": namespaces.defaultQuery, targeting_expression_id: vocabulary };
  return elementOf("tdq:Default_Query", attributes, root.markup);
}

/** A Query with whatever is to be in it. */
export function queryElement(inside: string): string {
  return elementOf("Query", { format_id: queryFormats.default10 }, inside);
}

/** A Query. */
export function queryOf(vocabulary: string, condition: Condition): string {
  return queryElement(defaultQuery(vocabulary, condition));
}
