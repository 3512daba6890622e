/** Capability modules of third parties: relationships with parameters and a meaning of their own (QRY-GEN-007, QRY-STR-006). */

import type { Parameter, Test } from "../../generated/default-query/index.js";
import { hasAuthority } from "../binding/index.js";
import { capabilityModules } from "../constants.js";
import { findModule, type ModuleDefinition, moduleOf, type RelationshipDefinition } from "../message/capabilities.js";
import { StatusError } from "../message/status-error.js";
import type { ParameterTypes, ParameterValues } from "./parameter-types.js";

/** A relationship of a third party's module. */
export interface RelationshipOf<P extends ParameterTypes> {
  /** Its parameters by name. */
  readonly parameters: P;
  /**
   * Makes a test ready; asked once per query. What it gives is asked for the value of one node after the other, and must not
   * throw. As with all relationships one node that satisfies it is enough, and nodes without a value do not (QRY-EVAL-006).
   *
   * @throws Error when the parameters are legal one by one and not together; a server says `BAD_MESSAGE` with its message
   */
  test(parameters: ParameterValues<P>): (value: string) => boolean;
  /** What a value has to be, for people: `is an address in 192.0.2.0/24`. Default: its name and parameters. */
  explain?(parameters: ParameterValues<P>): string;
}

/** Relationships by name, and the parameters of each. */
export type RelationshipTypes = Readonly<Record<string, ParameterTypes>>;

/** A capability module of a third party. */
export interface CapabilityModule<R extends RelationshipTypes = RelationshipTypes> {
  /** What `capability_id` says: a URI with authority (QRY-GEN-004). */
  readonly id: string;
  /** A short name, in front of its relationships where queries are written as text: `net` for `net:in_network`. Default: none. */
  readonly name?: string | undefined;
  /** Its relationships by name. */
  readonly relationships: { readonly [K in keyof R]: RelationshipOf<R[K]> };
}

/**
 * Defines a capability module. Nothing is registered: it is given to what should know it, the builder, `compileQuery`, the server.
 *
 * ```ts
 * const network = defineCapabilityModule({
 *   id: "urn:example.com:query:capability:network-1",
 *   name: "net",
 *   relationships: {
 *     in_network: { parameters: { value: parameter.text() }, test: ({ value }) => (address) => isIn(address, value) },
 *   },
 * });
 * ```
 *
 * @throws TypeError for an identifier without authority or of a module of Default Query, a name that is taken or no name, and
 *   when there is no relationship
 */
export function defineCapabilityModule<const R extends RelationshipTypes>(module: CapabilityModule<R>): CapabilityModule<R> {
  const { id, name, relationships } = module;
  if (!hasAuthority(id)) throw new TypeError(`the module ${JSON.stringify(id)}: expected a URI with authority, such as urn:example.com:…`);
  if (moduleOf(id) !== undefined) throw new TypeError(`the module ${id} is one of Default Query`);
  if (name !== undefined && (!/^[a-z][a-z0-9_-]*$/.test(name) || Object.hasOwn(capabilityModules, name)))
    throw new TypeError(
      `the module ${id}: ${JSON.stringify(name)} is no name; expected small letters and digits, and not core, regex or timestamp`,
    );
  if (Object.keys(relationships).length === 0) throw new TypeError(`the module ${id} has no relationship`);
  return Object.freeze({ ...module, relationships: Object.freeze({ ...relationships }) });
}

/** The module with this identifier. */
export function findCustom(capabilityId: string, modules: readonly CapabilityModule[] = []): CapabilityModule | undefined {
  return modules.find(({ id }) => id === capabilityId);
}

/** A relationship of a third party's module, when it has one of that name. */
export function relationshipIn({ relationships }: CapabilityModule, name: string): RelationshipOf<ParameterTypes> | undefined {
  return Object.hasOwn(relationships, name) ? relationships[name] : undefined;
}

/** The relationships of a module and their parameters; undefined for a module that is neither of Default Query nor among these. */
export function definitionsOf(capabilityId: string, modules: readonly CapabilityModule[] = []): ModuleDefinition | undefined {
  const custom = findCustom(capabilityId, modules);
  if (custom === undefined) return findModule(capabilityId);
  return Object.fromEntries(Object.entries(custom.relationships).map(([name, { parameters }]) => [name, parameters]));
}

/** The parameters of a test's relationship; undefined when that is unknown. */
export function definitionOf(
  { capabilityId, relationship }: Pick<Test, "capabilityId" | "relationship">,
  modules: readonly CapabilityModule[] = [],
): RelationshipDefinition | undefined {
  const definitions = definitionsOf(capabilityId, modules);
  return definitions !== undefined && Object.hasOwn(definitions, relationship) ? definitions[relationship] : undefined;
}

/** The values of a test's parameters, which were checked. Names that are none are left out. */
export function valuesOf({ parameters }: RelationshipOf<ParameterTypes>, given: readonly Parameter[]): ParameterValues<ParameterTypes> {
  return Object.fromEntries(
    given.flatMap(({ name, value }) => {
      const type = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
      return type === undefined ? [] : [[name, type.read(value)]];
    }),
  );
}

/**
 * A test of a third party's module, made ready.
 *
 * @throws StatusError `BAD_MESSAGE` when the module does not take the parameters (QRY-STR-007)
 */
export function compileCustom(test: Test, module: CapabilityModule): (value: string) => boolean {
  const relationship = relationshipIn(module, test.relationship);
  if (relationship === undefined) throw new TypeError(`${module.id} has no relationship ${JSON.stringify(test.relationship)}`);
  try {
    return relationship.test(valuesOf(relationship, test.parameters));
  } catch (cause) {
    if (cause instanceof StatusError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StatusError("BAD_MESSAGE", { message: `Parameters of ${test.relationship}: ${reason}.`, cause });
  }
}
