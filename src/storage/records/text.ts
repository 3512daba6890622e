/** Texts as every storage can keep them, and their order. */

/**
 * The longest name that is kept, in UTF-16 units: an account, an id, the identity of a certificate. Databases look names up in
 * indexes, whose entries are limited to some 2,700 bytes in PostgreSQL.
 */
export const longestName = 800;

/**
 * Whether every database keeps `text` as it is: PostgreSQL knows no NUL, and lone surrogates are no UTF-8. What is not keepable
 * names nothing that is there.
 */
export function isKeepable(text: string): boolean {
  return !text.includes("\0") && text.isWellFormed();
}

/** `text` with replacement characters for what {@link isKeepable} refuses: for texts nobody compares, such as error messages. */
export function keepable(text: string): string {
  return text.replaceAll("\0", "\ufffd").toWellFormed();
}

/** The order of two texts code point by code point, which is that of their UTF-8 and the same in every storage. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const difference = rank(a.charCodeAt(at)) - rank(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Surrogates stand for characters behind all those that are one unit. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
