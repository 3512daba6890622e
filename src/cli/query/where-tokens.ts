/** The words of a condition as one writes it on the command line. */

import { printable } from "../output.js";

/** A word, a text in quotes, or a parenthesis. */
export interface Token {
  readonly kind: "word" | "quoted" | "(" | ")";
  /** The word; the text without its quotes. */
  readonly text: string;
  /** From where to where it stands, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** A condition that cannot be understood. The message shows where the fault is. */
export class WhereError extends Error {
  constructor(text: string, reason: string, { start, end }: Pick<Token, "start" | "end">) {
    super(`${reason}\n${pointAt(text, start, end)}`);
    this.name = "WhereError";
  }
}

/** The characters of a line before the fault that are shown. */
const longestLead = 50;
const longestTail = 20;

/** The text on one line, and a mark below the part from `start` to `end`. */
function pointAt(text: string, start: number, end: number): string {
  const show = (part: string): string => printable(part.replace(/\s/g, " "));
  const lead = show(text.slice(0, start));
  const shownLead = lead.length > longestLead ? `…${lead.slice(1 - longestLead)}` : lead;
  const fault = show(text.slice(start, end));
  const tail = show(text.slice(end));
  const shownTail = tail.length > longestTail ? `${tail.slice(0, longestTail - 1)}…` : tail;
  return `  ${shownLead}${fault}${shownTail}\n  ${" ".repeat(shownLead.length)}${"^".repeat(Math.max(1, fault.length))}`;
}

const next = /\s*(?:([()])|'((?:[^']|'')*)'|"((?:[^"]|"")*)"|([^\s()'"]+))/y;

/**
 * Takes a condition apart. Quotes are single or double, and are doubled within; a backslash is a character like any other.
 *
 * @throws WhereError for a quote without end
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  next.lastIndex = 0;
  for (let at = 0; text.slice(at).trim() !== ""; at = next.lastIndex) {
    const found = next.exec(text);
    if (found === null) {
      const start = text.length - text.slice(at).trimStart().length;
      throw new WhereError(text, `the quote ${text.charAt(start)} has no end`, { start, end: text.length });
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
