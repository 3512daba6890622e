/** Vocabularies, modules and relationships as one writes them. */

import { capabilityModules, contentBindings, relationships } from "../../constants.js";
import { type CapabilityModule, definitionsOf } from "../define-module.js";
import { type Relationship, relationshipOf } from "../relationships.js";

/** Short names of vocabularies: those of STIX. */
export const shortVocabularies: Readonly<Record<string, string>> = {
  "stix-1.0": contentBindings.stix10,
  "stix-1.0.1": contentBindings.stix101,
  "stix-1.1": contentBindings.stix11,
  "stix-1.1.1": contentBindings.stix111,
  "stix-1.2": contentBindings.stix12,
  "stix-1.2.1": contentBindings.stix121,
};

/** The identifier of a vocabulary by its short name; what is none is an identifier itself. */
export function vocabularyId(name: string): string {
  return (Object.hasOwn(shortVocabularies, name) ? shortVocabularies[name] : undefined) ?? name;
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

/** A relationship as it was written. */
export interface NamedRelationship {
  readonly relationship: Relationship;
  /** Whether the module was named, and is not to be chosen by the value. */
  readonly isExplicit: boolean;
}

/**
 * Finds a relationship: a name, a symbol, or either with the short name of its module before it, `timestamp:equals`. Without a
 * module it is one of core, or `matches` of regex.
 *
 * @returns undefined when there is none
 */
export function findRelationship(text: string, modules: readonly CapabilityModule[] = []): NamedRelationship | undefined {
  const colon = text.indexOf(":");
  const isExplicit = colon >= 0;
  const name = nameOf(text.slice(colon + 1));
  const ids = isExplicit ? idsOf(text.slice(0, colon), modules) : [capabilityModules.core, capabilityModules.regex];
  for (const id of ids) {
    const relationship = relationshipOf(id, name, modules);
    if (relationship !== undefined) return { relationship, isExplicit };
  }
  return undefined;
}

/**
 * Finds a relationship of a module that was named in full. Of a module of which nothing is known it can be any.
 *
 * @returns undefined when the module is known and has none of that name
 */
export function findInModule(capabilityId: string, name: string, modules: readonly CapabilityModule[]): Relationship | undefined {
  if (definitionsOf(capabilityId, modules) === undefined) return { capabilityId, name, definition: undefined };
  return relationshipOf(capabilityId, name, modules);
}

/** The identifiers of the modules with this short name. */
export function idsOf(name: string, modules: readonly CapabilityModule[]): readonly string[] {
  const builtIn = Object.entries(capabilityModules).find(([known]) => known === name);
  if (builtIn !== undefined) return [builtIn[1]];
  return modules.filter((module) => module.name === name).map(({ id }) => id);
}

/** The short name of a module, when it has one that no other module before it has. */
export function shortNameOf(capabilityId: string, modules: readonly CapabilityModule[]): string | undefined {
  const builtIn = Object.entries(capabilityModules).find(([, id]) => id === capabilityId)?.[0];
  const name = builtIn ?? modules.find(({ id }) => id === capabilityId)?.name;
  return name !== undefined && idsOf(name, modules)[0] === capabilityId ? name : undefined;
}

/** Whether a word stands for a relationship with another name. */
export function isSymbol(word: string): boolean {
  return Object.hasOwn(symbols, word);
}

function nameOf(word: string): string {
  return (Object.hasOwn(symbols, word) ? symbols[word] : undefined) ?? word;
}

/** The symbol of a relationship, when it has one. */
export function symbolOf(name: string): string | undefined {
  // The timestamp module says ..._equals where core says ..._equal.
  return Object.entries(symbols).find(([, known]) => known === name || `${known}s` === name)?.[0];
}
