/** What zod found wrong with a value, in the words of this package. */

import type { z } from "zod";
import type { Step } from "./rule.js";

/** A fault of type or value. */
export interface Fault {
  readonly path: readonly Step[];
  readonly message: string;
}

/** The faults in `error`. The value it is about has to have been parsed with `reportInput`. */
export function faultsOf(error: z.ZodError): Fault[] {
  return error.issues.flatMap((issue) => translate(issue, []));
}

function translate(issue: z.core.$ZodIssue, base: readonly Step[]): Fault[] {
  const path = [...base, ...issue.path.map((step) => (typeof step === "symbol" ? String(step) : step))];
  const wrong = (message: string): Fault[] => [{ path, message }];
  if (issue.code === "unrecognized_keys") return issue.keys.map((key) => ({ path: [...path, key], message: "there is no such property" }));
  if (issue.code === "invalid_union") return translateUnion(issue, path);
  if (issue.code === "invalid_type")
    return wrong(`expected ${typeNames[issue.expected] ?? issue.expected}, found ${describe(issue.input)}`);
  if (issue.code === "invalid_value") return wrong(`expected ${issue.values.map(String).join(" or ")}, found ${describe(issue.input)}`);
  if (issue.code === "too_small") return wrong(`expected at least ${issue.minimum}`);
  if (issue.code === "too_big") return wrong(`expected at most ${issue.maximum}`);
  return wrong(issue.message.startsWith("expected") ? `${issue.message}, found ${describe(issue.input)}` : issue.message);
}

const typeNames: Readonly<Record<string, string>> = {
  array: "a list",
  object: "an object",
  string: "text",
  number: "a number",
  boolean: "true or false",
};

/** Of the alternatives only the one that came closest is worth telling: the one whose faults lie deepest. */
function translateUnion(issue: z.core.$ZodIssueInvalidUnion, path: readonly Step[]): Fault[] {
  const alternatives = issue.errors.map((issues) => issues.flatMap((inner) => translate(inner, path)));
  const depth = (faults: readonly Fault[]): number => Math.max(...faults.map((fault) => fault.path.length));
  const closest = alternatives.reduce<Fault[] | undefined>(
    (best, faults) => (best === undefined || depth(faults) > depth(best) ? faults : best),
    undefined,
  );
  if (closest !== undefined && depth(closest) > path.length + 1) return closest;
  const wanted = [...new Set(alternatives.flat().map(({ message }) => message.replace(/, found .*$/s, "")))];
  return [{ path, message: `${wanted.join(", or ")}, found ${describe(issue.input)}` }];
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "number" || typeof value === "boolean" || value === null ? String(value) : `a value of type ${typeof value}`;
}
