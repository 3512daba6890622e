/** All that generated code imports, and what extensions of it need. */

export {
  type Content,
  type ElementContent,
  isXmlContent,
  type TextContent,
  type XmlContent,
} from "./content.js";
export { alt, any, type Model, many, opt, seq, some } from "./content-model.js";
export * from "./leaf.js";
export * from "./shape.js";
export { hasAuthority, isAnyUri, isStrictUri } from "./uri.js";
export { contentSchema, elementContentSchema, followsModel } from "./zod.js";
