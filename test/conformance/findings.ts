/** What tests of rules have in common. */

import type { Shape } from "../../src/binding/index.js";
import { type Rule, rule } from "../../src/message/rule.js";
import { type ValidateOptions, validate } from "../../src/message/validate.js";

/** Every issue as `severity rule path`; faults of type and value have the rule `schema`. */
export function findings(shape: Shape, value: unknown, options: ValidateOptions = {}): string[] {
  return validate(shape, value, options).issues.map(({ severity, rule: id, path }) => [severity, id ?? "schema", path].join(" ").trim());
}

/** As {@link findings}, errors only. */
export function errors(shape: Shape, value: unknown, options: ValidateOptions = {}): string[] {
  return findings(shape, value, options).filter((finding) => finding.startsWith("error "));
}

/** As {@link findings}, of one rule only, without its name. */
export function of(id: string, shape: Shape, value: unknown, options: ValidateOptions = {}): string[] {
  return validate(shape, value, options).issues.flatMap((issue) => (issue.rule === id ? [`${issue.severity} ${issue.path}`.trim()] : []));
}

/** A rule that reports every value of `shape`. */
export function everywhere(shape: Shape, id = "test/everywhere"): Rule {
  return rule(shape, id, "TEST-1", (_, report) => report("seen"));
}
