/** Everything that is wrong with a message, at once. */

import type { Shape } from "../binding/index.js";
import { formatPath } from "../codec/xml-writer.js";
import { type Issue, ValidationError } from "../errors.js";
import { type Branch, type Plan, Plans } from "./plan.js";
import type { Inspect, Report, Rule, Step } from "./rule.js";
import { rules10 } from "./rules-10.js";
import { rules11 } from "./rules-11.js";
import { queryRules } from "./rules-query.js";
import { type Fault, faultsOf } from "./zod-issues.js";

/** How {@link validate} judges. */
export interface ValidateOptions {
  /** Rules beside the built-in ones. They are prepared once per list: keep the list. Default: none. */
  readonly rules?: readonly Rule[];
  /**
   * Whether the message came from a peer. What a receiver has to cope with, such as parameters it is told to ignore, is then
   * a warning and no error. Default: false, as for a message of one's own.
   */
  readonly received?: boolean;
  /**
   * Whether a strict reader of this package has just read the value, so that types and values are known to be as the schema
   * has them and only the rules are left to be checked. Default: false.
   */
  readonly read?: boolean;
  /** The number of errors, and of warnings, that are kept. `valid` does not depend on it. Default: 10,000. */
  readonly maxIssues?: number;
}

/** What {@link validate} finds. */
export interface Validation {
  /** Whether there is no error; warnings do not count. */
  readonly valid: boolean;
  /** Faults of type and value first, then what breaks rules, from the message down. */
  readonly issues: readonly Issue[];
}

/**
 * Checks a message, or a part of one, and gives every issue at once: faults of type and value, and then, in all parts
 * that are free of such faults, what breaks the rules of the specification.
 *
 * ```ts
 * for (const issue of validate(PollRequest, request).issues) console.log(issue.path, issue.message, issue.rule);
 * ```
 */
export function validate(shape: Shape, value: unknown, options: ValidateOptions = {}): Validation {
  return judge(shape, value, options, plansFor("all", options.rules));
}

function judge(shape: Shape, value: unknown, options: ValidateOptions, plans: Plans): Validation {
  const walk = new Walk(plans, options);
  walk.value(shape, value, options.read === true ? [] : faultsIn(shape, value));
  return walk.outcome();
}

function faultsIn(shape: Shape, value: unknown): readonly Fault[] {
  try {
    const parsed = shape.schema.safeParse(value, { reportInput: true });
    return parsed.success ? [] : faultsOf(parsed.error);
  } catch (error) {
    // zod goes down as deep as the value does. No message needs to be as deep as the stack.
    if (error instanceof RangeError) return [{ path: [], message: "values are nested too deeply" }];
    throw error;
  }
}

/**
 * Does nothing if `value` is valid; warnings are passed over.
 *
 * @throws ValidationError with every error that {@link validate} finds
 */
export function assertValid<T>(shape: Shape<T>, value: unknown, options: ValidateOptions = {}): asserts value is T {
  const { valid, issues } = judge(shape, value, options, plansFor(options.received === true ? "errors of peers" : "errors", options.rules));
  if (!valid)
    throw new ValidationError(
      shape.name,
      issues.filter(({ severity }) => severity === "error"),
    );
}

/** Which built-in rules are applied: all, or those that find errors, in messages of one's own or in those of peers. */
type Choice = "all" | "errors" | "errors of peers";

const noRules: readonly Rule[] = [];
const prepared = new WeakMap<readonly Rule[], Map<Choice, Plans>>();

/** @param rules beside the built-in ones; all of them are applied, as they may look into parts where others find errors */
function plansFor(choice: Choice, rules = noRules): Plans {
  const own = rules.length === 0 ? noRules : rules;
  const plans = prepared.get(own) ?? new Map<Choice, Plans>();
  prepared.set(own, plans);
  const known = plans.get(choice) ?? new Plans([...[...rules10, ...rules11, ...queryRules].filter(chosen(choice)), ...own]);
  plans.set(choice, known);
  return known;
}

function chosen(choice: Choice): (rule: Rule) => boolean {
  return (rule) => choice === "all" || isError(rule, choice === "errors of peers");
}

/** Whether what breaks a rule is an error; a warning otherwise. */
function isError({ strictness }: Rule, received: boolean): boolean {
  return strictness === "error" || (strictness === "tolerated" && !received);
}

/** The faults within a value, by the steps that lead to them. */
interface Faults {
  /** Whether the value itself is at fault. */
  here: boolean;
  readonly parts: Map<Step, Faults>;
}

function gather(faults: readonly Fault[]): Faults | undefined {
  if (faults.length === 0) return undefined;
  const root: Faults = { here: false, parts: new Map() };
  for (const { path } of faults) {
    let at = root;
    for (const step of path) {
      const known = at.parts.get(step);
      const next: Faults = known ?? { here: false, parts: new Map() };
      if (known === undefined) at.parts.set(step, next);
      at = next;
    }
    at.here = true;
  }
  return root;
}

/** One validation: where it stands, and what it found. */
class Walk {
  readonly #plans: Plans;
  readonly #received: boolean;
  readonly #most: number;
  readonly #issues: Issue[] = [];
  readonly #counts = { error: 0, warning: 0 };
  /** Steps from the root to the value at hand. */
  readonly #path: Step[] = [];
  #rule: Rule | undefined;

  constructor(plans: Plans, options: ValidateOptions) {
    this.#plans = plans;
    this.#received = options.received ?? false;
    this.#most = options.maxIssues ?? 10_000;
  }

  outcome(): Validation {
    return { valid: this.#counts.error === 0, issues: this.#issues };
  }

  /** Applies the rules to `value`, except to parts with faults and to what holds them: rules count on the schema. */
  value(shape: Shape, value: unknown, faults: readonly Fault[]): void {
    for (const { path, message } of faults) this.#add({ path: formatPath(path), message, severity: "error" });
    this.#value(this.#plans.for(shape), value, gather(faults));
  }

  readonly #report: Report = (message, ...at) => {
    const rule = this.#rule;
    if (rule === undefined) return;
    const severity = isError(rule, this.#received) ? "error" : "warning";
    const path = at.length === 0 ? this.#path : [...this.#path, ...at];
    this.#add({ path: formatPath(path), message, rule: rule.id, clause: rule.clause, severity });
  };

  readonly #inspect: Inspect = (shape, value, ...at) => {
    const { length } = this.#path;
    const rule = this.#rule;
    this.#path.push(...at);
    this.#value(this.#plans.for(shape), value, undefined);
    this.#path.length = length;
    this.#rule = rule;
  };

  #add(issue: Issue): void {
    if (this.#counts[issue.severity]++ < this.#most) this.#issues.push(issue);
  }

  #value(plan: Plan, value: unknown, faults: Faults | undefined): void {
    if (faults?.here) return;
    for (const rule of faults === undefined ? plan.rules : []) {
      this.#rule = rule;
      rule.check(value, this.#report, this.#inspect);
    }
    for (const branch of plan.branches) this.#branch(branch, value, faults);
  }

  #branch({ property, many, tag, plan }: Branch, value: unknown, faults: Faults | undefined): void {
    const found = propertyOf(value, property);
    const within = faults?.parts.get(property);
    if (found === undefined || within?.here) return;
    this.#path.push(property);
    const list: readonly unknown[] = many && Array.isArray(found) ? found : [];
    for (let index = 0; index < list.length; index++) this.#item(plan, tag, list[index], index, within?.parts.get(index));
    if (!many) this.#value(plan, found, within);
    this.#path.pop();
  }

  #item(plan: Plan, tag: string | undefined, item: unknown, index: number, faults: Faults | undefined): void {
    if (faults?.here) return;
    const part = tag === undefined ? item : propertyOf(item, tag);
    if (part === undefined) return;
    this.#path.push(index);
    if (tag !== undefined) this.#path.push(tag);
    this.#value(plan, part, tag === undefined ? faults : faults?.parts.get(tag));
    this.#path.length -= tag === undefined ? 1 : 2;
  }
}

function propertyOf(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
