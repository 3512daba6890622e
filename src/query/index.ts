/** TAXII Default Query: checked and evaluated. */

export { checkQuery, defaultQueryLimits, type ModuleName, type QueryLimits, type QuerySupport, type Vocabulary } from "./check.js";
export { type CompiledQuery, compileQuery } from "./engine.js";
export { PatternProblem } from "./pattern.js";
export { matchesBlock, type RecordOptions } from "./record.js";
export { isWithinScopes } from "./scope.js";
export type { TestOptions } from "./test-of.js";
