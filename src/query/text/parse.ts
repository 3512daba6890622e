/**
 * The language of queries as text:
 *
 * ```text
 * query        = ["in" VOCABULARY "where"] any
 * any          = every *("or" every)
 * every        = one *("and" one)
 * one          = "not" one / ["all" / "any"] "(" any ")" / TARGET test
 * test         = relationship [VALUE ["case" / "nocase" / "number"]] / relationship "(" *(NAME "=" VALUE) ")"
 * relationship = [MODULE ":"] NAME
 * ```
 *
 * `all(…)` and `any(…)` are groups of one part.
 */

import type { DefaultQuery } from "../../../generated/default-query/index.js";
import { type Condition, criteriaOf, not } from "../build/condition.js";
import { problemIn } from "../define-vocabulary.js";
import { assertQuery, type QueryLanguage, vocabularyOf } from "../problems.js";
import { TestParser } from "./parse-test.js";
import { TokenReader } from "./reader.js";
import { findRelationship, vocabularyId } from "./words.js";

/** How a text is to be taken. */
export interface QueryTextOptions extends QueryLanguage {
  /** What the targets are written in where the text does not say: an identifier, or a short name such as `stix-1.1.1`. Default: none. */
  readonly vocabulary?: string | undefined;
  /** Whether texts are compared without regard to case where the text does not say. Default: false. */
  readonly ignoreCase?: boolean | undefined;
}

/** What a text says. */
export interface ParsedCondition {
  /** The identifier of the vocabulary: that of the text, or else that of the options. */
  readonly vocabulary: string;
  /** The groups as they are written. */
  readonly condition: Condition;
}

/**
 * Reads a query as text, such as `in stix-1.1.1 where STIX_Package/@id begins_with ex: and not STIX_Package/@version = '1.0'`.
 * Groups stay as they are written, but come before single tests (QRY-STR-003).
 *
 * @throws QueryTextError that points at the fault and says what was expected; ValidationError for identifiers that are none
 */
export function parseQuery(text: string, options: QueryTextOptions = {}): DefaultQuery {
  const { vocabulary, condition } = parseCondition(text, options);
  const query = { targetingExpressionId: vocabulary, criteria: criteriaOf(condition) };
  assertQuery(query, options);
  return query;
}

/**
 * Reads the condition of a query as text.
 *
 * @throws QueryTextError
 */
export function parseCondition(text: string, options: QueryTextOptions = {}): ParsedCondition {
  return new Parser(text, options).parse();
}

/** The vocabulary a text names by itself; undefined when it names none. @throws QueryTextError for a quote without end */
export function vocabularyIn(text: string): string | undefined {
  return headerOf(new TokenReader(text), {});
}

/** `in VOCABULARY where`: not to be taken for a test of a target `in` with the value `where`. */
function headerOf(tokens: TokenReader, { modules }: QueryLanguage): string | undefined {
  const [first, name, third] = tokens.ahead(3);
  const isHeader =
    first?.kind === "word" && first.text.toLowerCase() === "in" && third?.kind === "word" && third.text.toLowerCase() === "where";
  if (!isHeader || name === undefined || (name.kind !== "word" && name.kind !== "quoted")) return undefined;
  if (name.kind === "word" && findRelationship(name.text, modules) !== undefined) return undefined;
  tokens.skip(3);
  return name.kind === "quoted" ? name.text : vocabularyId(name.text);
}

/** Groups within groups: more than a server of this package takes by default. */
const deepest = 200;

class Parser {
  readonly #tokens: TokenReader;
  readonly #options: QueryTextOptions;
  readonly #tests: TestParser;
  #vocabulary = "";
  #depth = 0;

  constructor(text: string, options: QueryTextOptions) {
    this.#tokens = new TokenReader(text);
    this.#options = options;
    this.#tests = new TestParser(this.#tokens, options);
  }

  parse(): ParsedCondition {
    const { vocabulary } = this.#options;
    const named = headerOf(this.#tokens, this.#options) ?? (vocabulary === undefined ? undefined : vocabularyId(vocabulary));
    if (named === undefined) return this.#tokens.fail("expected the vocabulary first: in stix-1.1.1 where …");
    this.#vocabulary = named;
    const condition = this.#any();
    const [left] = this.#tokens.ahead(1);
    if (left !== undefined)
      this.#tokens.fail("expected and, or, or the end; a value with spaces, quotes or parentheses has to stand in quotes");
    return { vocabulary: named, condition };
  }

  #any(): Condition {
    return this.#joined("OR", "or", () => this.#joined("AND", "and", () => this.#one()));
  }

  #joined(operator: "AND" | "OR", word: "and" | "or", part: () => Condition): Condition {
    const first = part();
    const of = [first];
    while (this.#tokens.takesWord(word)) of.push(part());
    return of.length === 1 ? first : { operator, of };
  }

  #one(): Condition {
    if (++this.#depth > deepest) this.#tokens.fail(`expected at most ${deepest} levels`);
    const condition = this.#tokens.takesWord("not")
      ? not(this.#one())
      : this.#tokens.takes("(")
        ? this.#group()
        : (this.#single() ?? this.#test());
    this.#depth--;
    return condition;
  }

  #group(): Condition {
    const condition = this.#any();
    if (!this.#tokens.takes(")")) this.#tokens.fail("expected and, or, or a closing parenthesis");
    return condition;
  }

  /** A group of one part. */
  #single(): Condition | undefined {
    const [word, parenthesis] = this.#tokens.ahead(2);
    const name = word?.text.toLowerCase();
    if (word?.kind !== "word" || (name !== "all" && name !== "any") || parenthesis?.kind !== "(") return undefined;
    this.#tokens.skip(2);
    return { operator: name === "all" ? "AND" : "OR", of: [this.#group()] };
  }

  #test(): Condition {
    const target = this.#tokens.word("expected a target, such as **/Title or STIX_Package/@id");
    const problem = problemIn(vocabularyOf(this.#vocabulary, this.#options), target.text);
    if (problem !== undefined) this.#tokens.fail(problem.reason, target);
    return { criterion: { negate: false, target: target.text, test: this.#tests.read() } };
  }
}
