/** Texts of a document as values of simple types. */

import { id, type Leaf } from "../binding/index.js";
import { overLimit } from "../xml/limits.js";
import type { Deliver } from "./frame.js";
import { mended } from "./lenient-values.js";
import { quote } from "./quote.js";
import type { ReadContext } from "./read-context.js";

/**
 * Delivers the value of `text`, or reports that it has none.
 *
 * @param what gives the text's place in a sentence; asked when there is something to say about it
 * @param mark where the text's element begins; undefined for attributes
 * @returns whether there was a value
 */
export function parseLeaf(
  context: ReadContext,
  leaf: Leaf<unknown>,
  text: string,
  what: () => string,
  mark: number | undefined,
  deliver: Deliver,
  step?: string,
): boolean {
  const value = leaf.parse(text);
  if (value === undefined) return mendLeaf(context, leaf, text, what(), mark, deliver, step);
  if (value === Number.POSITIVE_INFINITY) {
    context.report("LIMIT_EXCEEDED", `${what()} is ${quote(text)}; numbers go up to ${Number.MAX_SAFE_INTEGER}`, mark, step);
    return false;
  }
  if (leaf === id && context.looksInside) checkUnique(context, id.normalize(text), what(), mark, step);
  deliver(value);
  return true;
}

/** A text that is no value of its type: an error, or in a lenient reading the value it stands for. */
function mendLeaf(
  context: ReadContext,
  leaf: Leaf<unknown>,
  text: string,
  what: string,
  mark: number | undefined,
  deliver: Deliver,
  step: string | undefined,
): boolean {
  const found = `${what} is ${quote(text)}`;
  const { lenient } = context.settings;
  const value = lenient === undefined ? undefined : mended(leaf, text);
  if (value === undefined) {
    const lost = lenient === undefined ? "" : " and is left out";
    context.report("BAD_VALUE", `${found}${lost}; expected ${leaf.expected}`, mark, step);
    return false;
  }
  const taken = value === text ? "and is kept so" : `and is taken as ${quote(leaf.format(value))}`;
  context.report("BAD_VALUE", `${found} ${taken}; expected ${leaf.expected}`, mark, step);
  deliver(value);
  return true;
}

function checkUnique(context: ReadContext, value: string, what: string, mark: number | undefined, step: string | undefined): void {
  if (context.ids.has(value))
    context.report("BAD_VALUE", `${what} is ${quote(value)}, which an element before it has; expected an id of its own`, mark, step);
  context.ids.add(value);
}

/** The error for a text that is over the limit. */
export function tooLong(context: ReadContext, mark: number, what: string): Error {
  return overLimit("maxTextLength", context.settings.limits, `${what} is too long`, {
    ...context.source.place(mark),
    path: context.path(),
  });
}
