/** As much of a text as is looked at to tell what it is, however long it is. */

/** The beginning and the end of a text, without white space around it. */
export interface Excerpt {
  readonly head: string;
  readonly tail: string;
  /** Whether `head` is all there is. */
  readonly whole: boolean;
}

/** How many characters are looked at: at the beginning, and at the end of longer texts. */
export const headLength = 65_536;
const tailLength = 4096;

/** What there is to see of `text`. */
export function excerptOf(text: string): Excerpt {
  const whole = text.length <= headLength;
  const head = whole ? text.trim() : text.slice(0, headLength).trimStart();
  return { head, tail: whole ? head : text.slice(-tailLength).trimEnd(), whole };
}
