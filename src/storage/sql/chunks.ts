/** Lists in pieces that fit into one statement. */

// Rows in one statement: below every database's limit of parameters.
const rowsPerStatement = 100;
// Characters in one statement, unless one row alone has more.
const charactersPerStatement = 4 * 1024 * 1024;

/**
 * Runs of a list.
 *
 * @param sizeOf characters of an item. Default: not worth counting.
 */
export function* chunks<T>(list: Iterable<T>, sizeOf: (item: T) => number = () => 0): Generator<T[], void, undefined> {
  let chunk: T[] = [];
  let total = 0;
  for (const item of list) {
    const size = sizeOf(item);
    if (chunk.length === rowsPerStatement || (chunk.length > 0 && total + size > charactersPerStatement)) {
      yield chunk;
      chunk = [];
      total = 0;
    }
    chunk.push(item);
    total += size;
  }
  if (chunk.length > 0) yield chunk;
}
