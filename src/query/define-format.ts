/** Query formats of third parties: bodies of types of their own, and what they mean (QRY-GEN-007). */

import type { ContentBlock, Query, SupportedQuery } from "../../generated/taxii11/index.js";
import { hasAuthority, type Shape } from "../binding/index.js";
import { queryFormats } from "../constants.js";
import { ParseError } from "../errors.js";
import { bodyOf, type FormattedBody, readBody, type WrittenBody } from "../message/query-body.js";
import { StatusError } from "../message/status-error.js";

/** What can be known of a record. */
export type FormatRecord = Pick<ContentBlock, "contentBinding" | "content" | "timestampLabel">;

/** Whether a record matches. One that cannot be looked into must not, whatever is asked (QRY-EVAL-005). */
export type FormatPredicate = (record: FormatRecord) => boolean | Promise<boolean>;

/** All that a query format has to define. */
export interface QueryFormatDefinition<Q extends object, I extends object> {
  /** What `format_id` says: a URI with authority (QRY-GEN-004). */
  readonly formatId: string;
  /** The shape of the element in a `Query`: its sub-fields, and with them its XML, JSON and text. */
  readonly query: Shape<Q>;
  /** The shape of the element in a `Supported_Query`. Default: none, for a format without options. */
  readonly info?: Shape<I> | undefined;
  /**
   * Checks a query and makes it ready; asked once per request.
   *
   * @param info what the service said that it can do; undefined where nobody said
   * @throws StatusError for a query that cannot be evaluated
   */
  prepare(query: Q, info: I | undefined): FormatPredicate;
}

/** What poll and collection management services evaluate queries with. */
export interface FormatHandler {
  readonly formatId: string;
  supported(): readonly SupportedQuery[];
  /** @throws StatusError `BAD_MESSAGE` for a body that is none of the format */
  prepare(query: Query): FormatPredicate;
}

/**
 * A query format. It goes as it is into `formats` of `toJson`, `fromJson` and `toText`, beside those of `defaultQueryFormats`, so that
 * bodies are taken apart in messages.
 */
export interface QueryFormat<Q extends object, I extends object> extends QueryFormatDefinition<Q, I> {
  /** A `Query` for `client.poll` and subscriptions. @throws ValidationError when the schema refuses it */
  body(query: Q): WrittenBody;
  /** The query in a `Query`. @throws ParseError for a body of another format or with anything but one element of its shape */
  read(body: FormattedBody): Q;
  /** A `Supported_Query`. @throws ValidationError */
  infoBody(info: I): WrittenBody;
  /** What is in a `Supported_Query`; undefined when the format has nothing there. @throws ParseError */
  readInfo(body: FormattedBody): I | undefined;
  /**
   * Evaluates the format on a server: `poll({ path: "/poll", queries: [defaultQuery(), format.handler(info)] })`.
   *
   * @param info what is advertised; for formats with a shape for it
   * @throws TypeError when that is missing, or there where there is no shape for it
   */
  handler(info?: I): FormatHandler;
}

/**
 * Defines a query format. Nothing is registered: it is given to what should know it.
 *
 * ```ts
 * const bySite = defineQueryFormat({
 *   formatId: "urn:example.com:query:by-site-1",
 *   query: SiteQuery,
 *   prepare: ({ site }) => ({ content }) => "text" in content && content.text.startsWith(`${site}:`),
 * });
 * ```
 *
 * Shapes are made by `taxii-codegen` from a schema, or by hand with `shape` of `taxii/binding`.
 *
 * @throws TypeError for an identifier without authority or of Default Query, and a shape that is no element
 */
export function defineQueryFormat<Q extends object, I extends object = never>(definition: QueryFormatDefinition<Q, I>): QueryFormat<Q, I> {
  const { formatId, query, info } = definition;
  if (!hasAuthority(formatId))
    throw new TypeError(`the query format ${JSON.stringify(formatId)}: expected a URI with authority, such as urn:example.com:…`);
  if (formatId === queryFormats.default10) throw new TypeError(`the query format ${formatId} is Default Query`);
  for (const form of [query, info])
    if (form?.role === "component") throw new TypeError(`the query format ${formatId}: ${form.name} is no element by itself`);
  const read = (body: FormattedBody): Q => readBody(query, required(formatId, body));
  const infoBody = (value: I): WrittenBody => {
    if (info === undefined) throw new TypeError(`the query format ${formatId} has nothing to say about its support`);
    return bodyOf(formatId, info, value);
  };
  return Object.freeze({
    ...definition,
    body: (value: Q) => bodyOf(formatId, query, value),
    read,
    infoBody,
    readInfo: (body: FormattedBody) => (info === undefined ? undefined : readBody(info, required(formatId, body))),
    handler(value?: I): FormatHandler {
      if (info !== undefined && value === undefined) throw new TypeError(`the query format ${formatId} has to say what it supports`);
      const supported = value === undefined ? { formatId, content: { text: "" } } : infoBody(value);
      return {
        formatId,
        supported: () => [supported],
        prepare: (body) => definition.prepare(readReceived(read, body), value),
      };
    },
  });
}

function required(formatId: string, body: FormattedBody): FormattedBody {
  if (body.formatId === formatId) return body;
  throw new ParseError("BAD_VALUE", `expected the query format ${formatId}, found ${JSON.stringify(body.formatId)}`, {
    line: 0,
    column: 0,
    path: "format_id",
  });
}

/** @throws StatusError `BAD_MESSAGE` for what is no query of the format (QRY-STR-007) */
function readReceived<Q>(read: (body: FormattedBody) => Q, body: FormattedBody): Q {
  try {
    return read(body);
  } catch (cause) {
    if (!(cause instanceof ParseError)) throw cause;
    throw new StatusError("BAD_MESSAGE", { message: `The query is malformed: ${cause.message}.`, cause });
  }
}
