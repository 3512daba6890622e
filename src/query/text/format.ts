/** Queries written as text. */

import type { Criteria, Criterion, DefaultQuery, Parameter, Test } from "../../../generated/default-query/index.js";
import { parameterOf } from "../../message/capabilities.js";
import type { CapabilityModule } from "../define-module.js";
import { type Comparison, type Relationship, relationshipFor, testOf } from "../relationships.js";
import { quoted, wordOf } from "./tokens.js";
import { findInModule, findRelationship, isSymbol, shortNameOf, shortVocabularies, symbolOf } from "./words.js";

/** How a query is written. */
export interface FormatQueryOptions {
  /** Capability modules of third parties, whose relationships are then written by the module's short name. Default: none. */
  readonly modules?: readonly CapabilityModule[] | undefined;
  /** Whether each part of a group has a line of its own. Default: false. */
  readonly pretty?: boolean | undefined;
}

/**
 * A query as text, which `parseQuery` reads; the same query comes out again, but that Criteria come first (QRY-STR-003).
 *
 * ```text
 * in stix-1.1.1 where STIX_Package/@id begins_with ex: and not (…)
 * ```
 */
export function formatQuery(
  { targetingExpressionId, criteria }: DefaultQuery,
  { modules = [], pretty = false }: FormatQueryOptions = {},
): string {
  const short = Object.entries(shortVocabularies).find(([, id]) => id === targetingExpressionId)?.[0];
  // In quotes an identifier cannot be taken for a short name or a relationship.
  const vocabulary = short ?? quoted(targetingExpressionId);
  const writer = new Writer(modules, pretty);
  return `in ${vocabulary} where${pretty ? "\n  " : " "}${writer.root(criteria)}${pretty ? "\n" : ""}`;
}

class Writer {
  readonly #modules: readonly CapabilityModule[];
  readonly #pretty: boolean;

  constructor(modules: readonly CapabilityModule[], pretty: boolean) {
    this.#modules = modules;
    this.#pretty = pretty;
  }

  root(criteria: Criteria): string {
    const { operator, items } = criteria;
    const [first] = items;
    // A single test is read as the only part of Criteria with AND.
    if (items.length === 1 && operator === "AND" && first !== undefined && "criterion" in first) return this.#criterion(first.criterion);
    return items.length === 1 ? this.#group(criteria, 1) : this.#parts(criteria, 1);
  }

  #group(criteria: Criteria, level: number): string {
    const name = criteria.items.length === 1 ? { AND: "all", OR: "any" }[criteria.operator] : "";
    const inner = this.#parts(criteria, level + 1);
    return this.#pretty ? `${name}(\n${indent(level + 1)}${inner}\n${indent(level)})` : `${name}(${inner})`;
  }

  #parts({ operator, items }: Criteria, level: number): string {
    const parts = items.map((item) => ("criteria" in item ? this.#group(item.criteria, level) : this.#criterion(item.criterion)));
    return parts.join(`${this.#pretty ? `\n${indent(level)}` : " "}${operator.toLowerCase()} `);
  }

  #criterion({ negate, target, test }: Criterion): string {
    return `${negate ? "not " : ""}${wordOf(target)} ${this.#test(test)}`;
  }

  /** The shortest form that says exactly this; where none does, all parameters one by one. */
  #test(test: Test): string {
    for (const [text, relationship, isExplicit] of this.#names(test)) {
      const short = shortForm(test, text, relationship, isExplicit);
      if (short !== undefined) return short;
    }
    const parameters = test.parameters.map(({ name, value }) => `${nameOf(name)}=${wordOf(value)}`);
    return `${this.#fullName(test)}(${parameters.join(" ")})`;
  }

  /** What could be written for the relationship, the shortest first, and what it is read as. */
  *#names(test: Test): Generator<readonly [text: string, relationship: Relationship, isExplicit: boolean], void, undefined> {
    const { capabilityId, relationship: name } = test;
    const module = shortNameOf(capabilityId, this.#modules);
    for (const word of [symbolOf(name), name, ...(module === undefined ? [] : [`${module}:${name}`])]) {
      const found = word === undefined || wordOf(word) !== word ? undefined : findRelationship(word, this.#modules);
      if (word !== undefined && found !== undefined) yield [word, found.relationship, found.isExplicit];
    }
    const known = findInModule(capabilityId, name, this.#modules);
    if (known !== undefined && module === undefined) yield [this.#fullName(test), known, true];
  }

  #fullName({ capabilityId, relationship }: Test): string {
    const name = isSymbol(relationship) ? quoted(relationship) : wordOf(relationship);
    return `${shortNameOf(capabilityId, this.#modules) ?? quoted(capabilityId)}:${name}`;
  }
}

function indent(level: number): string {
  return "  ".repeat(level);
}

/** The test with its value behind the relationship, when that is read as just this test. */
function shortForm(test: Test, text: string, relationship: Relationship, isExplicit: boolean): string | undefined {
  const value = parameterOf(test, "value");
  const takesValue = relationship.definition !== undefined && "value" in relationship.definition;
  if (takesValue !== (value !== undefined) || relationship.definition === undefined) return undefined;
  const fitting = value === undefined || isExplicit ? relationship : relationshipFor(relationship, value);
  const comparison = comparisonOf(test.parameters);
  if (!isSame(testOf(fitting, value, comparison), test)) return undefined;
  return `${text}${value === undefined ? "" : ` ${wordOf(value)}`}${comparison === "case" ? "" : ` ${comparison}`}`;
}

function comparisonOf(parameters: readonly Parameter[]): Comparison {
  const values = parameters.filter(({ name }) => name !== "value").map(({ value }) => value);
  if (values.includes("number")) return "number";
  return values.includes("case_insensitive_string") || values.includes("false") ? "nocase" : "case";
}

function isSame(one: Test, other: Test): boolean {
  const key = ({ capabilityId, relationship, parameters }: Test): string =>
    JSON.stringify([capabilityId, relationship, parameters.map(({ name, value }) => [name, value])]);
  return key(one) === key(other);
}

/** The name of a parameter, in quotes where it would not be read as one. */
function nameOf(name: string): string {
  return name === "" || name.includes("=") ? quoted(name) : wordOf(name);
}
