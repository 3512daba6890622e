/** Labels in order of time. */

import type { PollResponse } from "../../generated/taxii11/index.js";
import { compareTimestamps } from "../index.js";
import { Ending } from "./check.js";
import { quoted } from "./texts.js";

/** The order of two labels. @throws Ending as broken when one is none */
export function compareLabels(a: string, b: string): number {
  try {
    return compareTimestamps(a, b);
  } catch (error) {
    throw new Ending("broken", `expected timestamps, found ${quoted(a)} and ${quoted(b)}`, { cause: error });
  }
}

/** Whether one label is later than another. */
export function isAfter(label: string, other: string): boolean {
  return compareLabels(label, other) > 0;
}

/** The different labels of a response's blocks, oldest first. */
export function labelsOf({ contentBlocks }: PollResponse): string[] {
  const labels = contentBlocks.map(({ timestampLabel }) => timestampLabel).filter((label) => label !== undefined);
  return [...new Set(labels)].sort(compareLabels);
}
