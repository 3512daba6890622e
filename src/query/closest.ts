/** What somebody may have meant. */

/**
 * The candidate that is most like `word`, if one is; case does not count.
 *
 * @param most changes that one can be away. Default: as many as a third of the word's characters
 */
export function closest(word: string, candidates: Iterable<string>, most: number = Math.ceil(word.length / 3)): string | undefined {
  let best: string | undefined;
  let least = most + 1;
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - word.length) >= least) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= least) continue;
    least = distance;
    best = candidate;
  }
  return best;
}

/** Characters to insert, to take out, to replace, or to swap with the next one, to get from one word to the other. */
function editDistance(one: string, other: string): number {
  let [previous, current]: number[][] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= one.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const same = one[row - 1] === other[column - 1];
      const swapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      next.push(
        Math.min(
          (current?.[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (current?.[column - 1] ?? 0) + (same ? 0 : 1),
          swapped ? (previous?.[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    [previous, current] = [current, next];
  }
  return current?.at(-1) ?? 0;
}
