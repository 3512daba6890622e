/** What results mean for the exit code. */

import type { CheckResult, Level } from "../../contract/index.js";
import { exitCodes } from "../output.js";

/** From which level on a broken row is a failure. */
export const thresholds = ["must", "should", "any"] as const;
/** A member of {@link thresholds}. */
export type Threshold = (typeof thresholds)[number];

const failing: Readonly<Record<Threshold, readonly Level[]>> = {
  must: ["MUST", "MUST NOT"],
  should: ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT"],
  any: ["MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY", "DECIDE"],
};

/** Whether a result is a failure. */
export function isFailure({ outcome, level }: Pick<CheckResult, "outcome" | "level">, threshold: Threshold): boolean {
  return outcome === "broken" && failing[threshold].includes(level);
}

/** The exit code: a failure comes before what could not be reached. */
export function exitCodeOfResults(results: readonly CheckResult[], threshold: Threshold): number {
  if (results.some((result) => isFailure(result, threshold))) return exitCodes.notOk;
  return results.some(({ outcome }) => outcome === "not reachable") ? exitCodes.network : exitCodes.ok;
}
