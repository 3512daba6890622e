/** Regular expressions of queries, in time that grows with the text and nothing else (QRY-RGX-005). */

import { RE2JS } from "re2js";
import { problemOfPattern } from "../message/regex-subset.js";

/** A compiled expression. */
export interface Pattern {
  /** Steps of its automaton: the most a character of a text costs. */
  readonly size: number;
  /** Whether it is found somewhere in `text` (QRY-RGX-004). */
  find(text: string): boolean;
}

/** Why an expression cannot be used. */
export class PatternProblem extends Error {}

// Characters: automata grow with their expressions, and repetitions of repetitions multiply.
const longest = 1000;

/**
 * Compiles an expression of the common subset (QRY-RGX-002). Look-ahead, which the subset has, cannot be done in linear time
 * and is refused.
 *
 * @throws PatternProblem
 */
export function compilePattern(pattern: string, caseSensitive: boolean): Pattern {
  if (pattern.length > longest) throw new PatternProblem(`the expression has ${pattern.length} characters; up to ${longest} are taken`);
  const problem = problemOfPattern(pattern);
  if (problem !== undefined) throw new PatternProblem(problem);
  try {
    const compiled = RE2JS.compile(translated(pattern), caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
    return { size: compiled.programSize(), find: (text) => compiled.matcher(text).find() };
  } catch (error) {
    throw new PatternProblem(error instanceof Error ? error.message : String(error));
  }
}

/** The expression in the engine's syntax, where that differs. */
function translated(pattern: string): string {
  let inClass = false;
  let out = "";
  for (let at = 0; at < pattern.length; ) {
    const [token, escape] = /^(?:\\([0-3][0-7]{2}|0[0-7]{0,2}|c[A-Za-z]|x[0-9A-Fa-f]{2}|.)|.)/su.exec(pattern.slice(at)) ?? [""];
    if (!inClass && /^\(\?[=!]/.test(pattern.slice(at))) throw new PatternProblem("look-ahead is not taken");
    // The engine takes a bracket within a class for the beginning of a named one.
    if (escape !== undefined) out += translatedEscape(escape, inClass);
    else out += token === "[" && inClass ? "\\[" : token;
    if (token === "[") inClass = true;
    else if (token === "]") inClass = false;
    at += Math.max(token.length, 1);
  }
  return out;
}

function translatedEscape(escape: string, inClass: boolean): string {
  if (/^[0-7]/.test(escape)) return codePoint(Number.parseInt(escape, 8));
  if (/^c[A-Za-z]$/.test(escape)) return codePoint(escape.toUpperCase().charCodeAt(1) - 64);
  if (escape.startsWith("x")) return codePoint(Number.parseInt(escape.slice(1), 16));
  if (escape === "b" && inClass) return codePoint(8);
  if (/^[A-Za-z]$/.test(escape)) return `\\${escape}`;
  return codePoint(escape.codePointAt(0) ?? 0);
}

function codePoint(code: number): string {
  return `\\x{${code.toString(16)}}`;
}
