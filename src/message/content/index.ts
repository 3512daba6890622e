/** What content blocks hold, and how to get it. */

export { type ContentXmlOptions, contentBytes, contentJson, contentXml, type DecodeOptions } from "./access.js";
export { ContentError, type ContentErrorCode } from "./content-error.js";
export { type BlockLike, type ContentDescription, type ContentKind, describeContent } from "./describe.js";
