/** Conditions by the modules of third parties. */

import type { Parameter } from "../../../generated/default-query/index.js";
import { type CapabilityModule, type RelationshipOf, type RelationshipTypes, relationshipIn } from "../define-module.js";
import type { ParameterTypes, ParameterValues } from "../parameter-types.js";
import type { Condition } from "./condition.js";
import { checkTarget, quoted } from "./target.js";

/**
 * The value of some node satisfies a relationship of a third party's module (QRY-GEN-007).
 *
 * ```ts
 * criterion("STIX_Package/Address_Value", network, "in_network", { value: "192.0.2.0/24" });
 * ```
 *
 * @throws TypeError for a relationship the module does not have, a parameter that is none, and a value that is not legal
 */
export function criterion<R extends RelationshipTypes, N extends keyof R & string>(
  target: string,
  module: CapabilityModule<R>,
  relationship: N,
  parameters: ParameterValues<R[N]>,
): Condition {
  checkTarget("criterion", target);
  const what = `criterion of ${quoted(target)}`;
  const definition = relationshipIn(module, relationship);
  if (definition === undefined) {
    const known = Object.keys(module.relationships).join(", ");
    throw new TypeError(`${what}: ${module.id} has no relationship ${quoted(relationship)}; it has ${known}`);
  }
  const written = Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => parameterOf(name, value, definition, `${what}: ${relationship}`));
  const missing = Object.entries(definition.parameters).find(
    ([name, { required }]) => required && !written.some((one) => one.name === name),
  );
  if (missing !== undefined) throw new TypeError(`${what}: ${relationship} needs the parameter ${missing[0]}`);
  return { criterion: { negate: false, target, test: { capabilityId: module.id, relationship, parameters: written } } };
}

function parameterOf(name: string, value: unknown, { parameters }: RelationshipOf<ParameterTypes>, what: string): Parameter {
  const type = Object.hasOwn(parameters, name) ? parameters[name] : undefined;
  if (type === undefined) throw new TypeError(`${what} has no parameter ${quoted(name)}`);
  const text = type.write(value);
  const problem = type.problem(text);
  if (problem !== undefined) throw new TypeError(`${what}: ${name}: ${problem}, found ${quoted(text)}`);
  return { name, value: text };
}
