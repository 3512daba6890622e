/** Finding a value in texts, in time that grows with the text however the value is made. */

/**
 * The longest value that is looked for by `includes`, which is quick, but may take as many steps for each character of a text as the
 * value has: minutes for a megabyte, with values as long as queries may have them.
 */
const longestPlain = 32;

/** Tells of texts whether they contain `value`. */
export function containing(value: string): (text: string) => boolean {
  if (value.length <= longestPlain) return (text) => text.includes(value);
  const borders = bordersOf(value);
  return (text) => {
    if (text.length < value.length) return false;
    let matched = 0;
    for (let at = 0; at < text.length; at++) {
      matched = extended(value, borders, matched, text.charCodeAt(at));
      if (matched === value.length) return true;
    }
    return false;
  };
}

/** By length: how long the longest part is that such a beginning of the value both begins and ends with, other than itself. */
function bordersOf(value: string): Int32Array {
  const borders = new Int32Array(value.length + 1);
  for (let at = 1; at < value.length; at++) borders[at + 1] = extended(value, borders, borders[at] ?? 0, value.charCodeAt(at));
  return borders;
}

/** How much of the value's beginning a text ends with that ended with `matched` of it before one more character. */
function extended(value: string, borders: Int32Array, matched: number, code: number): number {
  let length = matched;
  while (length > 0 && value.charCodeAt(length) !== code) length = borders[length] ?? 0;
  return value.charCodeAt(length) === code ? length + 1 : 0;
}
