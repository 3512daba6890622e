/** What is in `Query` and `Supported_Query` when their format is Default Query. */

import { z } from "zod";
import { DefaultQuery, TargetingExpressionInfo } from "../../generated/default-query/messages.js";
import { TargetingExpressionInfoSchema } from "../../generated/default-query/zod.js";
import type { QueryInit } from "../../generated/taxii11/messages.js";
import { type Content, charactersOf, checkedXml, isXmlContent, type XmlContent } from "../binding/content.js";
import { anyUri, list, type Shape, seq, shape, some } from "../binding/index.js";
import { parseFragment } from "../codec/fragment.js";
import { fromXml, toXml } from "../codec/xml.js";
import { namespaces, queryFormats } from "../constants.js";
import { ParseError } from "../errors.js";

/**
 * `Default_Query_Info` as the specification has it, with any number of vocabularies (QRY-INF-001). The schema, and with it
 * the generated `DefaultQueryInfo`, allows one only; the specification wins (VER-CONF-003).
 */
export interface QueryInfo {
  /** The vocabularies a service understands, at least one, each with the regions it can search. */
  targetingExpressionInfos: TargetingExpressionInfo[];
  /** Identifiers of the capability modules it implements, at least one. */
  capabilityModules: string[];
}

/** The table of {@link QueryInfo}. */
export const QueryInfo: Shape<QueryInfo> = /*@__PURE__*/ shape({
  name: "defaultQuery.QueryInfo",
  namespace: namespaces.defaultQuery,
  type: "DefaultQueryInfoType",
  element: "Default_Query_Info",
  role: "element",
  layout: { text: ["  {targetingExpressionInfos}", "  Capability Module: {capabilityModules}"] },
  fields: () => [
    list("targetingExpressionInfos", "Targeting_Expression_Info", () => TargetingExpressionInfo),
    list("capabilityModules", "Capability_Module", anyUri),
  ],
  model: () => seq(some("Targeting_Expression_Info"), some("Capability_Module")),
  schema: () =>
    z.strictObject({
      targetingExpressionInfos: z.array(TargetingExpressionInfoSchema).min(1),
      capabilityModules: z.array(anyUri.zod).min(1),
    }),
});

/** A body with the identifier of its format: a `Query` or a `Supported_Query`. */
export interface FormattedBody {
  readonly formatId: string;
  readonly content: Content;
}

/** Whether the body is one of Default Query. Bodies in other formats are opaque (QRY-GEN-005). */
export function isDefaultQuery({ formatId }: FormattedBody): boolean {
  return formatId === queryFormats.default10;
}

/**
 * The query in a `Query` of Default Query.
 *
 * @throws ParseError when there is anything but one `Default_Query` (QRY-STR-001), or when that does not fit the schema
 */
export function readQuery(query: FormattedBody): DefaultQuery {
  return readBody(DefaultQuery, query);
}

/**
 * The information in a `Supported_Query` of Default Query, with all its vocabularies.
 *
 * @throws ParseError when there is anything but one `Default_Query_Info`, or when that does not fit
 */
export function readQueryInfo(supported: FormattedBody): QueryInfo {
  return readBody(QueryInfo, supported);
}

/** A body of one's own, as it goes into a `Query` or a `Supported_Query`. */
export interface WrittenBody {
  formatId: string;
  content: XmlContent;
}

/** A `Query` for a query of one's own. @throws ValidationError */
export function queryBody(query: DefaultQuery): WrittenBody {
  return bodyOf(queryFormats.default10, DefaultQuery, query);
}

/** A `Query` as it is, or for a query of one's own. @throws ValidationError */
export function asQuery(query: QueryInit | DefaultQuery): QueryInit {
  return "formatId" in query ? query : queryBody(query);
}

/** How {@link queryInfoBody} writes. */
export interface QueryInfoOptions {
  /** Whether only the first vocabulary is told, so that the result is valid by the schema. Default: false (QRY-INF-007). */
  readonly oneVocabulary?: boolean;
}

/** A `Supported_Query` for what a service can do. @throws ValidationError */
export function queryInfoBody(info: QueryInfo, options: QueryInfoOptions = {}): WrittenBody {
  const told = options.oneVocabulary === true ? { ...info, targetingExpressionInfos: info.targetingExpressionInfos.slice(0, 1) } : info;
  return bodyOf(queryFormats.default10, QueryInfo, told);
}

/** The body of a format with a value in it. @throws ValidationError */
export function bodyOf<T extends object>(formatId: string, form: Shape<T>, value: T): WrittenBody {
  return { formatId, content: checkedXml(toXml(form, value, { declaration: false })) };
}

/**
 * The value in a body.
 *
 * @throws ParseError when there is anything but one element of this shape, or when that does not fit
 */
export function readBody<T extends object>(form: Shape<T>, { content }: FormattedBody): T {
  return fromXml(form, onlyElement(content, form));
}

function onlyElement(content: Content, { element, namespace }: Shape): string {
  const xml = charactersOf(content);
  const { elements, text } = isXmlContent(content) ? parseFragment(xml) : { elements: [], text: true };
  const [only] = elements;
  if (text || elements.length !== 1 || only?.local !== element || only.namespace !== namespace) {
    const found = [...(text ? ["text"] : []), ...elements.map(({ local }) => `<${local}>`)];
    throw new ParseError("UNEXPECTED_ELEMENT", `expected one <${element}> of ${namespace}, found ${found.join(", ") || "nothing"}`, {
      line: 0,
      column: 0,
      path: "",
    });
  }
  return xml;
}
