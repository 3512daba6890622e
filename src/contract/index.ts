/** Contract testing: whether a TAXII service keeps to the specifications, as far as that can be seen from outside. */

export { type Group, groups, type Level, type Outcome } from "./check.js";
export { type CheckResult, type CheckServiceOptions, checkService } from "./run.js";
export type { TaxiiVersion } from "./version.js";
export type { Fetch } from "./wire.js";
