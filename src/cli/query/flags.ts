/** Conditions out of flags, in the order in which they stand on the command line. */

import type { Command } from "commander";
import { UsageError } from "../failure.js";
import { all, any, type Condition, not } from "./condition.js";
import { conditionOf, type ShorthandName, shorthands } from "./shorthands.js";
import { parseWhere, type WhereOptions } from "./where.js";
import { WhereError } from "./where-tokens.js";

/** A flag of the command line that is a condition, or stands between conditions. */
export type QueryFlag = { readonly flag: "and" | "or" | "not" } | { readonly flag: ShorthandName | "where"; readonly value: string };

/** Adds the flags to a command. @returns the flags given, once the command line was read; their order matters */
export function addQueryFlags(command: Command): readonly QueryFlag[] {
  const given: QueryFlag[] = [];
  for (const name of Object.keys(shorthands) as ShorthandName[]) {
    const { argument, description } = shorthands[name];
    command.option(`--${name} ${argument}`, description);
    command.on(`option:${name}`, (value: string) => given.push({ flag: name, value }));
  }
  command.option("--where <condition>", "condition on any element or attribute: TARGET RELATIONSHIP [VALUE]");
  command.on("option:where", (value: string) => given.push({ flag: "where", value }));
  const joints = {
    and: "both sides hold, which goes without saying between different flags",
    or: "one side holds; joins less closely than --and",
    not: "the next condition does not hold",
  } as const;
  for (const name of ["and", "or", "not"] as const) {
    command.option(`--${name}`, joints[name]);
    command.on(`option:${name}`, () => given.push({ flag: name }));
  }
  return given;
}

/**
 * The condition that flags add up to. Conditions side by side must all hold, but the same shorthand in a row asks for one of
 * its values; `--or` joins less closely, `--not` turns the next condition around.
 *
 * @throws UsageError when there is no condition, or an operator stands alone
 */
export function conditionOfFlags(flags: readonly QueryFlag[], options: WhereOptions): Condition {
  if (flags.length === 0) throw new UsageError("a query needs a condition, such as --ip 192.0.2.9 or --where '**/Title contains beacon'");
  return new Reader(flags, options).any();
}

class Reader {
  readonly #flags: readonly QueryFlag[];
  readonly #options: WhereOptions;
  #at = 0;

  constructor(flags: readonly QueryFlag[], options: WhereOptions) {
    this.#flags = flags;
    this.#options = options;
  }

  any(): Condition {
    const parts = [this.#all()];
    while (this.#takes("or")) parts.push(this.#all());
    return any(parts);
  }

  #all(): Condition {
    const parts = [this.#one("--or")];
    for (;;) {
      const isJoined = this.#takes("and");
      const { flag } = this.#flags[this.#at] ?? {};
      if (!isJoined && (flag === undefined || flag === "or")) return all(parts);
      parts.push(this.#one("--and"));
    }
  }

  #one(before: string): Condition {
    if (this.#takes("not")) return not(this.#one("--not"));
    const next = this.#flags[this.#at];
    if (next === undefined || !("value" in next)) {
      const found = next === undefined ? "the end" : `--${next.flag}`;
      throw new UsageError(`expected a condition next to ${next === undefined ? before : found}, such as --ip 192.0.2.9; found ${found}`);
    }
    this.#at++;
    return next.flag === "where" ? this.#where(next.value) : this.#row(next.flag, next.value);
  }

  #where(text: string): Condition {
    try {
      return parseWhere(text, this.#options);
    } catch (cause) {
      throw cause instanceof WhereError ? new UsageError(`--where: ${cause.message}`, { cause }) : cause;
    }
  }

  /** One of the values of the same flag in a row. */
  #row(name: ShorthandName, first: string): Condition {
    const values = [first];
    for (let next = this.#flags[this.#at]; next?.flag === name && "value" in next; next = this.#flags[++this.#at]) values.push(next.value);
    if (values.includes("")) throw new UsageError(`--${name} is empty; expected ${shorthands[name].description}`);
    return any(values.map((value) => conditionOf(name, value)));
  }

  #takes(flag: "and" | "or" | "not"): boolean {
    if (this.#flags[this.#at]?.flag !== flag) return false;
    this.#at++;
    return true;
  }
}
