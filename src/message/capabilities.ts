/** The capability modules of Default Query: which relationships they have, and which parameters those take. */

import type { Test } from "../../generated/default-query/messages.js";
import { quote } from "../codec/frames.js";
import { capabilityModules, draft111, matchTypes, relationships, timestampRelationshipAliases } from "../constants.js";
import { problemOfPattern } from "./regex-subset.js";
import { isRfc3339 } from "./rfc3339.js";

/** A parameter of a relationship. */
export interface ParameterDefinition {
  readonly required: boolean;
  /** What is wrong with a value, or undefined. `others` gives the values of the test's other parameters. */
  problem(value: string, others: (name: string) => string | undefined): string | undefined;
}

/** The parameters of a relationship, by name. */
export type RelationshipDefinition = Readonly<Record<string, ParameterDefinition>>;

/** The relationships of a module, by name. */
export type ModuleDefinition = Readonly<Record<string, RelationshipDefinition>>;

const number = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;

/** Whether `text` is a number as queries write it, white space at its ends aside (QRY-CORE-015). */
export function isQueryNumber(text: string): boolean {
  return number.test(text.trim());
}

const expected = (what: string, fits: boolean): string | undefined => (fits ? undefined : `expected ${what}`);

const anyText: ParameterDefinition = { required: true, problem: () => undefined };
const numeric: ParameterDefinition = { required: true, problem: (value) => expected("a number", isQueryNumber(value)) };
const instant: ParameterDefinition = { required: true, problem: (value) => expected("a date-time of RFC 3339", isRfc3339(value.trim())) };
const pattern: ParameterDefinition = { required: true, problem: problemOfPattern };
const caseSensitive: ParameterDefinition = {
  required: false,
  problem: (value) => expected("true or false", ["true", "false"].includes(value.trim())),
};
const matchType: ParameterDefinition = {
  required: false,
  problem: (value) =>
    expected(
      `one of ${matchTypes.join(", ")}`,
      matchTypes.some((type) => type === value.trim()),
    ),
};
const matched: ParameterDefinition = {
  required: true,
  problem: (value, others) => (others("match_type")?.trim() === "number" ? numeric.problem(value, others) : undefined),
};

const equality: RelationshipDefinition = { value: matched, match_type: matchType };
const numbers: RelationshipDefinition = { value: numeric };
const texts: RelationshipDefinition = { value: anyText, case_sensitive: caseSensitive };

const coreByName: Readonly<Record<(typeof relationships.core)[number], RelationshipDefinition>> = {
  equals: equality,
  not_equals: equality,
  greater_than: numbers,
  greater_than_or_equal: numbers,
  less_than: numbers,
  less_than_or_equal: numbers,
  does_not_exist: {},
  exists: {},
  begins_with: texts,
  ends_with: texts,
  contains: texts,
};
const regex: ModuleDefinition = { matches: { value: pattern, case_sensitive: caseSensitive } };
const timestamp: ModuleDefinition = Object.fromEntries(
  [...relationships.timestamp, ...Object.keys(timestampRelationshipAliases)].map((name) => [name, { value: instant }]),
);

/** A capability module of Default Query, by its short name. */
export type ModuleName = keyof typeof capabilityModules;

/** The capability modules of Default Query. */
export const allModules = ["core", "regex", "timestamp"] as const satisfies readonly ModuleName[];

const modules: Readonly<Record<ModuleName, ModuleDefinition>> = { core: coreByName, regex, timestamp };

/** Short names by `capability_id`; those of the 1.1.1 draft are the same modules. */
const names: ReadonlyMap<string, ModuleName> = new Map(
  allModules.flatMap((name) => [
    [capabilityModules[name], name],
    [draft111.capabilityModules[name], name],
  ]),
);

/** The module of Default Query a `capability_id` names; undefined for one of a third party. */
export function moduleOf(capabilityId: string): ModuleName | undefined {
  return names.get(capabilityId);
}

/** The value of a test's parameter; undefined when it does not have it. */
export function parameterOf({ parameters }: Pick<Test, "parameters">, name: string): string | undefined {
  return parameters.find((parameter) => parameter.name === name)?.value;
}

/** What is wrong with a parameter, and where: steps from the list of parameters. */
export interface ParameterFault {
  readonly message: string;
  readonly at: readonly (string | number)[];
}

/** What is wrong with the parameters of a test: unknown, repeated, missing, or with values that are not legal (QRY-STR-006). */
export function* parameterFaults(
  test: Pick<Test, "relationship" | "parameters">,
  definition: RelationshipDefinition,
): Generator<ParameterFault, void, undefined> {
  const { relationship, parameters } = test;
  const seen = new Set<string>();
  for (const [index, { name, value }] of parameters.entries()) {
    const known = Object.hasOwn(definition, name) ? definition[name] : undefined;
    const problem = known?.problem(value, (other) => parameterOf(test, other));
    if (known === undefined) yield { message: `${relationship} has no parameter ${quote(name)}`, at: [index, "name"] };
    else if (seen.has(name)) yield { message: `the parameter ${name} is there already`, at: [index, "name"] };
    else if (problem !== undefined) yield { message: `${problem}, found ${quote(value)}`, at: [index, "value"] };
    seen.add(name);
  }
  for (const [name, { required }] of Object.entries(definition)) {
    if (required && !seen.has(name)) yield { message: `${relationship} needs the parameter ${name}`, at: [] };
  }
}

/** The relationships of a module, or undefined for a third party's module. The timestamp module has both spellings (QRY-TIM-003). */
export function findModule(capabilityId: string): ModuleDefinition | undefined {
  const name = moduleOf(capabilityId);
  return name && modules[name];
}
