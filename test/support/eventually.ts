/** What becomes true after a while. */

import { expect } from "vitest";

/** Expects of a value that it matches sooner or later; a machine with much else to do has time for it. */
export function eventually<T>(value: () => T) {
  return expect.poll(value, { timeout: 30_000, interval: 5 });
}
