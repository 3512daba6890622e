/** The words of a query as text. */

import { type Place, QueryTextError } from "./problem.js";

/** A word, a text in quotes, or a parenthesis. */
export interface Token extends Place {
  readonly kind: "word" | "quoted" | "(" | ")";
  /** The word; the text without its quotes. */
  readonly text: string;
}

const next = /\s*(?:([()])|'([^']*(?:''[^']*)*)'|"([^"]*(?:""[^"]*)*)"|([^\s()'"]+))/y;

/**
 * Takes a text apart. Quotes are single or double, and are doubled within; a backslash is a character like any other.
 *
 * @throws QueryTextError for a quote without end
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  next.lastIndex = 0;
  for (let at = 0; at < end; at = next.lastIndex) {
    const found = next.exec(text);
    if (found === null) {
      const start = text.length - text.slice(at).trimStart().length;
      throw new QueryTextError(text, `the quote ${text.charAt(start)} has no end`, { start, end: text.length });
    }
    const [whole, parenthesis, single, double, word] = found;
    const start = at + whole.length - whole.trimStart().length;
    const place = { start, end: next.lastIndex };
    if (parenthesis === "(" || parenthesis === ")") tokens.push({ kind: parenthesis, text: parenthesis, ...place });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, ...place });
    else tokens.push({ kind: "quoted", text: single?.replaceAll("''", "'") ?? double?.replaceAll('""', '"') ?? "", ...place });
  }
  return tokens;
}

const plain = /^[^\s()'"]+$/;

/** A word, or in quotes where it is none or means something else. */
export function wordOf(text: string): string {
  return plain.test(text) && !keywords.has(text.toLowerCase()) ? text : quoted(text);
}

/** A text in quotes. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** Words that mean something by themselves. */
const keywords: ReadonlySet<string> = new Set(["and", "or", "not", "all", "any", "in", "where", "case", "nocase", "number"]);
