/** Letting others have their turn. */

// What is not Node.js may not have the first.
const later: (done: () => void) => unknown = typeof setImmediate === "function" ? setImmediate : setTimeout;

/**
 * Waits until all else that is ready was looked at. Promises alone keep their turn for as long as they go on: work that waits for
 * nothing outside the process, such as reading a large part of a database in the same thread, would let nobody in between.
 */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    later(resolve);
  });
}
