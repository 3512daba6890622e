/** All that generated code imports, and what extensions of it need. */

export { isAnyUri, hasAuthority, isStrictUri } from "./uri.js";
export {
  type Content,
  type ElementContent,
  isXmlContent,
  type TextContent,
  type XmlContent,
} from "./content.js";
export { alt, any, many, type Model, opt, seq, some } from "./content-model.js";
export * from "./leaf.js";
export * from "./shape.js";
export { contentSchema, elementContentSchema, followsModel } from "./zod.js";
