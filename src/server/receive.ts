/** From an HTTP request to a message: header fields, body, structure, values, rules. */

import { fromJson } from "../codec/json.js";
import { fromXml } from "../codec/xml.js";
import { giveUp, readBeginning, readBody } from "../http/body.js";
import {
  bindingId,
  type FieldReader,
  formatOfBinding,
  headerNames,
  type MessageFormat,
  mediaTypes,
  readTaxiiHeaders,
  type TaxiiHeaders,
  versionBindings,
  versionOfBinding,
  versionOfServices,
} from "../http/headers.js";
import { isJsonMediaType, isXmlMediaType, parseMediaType } from "../http/media-type.js";
import { type AnyMessage, type AnyRequest, isRequest } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { defaultQueryFormats } from "../message/query-formats.js";
import { StatusError } from "../message/status-error.js";
import { assertValid } from "../message/validate.js";
import type { Limits } from "../xml/limits.js";
import { bindingIds, negotiate, type Wire } from "./bindings.js";
import type { HttpRequest } from "./http.js";
import { elementOf, messagesOf, shapeOf } from "./messages.js";
import { RefusedRequest, refuseBody } from "./refusal.js";
import { peekJson, peekRoot, type Root, rootLength } from "./root.js";

/** What is known of a request so far; replies, refusals included, are made from it. */
export interface Correspondence {
  /** Version to answer in. */
  version: TaxiiVersion;
  /** Format to answer in. */
  format: MessageFormat;
  /** Id to answer to. */
  messageId: string;
}

export interface ReceiveOptions {
  /** Bytes of a body, before and after decompression. */
  readonly maxBytes: number;
  readonly limits: Partial<Limits>;
  /** The protocol binding the request came over. */
  readonly protocol: string;
  /** Versions that are spoken at the address. */
  readonly versions: readonly TaxiiVersion[];
  readonly formats: readonly MessageFormat[];
  /** Told of bytes of the body before they are kept. */
  readonly reserve: (bytes: number) => void;
}

/** A message that was read. */
export interface Received {
  readonly message: AnyRequest;
  readonly document: Uint8Array;
}

/**
 * Reads the message of a request.
 *
 * @param correspondence is told version, format and id as soon as they are known, so that a refusal can use them
 * @throws RefusedRequest
 */
export async function receive(request: HttpRequest, correspondence: Correspondence, options: ReceiveOptions): Promise<Received> {
  const headers = readTaxiiHeaders(request.headers);
  const named = assume(headers, correspondence, options);
  let document: Uint8Array | undefined;
  try {
    checkBinding(headers, options);
    const charset = checkMediaType(request.headers, correspondence.format, options);
    document = await read(request, options);
    checkPresence(headers, document, charset);
    checkAgreement(headers, options.protocol, correspondence.version);
    checkVersion(correspondence, options);
    const asked = { version: correspondence.version, format: correspondence.format };
    correspondence.format = checkAccept(headers, request.headers, asked, options);
    const message = parse(document, asked, charset, options.limits);
    correspondence.messageId = message.messageId;
    return { message, document };
  } catch (error) {
    if (document === undefined) await giveUp(request);
    else note(peek(document, request.headers, correspondence), named, correspondence);
    throw error;
  }
}

/** What can be learned about a request that is turned away unread. One that waits to be told to go on is not asked to. */
export async function glance(
  request: HttpRequest,
  correspondence: Correspondence,
  options: Pick<ReceiveOptions, "formats">,
): Promise<void> {
  const named = assume(readTaxiiHeaders(request.headers), correspondence, options);
  if (request.headers.get("expect") !== null) return;
  note(peek(await readBeginning(request, rootLength), request.headers, correspondence), named, correspondence);
}

/** Takes the header fields for true until more is known; gives the version they name. */
function assume(
  { contentType, services }: TaxiiHeaders,
  correspondence: Correspondence,
  { formats }: Pick<ReceiveOptions, "formats">,
): TaxiiVersion | undefined {
  const format = contentType === undefined ? undefined : formatOfBinding(contentType);
  const isJson = format === "json" && formats.includes("json");
  // The dictionaries do not say which version they are of; the services they are for do.
  const named = isJson ? versionOfServices(services) : versionOfBinding(contentType ?? "");
  correspondence.version = named ?? correspondence.version;
  correspondence.format = isJson ? "json" : "xml";
  return named;
}

function peek(document: Uint8Array, headers: FieldReader, { format }: Wire): Root {
  if (format === "json") return peekJson(document);
  return peekRoot(document, parseMediaType(headers.get("content-type") ?? "")?.parameters.get("charset"));
}

/** The version that header fields name is the one to answer in, whatever the body is (HTTP-XCT-004). */
function note({ version, messageId }: Root, named: TaxiiVersion | undefined, correspondence: Correspondence): void {
  correspondence.version = named ?? version ?? correspondence.version;
  const repeatable = messageId !== undefined && (correspondence.version === "1.1" || /^[0-9]+$/.test(messageId));
  if (repeatable) correspondence.messageId = messageId;
}

/** @throws RefusedRequest for message bindings that are not spoken (HTTP-ERR-003, HTTP-XCT-002) */
function checkBinding({ contentType }: TaxiiHeaders, options: ReceiveOptions): void {
  const format = contentType === undefined ? undefined : formatOfBinding(contentType);
  if (contentType === undefined || (format !== undefined && options.formats.includes(format))) return;
  throw unsupportedBinding(`The message binding ${JSON.stringify(contentType)} of ${headerNames.contentType} is not supported.`, options);
}

/**
 * The character set that Content-Type states; the field may be missing (HTTP-CT-003, HTTP-CT-004, HTTP-CT-005).
 *
 * @throws RefusedRequest for another format than that of the message binding
 */
function checkMediaType(headers: FieldReader, format: MessageFormat, options: ReceiveOptions): string | undefined {
  const value = headers.get("content-type");
  if (value === null) return undefined;
  const type = parseMediaType(value);
  const fits = format === "json" ? isJsonMediaType : isXmlMediaType;
  if (type !== undefined && fits(type)) return type.parameters.get("charset");
  throw unsupportedBinding(`The media type ${JSON.stringify(value)} is not supported; expected ${mediaTypes[format]}.`, options, 415);
}

async function read(request: HttpRequest, { maxBytes, reserve }: ReceiveOptions): Promise<Uint8Array> {
  try {
    return await readBody(request, maxBytes, { reserve });
  } catch (error) {
    throw refuseBody(error) ?? error;
  }
}

/** @throws RefusedRequest naming the fields that are missing (HTTP-ERR-001) */
function checkPresence(headers: TaxiiHeaders, document: Uint8Array, charset: string | undefined): void {
  const required = ["contentType", "protocol", "services"] as const;
  const missing = required.filter((field) => headers[field] === undefined).map((field) => headerNames[field]);
  if (missing.length === 0) return;
  const message = `The header field${missing.length === 1 ? "" : "s"} ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`;
  // With a TAXII message in the body this is a TAXII matter; without, it is plain bad HTTP.
  const isTaxii = headers.contentType !== undefined || peekRoot(document, charset).version !== undefined;
  throw new RefusedRequest(new StatusError("BAD_MESSAGE", { message }), isTaxii ? 200 : 400);
}

/** @throws RefusedRequest when protocol or services are not those of the transport and the message (HTTP-XP-004, HTTP-XS-004) */
function checkAgreement({ protocol, services }: TaxiiHeaders, actual: string, version: TaxiiVersion): void {
  checkField(headerNames.protocol, protocol, actual, "the protocol this request came over");
  const expected = versionBindings[version];
  checkField(headerNames.services, services, expected.services, `the services version that goes with ${expected.message}`);
}

function checkField(name: string, found: string | undefined, expected: string, why: string): void {
  if (found === expected) return;
  throw new RefusedRequest(
    new StatusError("BAD_MESSAGE", { message: `${name} is ${JSON.stringify(found)}; expected ${JSON.stringify(expected)}, ${why}.` }),
  );
}

/** @throws RefusedRequest for a version that no service at the address speaks */
function checkVersion({ version }: Wire, options: ReceiveOptions): void {
  if (!options.versions.includes(version)) throw unsupportedBinding(`TAXII ${version} is not spoken at this address.`, options);
}

/**
 * The format to answer in.
 *
 * @throws RefusedRequest when the reply may not be in a binding of the request's version (HTTP-XA-004, HTTP-XA-009, HTTP-XA-010)
 */
function checkAccept({ accept }: TaxiiHeaders, fields: FieldReader, request: Wire, options: ReceiveOptions): MessageFormat {
  const format = negotiate(request, accept, fields.get("accept"), options.formats);
  if (format !== undefined) return format;
  throw unsupportedBinding(
    `Neither ${headerNames.accept} nor Accept may exclude the message binding of the request, ${bindingId(request.version, request.format)}, in which it is answered.`,
    options,
    406,
  );
}

function unsupportedBinding(message: string, { versions, formats }: ReceiveOptions, httpStatus?: number): RefusedRequest {
  return new RefusedRequest(
    new StatusError("UNSUPPORTED_MESSAGE", { message, details: { SUPPORTED_BINDING: bindingIds(versions, formats) } }),
    httpStatus,
  );
}

/** @throws RefusedRequest when the body is not a valid message that asks for something (XML-GEN-008) */
function parse(document: Uint8Array, { version, format }: Wire, charset: string | undefined, limits: Partial<Limits>): AnyRequest {
  try {
    const message: AnyMessage =
      format === "json"
        ? fromJson(messagesOf[version], document, { limits, formats: defaultQueryFormats })
        : fromXml(messagesOf[version], document, { limits, ...(charset === undefined ? {} : { charset }) });
    if (!isRequest(message)) throw new StatusError("BAD_MESSAGE", { message: `${elementOf(message)} is no request.` });
    assertValid(shapeOf(message), message, { received: true, read: format === "xml" });
    return message;
  } catch (error) {
    throw error instanceof StatusError ? new RefusedRequest(error) : (refuseBody(error) ?? error);
  }
}
