/** Results: what ranges contain, where parts end, and the worker that makes results for later. */

export { asSent, blocksOfPart, blocksOfRange, type ContentRange, rangeOfResult, selectionOf } from "./blocks.js";
export { type Count, countRange } from "./count.js";
export { type Cut, type CutOptions, cut, defaultPartLimits, type Measure, measure, type PartLimits } from "./cut.js";
export { type ResultFailure, ResultMaker, type ResultMakerOptions } from "./maker.js";
export { type FoundPart, findPart, resultGone } from "./parts.js";
export { predicateOf } from "./predicate.js";
