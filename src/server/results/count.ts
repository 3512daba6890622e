/** How many records a result has (SVC-POLL-013). */

import type { ContentStore } from "../../storage/index.js";
import { type ContentRange, selectionOf } from "./blocks.js";
import { type CutOptions, cut, noLimits } from "./cut.js";

/** Records of a result. */
export interface Count {
  readonly value: number;
  /** Whether there may be more. */
  readonly partial: boolean;
}

/**
 * Counts the records of a range, as far as that is cheap: up to `limit` of them, and with a query among as many blocks as a
 * part may look at (`maxScanned`).
 */
export async function countRange(
  storage: Pick<ContentStore, "keys" | "count" | "content">,
  range: ContentRange,
  options: CutOptions,
  limit: number,
): Promise<Count> {
  if (options.predicate === undefined) {
    const value = await storage.count(selectionOf(range, options.match), limit + 1);
    return { value, partial: value > limit };
  }
  const { maxScanned } = options.limits;
  const { blocks, last } = await cut(storage, range, { ...options, limits: { ...noLimits, maxScanned } });
  return { value: blocks, partial: !last };
}
