/** Conditions out of flags, in the order in which they stand on the command line. */

import type { Command } from "commander";
import { all, any, type Condition, not } from "../../query/build/condition.js";
import { parseCondition, vocabularyIn } from "../../query/text/parse.js";
import { QueryTextError } from "../../query/text/problem.js";
import { vocabularyId } from "../../query/text/words.js";
import { UsageError } from "../failure.js";
import { conditionOf, type ShorthandName, shorthands } from "./shorthands.js";

/** A flag of the command line that is a condition, or stands between conditions. */
export type QueryFlag = { readonly flag: "and" | "or" | "not" } | { readonly flag: ShorthandName | "where"; readonly value: string };

/** How conditions are to be taken. */
export interface WhereOptions {
  /** What targets are written in, unless a condition says so itself: an identifier, or a short name such as `stix-1.1.1`. */
  readonly vocabulary: string;
  /** Whether that was said on the command line, so that no condition may say otherwise. Default: false. */
  readonly isFixed?: boolean | undefined;
  /** Whether texts are compared without regard to case where the condition does not say. */
  readonly ignoreCase: boolean;
}

/** What flags ask for. */
export interface Asked {
  readonly condition: Condition;
  /** The identifier of the vocabulary. */
  readonly vocabulary: string;
}

/** Adds the flags to a command. @returns the flags given, once the command line was read; their order matters */
export function addQueryFlags(command: Command): readonly QueryFlag[] {
  const given: QueryFlag[] = [];
  for (const name of Object.keys(shorthands) as ShorthandName[]) {
    const { argument, description } = shorthands[name];
    command.option(`--${name} ${argument}`, description);
    command.on(`option:${name}`, (value: string) => given.push({ flag: name, value }));
  }
  command.option("--where <condition>", "condition on elements or attributes: TARGET RELATIONSHIP [VALUE], or a whole query as text");
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
 * @throws UsageError when there is no condition, an operator stands alone, or conditions are in several vocabularies
 */
export function conditionOfFlags(flags: readonly QueryFlag[], options: WhereOptions): Asked {
  if (flags.length === 0) throw new UsageError("a query needs a condition, such as --ip 192.0.2.9 or --where '**/Title contains beacon'");
  const vocabulary = vocabularyOf(flags, options);
  return { condition: new Reader(flags, { ...options, vocabulary }).any(), vocabulary };
}

/** All targets of a query are in one vocabulary (QRY-STR-005). */
function vocabularyOf(flags: readonly QueryFlag[], { vocabulary, isFixed = false }: WhereOptions): string {
  const named = flags.flatMap((given) => (given.flag === "where" ? (asUsage(() => vocabularyIn(given.value)) ?? []) : []));
  const different = [...new Set(isFixed ? [vocabularyId(vocabulary), ...named] : named)];
  if (different.length > 1) throw new UsageError(`a query has one vocabulary; found ${different.join(" and ")}`);
  return different[0] ?? vocabularyId(vocabulary);
}

/** Does something with a text of `--where`. @throws UsageError */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof QueryTextError ? new UsageError(`--where: ${cause.message}`, { cause }) : cause;
  }
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
    return any(...parts);
  }

  #all(): Condition {
    const parts = [this.#one("--or")];
    for (;;) {
      const isJoined = this.#takes("and");
      const { flag } = this.#flags[this.#at] ?? {};
      if (!isJoined && (flag === undefined || flag === "or")) return all(...parts);
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
    return asUsage(() => parseCondition(text, this.#options)).condition;
  }

  /** One of the values of the same flag in a row. */
  #row(name: ShorthandName, first: string): Condition {
    const values = [first];
    for (let next = this.#flags[this.#at]; next?.flag === name && "value" in next; next = this.#flags[++this.#at]) values.push(next.value);
    if (values.includes("")) throw new UsageError(`--${name} is empty; expected ${shorthands[name].description}`);
    return any(...values.map((value) => conditionOf(name, value)));
  }

  #takes(flag: "and" | "or" | "not"): boolean {
    if (this.#flags[this.#at]?.flag !== flag) return false;
    this.#at++;
    return true;
  }
}
