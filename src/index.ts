/** TAXII 1.0, 1.1 and Default Query: the verbs, for the shapes of `taxii/1.0`, `taxii/1.1` and `taxii/default-query`. */

export { type Content, type ElementContent, isXmlContent, type TextContent, type XmlContent } from "./binding/index.js";
export { xmlContent } from "./codec/fragment.js";
export type { FromJsonOptions, Json, JsonFormOptions, JsonObject, ToJsonOptions } from "./codec/json.js";
export type { Deviation } from "./codec/lenient.js";
export type { ToTextOptions } from "./codec/text.js";
export { type Accept, type Accepted, fromXml, type ReadOptions, toXml } from "./codec/xml.js";
export type { ByteSource } from "./codec/xml-stream.js";
export type { WriteOptions } from "./codec/xml-writer.js";
export * from "./constants.js";
export * from "./errors.js";
export { abilitiesOf, type CollectionAbilities, inboxBindingsOf } from "./message/abilities.js";
export { type Difference, diff, equals } from "./message/compare.js";
export {
  type BlockLike,
  type ContentDescription,
  ContentError,
  type ContentErrorCode,
  type ContentKind,
  type ContentXmlOptions,
  contentBytes,
  contentJson,
  contentXml,
  type DecodeOptions,
  describeContent,
} from "./message/content/index.js";
export { type AcceptedBinding, type BlockBinding, commonBindings, coversBinding, type MatchOptions } from "./message/content-binding.js";
export { create } from "./message/create.js";
export { fromJson, toJson, toJsonObject, toText } from "./message/forms.js";
export { generateMessageId, type TaxiiVersion } from "./message/ids.js";
export { type Inspect, type Report, type Rule, rule } from "./message/rule.js";
export { StatusError } from "./message/status-error.js";
export { type BlockOf, type MessageStream, readMessageStream, writeMessageStream } from "./message/stream.js";
export { compareTimestamps, type Timestamp } from "./message/timestamp.js";
export { assertValid, type ValidateOptions, type Validation, validate } from "./message/validate.js";
export { type DocumentIssue, type ValidateXmlOptions, validateXml, type XmlVerdict } from "./message/validate-xml.js";
export {
  contentBlockTo10,
  contentBlockTo11,
  NotInVersion10Error,
  type ToVersion10Options,
  type ToVersion11Options,
  toVersion10,
  toVersion11,
  type Version10,
  type Version11,
} from "./message/versions/index.js";
export { defaultLimits, type Limits, streamLimits } from "./xml/limits.js";
