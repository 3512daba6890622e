/**
 * The language of conditions:
 *
 * ```text
 * any   = all *("or" all)
 * all   = one *("and" one)
 * one   = "not" one / "(" any ")" / TARGET RELATIONSHIP [VALUE ["case" / "nocase" / "number"]]
 * ```
 */

import { problemOfTarget } from "../../message/targeting.js";
import { all, any, type Condition, not } from "./condition.js";
import {
  allowsComparison,
  type Comparison,
  findRelationship,
  parametersOf,
  problemOfTest,
  type Relationship,
  relationshipFor,
  relationshipWords,
  testOf,
} from "./relationships.js";
import { type Token, tokensOf, WhereError } from "./where-tokens.js";

/** How a condition is to be taken. */
export interface WhereOptions {
  /** What its targets are written in. */
  readonly vocabulary: string;
  /** Whether texts are compared without regard to case where the condition does not say. */
  readonly ignoreCase: boolean;
}

/**
 * Reads a condition such as `STIX_Package/@id begins_with ex: and not STIX_Package/@timestamp < 2014-01-01T00:00:00Z`.
 *
 * @throws WhereError that shows where the fault is and what was expected
 */
export function parseWhere(text: string, options: WhereOptions): Condition {
  return new Parser(text, options).parse();
}

const deepest = 64;
const comparisons: readonly string[] = ["case", "nocase", "number"] satisfies readonly Comparison[];

class Parser {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #options: WhereOptions;
  #at = 0;
  #depth = 0;

  constructor(text: string, options: WhereOptions) {
    this.#text = text;
    this.#tokens = tokensOf(text);
    this.#options = options;
  }

  parse(): Condition {
    const condition = this.#any();
    const left = this.#tokens[this.#at];
    if (left !== undefined)
      this.#fail("expected and, or, or the end; a value with spaces, quotes or parentheses has to stand in quotes", left);
    return condition;
  }

  #any(): Condition {
    const parts = [this.#all()];
    while (this.#takesWord("or")) parts.push(this.#all());
    return any(parts);
  }

  #all(): Condition {
    const parts = [this.#one()];
    while (this.#takesWord("and")) parts.push(this.#one());
    return all(parts);
  }

  #one(): Condition {
    if (++this.#depth > deepest) this.#fail(`expected at most ${deepest} levels`, this.#tokens[this.#at]);
    const condition = this.#takesWord("not") ? not(this.#one()) : this.#takes("(") ? this.#group() : this.#test();
    this.#depth--;
    return condition;
  }

  #group(): Condition {
    const condition = this.#any();
    if (!this.#takes(")")) this.#fail("expected and, or, or a closing parenthesis", this.#tokens[this.#at]);
    return condition;
  }

  #test(): Condition {
    const target = this.#word("expected a target, such as **/Title or STIX_Package/@id");
    const problem = problemOfTarget(target.text, this.#options.vocabulary);
    if (problem !== undefined) this.#fail(problem, target);
    const relationship = this.#relationship();
    const value = "value" in parametersOf(relationship) ? this.#word(`expected a value for ${relationship.name}`) : undefined;
    const fitting = value === undefined ? relationship : relationshipFor(relationship, value.text);
    const test = testOf(fitting, value?.text, this.#comparison(fitting) ?? (this.#options.ignoreCase ? "nocase" : "case"));
    const fault = problemOfTest(fitting, test);
    if (fault !== undefined) this.#fail(fault, value);
    return { criterion: { negate: false, target: target.text.trim(), test } };
  }

  #relationship(): Relationship {
    const token = this.#word(`expected a relationship: ${relationshipWords}`);
    return (
      findRelationship(token.text) ??
      this.#fail(`expected a relationship: ${relationshipWords}; core:, regex: or timestamp: may stand before it`, token)
    );
  }

  #comparison(relationship: Relationship): Comparison | undefined {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || !isComparison(token.text)) return undefined;
    if (!allowsComparison(relationship, token.text)) this.#fail(`${relationship.name} cannot be told ${token.text}`, token);
    this.#at++;
    return token.text;
  }

  /** The next word or text in quotes. */
  #word(expected: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === "(" || token.kind === ")") return this.#fail(expected, token);
    this.#at++;
    return token;
  }

  #takes(kind: "(" | ")"): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at++;
    return true;
  }

  #takesWord(word: "and" | "or" | "not"): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  #fail(reason: string, at: Token | undefined): never {
    const end = this.#text.trimEnd().length;
    throw new WhereError(this.#text, reason, at ?? { start: end, end });
  }
}

function isComparison(text: string): text is Comparison {
  return comparisons.includes(text);
}
