/** The words of a query as text, one after the other. */

import { type Place, QueryTextError } from "./problem.js";
import { type Token, tokensOf } from "./tokens.js";

/** Reads words, and says where something is wrong. */
export class TokenReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  /** @throws QueryTextError for a quote without end */
  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  /** The words that come, as far as there are any; nothing is taken. */
  ahead(count: number): readonly Token[] {
    return this.#tokens.slice(this.#at, this.#at + count);
  }

  skip(count: number): void {
    this.#at += count;
  }

  /** Takes a word or a text in quotes. @throws QueryTextError when there is none */
  word(expected: string): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.kind === "(" || token.kind === ")") return this.fail(expected);
    this.#at++;
    return token;
  }

  /** Takes a text in quotes or a word when it stands right behind another. */
  adjacent(to: Place): Token | undefined {
    const token = this.#tokens[this.#at];
    if (token === undefined || token.start !== to.end || token.kind === "(" || token.kind === ")") return undefined;
    this.#at++;
    return token;
  }

  takes(kind: "(" | ")"): boolean {
    if (this.#tokens[this.#at]?.kind !== kind) return false;
    this.#at++;
    return true;
  }

  takesWord(word: "and" | "or" | "not"): boolean {
    const token = this.#tokens[this.#at];
    if (token?.kind !== "word" || token.text.toLowerCase() !== word) return false;
    this.#at++;
    return true;
  }

  /** @param place where the fault is. Default: at the next word */
  fail(reason: string, place: Place | undefined = this.#tokens[this.#at]): never {
    const end = this.#text.trimEnd().length;
    throw new QueryTextError(this.#text, reason, place ?? { start: end, end });
  }
}
