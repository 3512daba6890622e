/** From an HTTP request to a message: header fields, body, structure, values, rules. */

import { type Message, messages } from "../../generated/taxii11/index.js";
import { fromXml } from "../codec/xml.js";
import { type BodySource, readBeginning, readBody } from "../http/body.js";
import { headerNames, readTaxiiHeaders, type TaxiiHeaders, versionBindings, versionOfBinding } from "../http/headers.js";
import { isXmlMediaType, parseMediaType } from "../http/media-type.js";
import { exchangeOf, type Request11 } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { StatusError } from "../message/status-error.js";
import { assertValid } from "../message/validate.js";
import type { Limits } from "../xml/limits.js";
import { supportedBindings } from "./offer.js";
import { RefusedRequest, refuseBody } from "./refusal.js";
import { peekRoot, type Root, rootLength } from "./root.js";

/** What is known of a request so far; replies, refusals included, are made from it. */
export interface Correspondence {
  /** Version to answer in. */
  version: TaxiiVersion;
  /** Id to answer to. */
  messageId: string;
}

export interface ReceiveOptions {
  /** Bytes of a body, before and after decompression. */
  readonly maxBytes: number;
  readonly limits: Partial<Limits>;
  /** The protocol binding the request came over. */
  readonly protocol: string;
}

/**
 * Reads the message of a request.
 *
 * @param correspondence is told version and id as soon as they are known, so that a refusal can use them
 * @throws RefusedRequest
 */
export async function receive(request: Request, correspondence: Correspondence, options: ReceiveOptions): Promise<Request11> {
  const headers = readTaxiiHeaders(request.headers);
  const version = await checkBinding(request, headers);
  correspondence.version = version ?? correspondence.version;
  const charset = await checkMediaType(request);
  const bytes = await readBody(request, options.maxBytes).catch((error: unknown) => {
    throw refuseBody(error) ?? error;
  });
  try {
    checkPresence(headers, bytes, charset);
    checkAgreement(headers, options.protocol, correspondence.version);
    checkAccept(headers, correspondence.version);
    if (version === "1.0") throw unsupportedBinding("TAXII 1.0 is not supported here.");
    const message = parse(bytes, charset, options.limits);
    correspondence.messageId = message.messageId;
    return message;
  } catch (error) {
    note(peekRoot(bytes, charset), version, correspondence);
    throw error;
  }
}

/** What can be learned about a request that is turned away unread. */
export async function glance(request: Request, correspondence: Correspondence): Promise<void> {
  const { contentType = "" } = readTaxiiHeaders(request.headers);
  const charset = parseMediaType(request.headers.get("content-type") ?? "")?.parameters.get("charset");
  note(peekRoot(await readBeginning(request, rootLength), charset), versionOfBinding(contentType), correspondence);
}

/** The version named by X-TAXII-Content-Type is the one to answer in, whatever the body is (HTTP-XCT-004). */
function note({ version, messageId }: Root, named: TaxiiVersion | undefined, correspondence: Correspondence): void {
  correspondence.version = named ?? version ?? correspondence.version;
  const repeatable = messageId !== undefined && (correspondence.version === "1.1" || /^[0-9]+$/.test(messageId));
  if (repeatable) correspondence.messageId = messageId;
}

/** @throws RefusedRequest for message bindings that are not spoken (HTTP-ERR-003) */
async function checkBinding(request: BodySource, { contentType }: TaxiiHeaders): Promise<TaxiiVersion | undefined> {
  const version = contentType === undefined ? undefined : versionOfBinding(contentType);
  if (contentType === undefined || version !== undefined) return version;
  await request.body?.cancel();
  throw unsupportedBinding(`The message binding ${JSON.stringify(contentType)} of ${headerNames.contentType} is not supported.`);
}

/**
 * The character set that Content-Type states; the field may be missing (HTTP-CT-003, HTTP-CT-004, HTTP-CT-005).
 *
 * @throws RefusedRequest for anything but XML
 */
async function checkMediaType({ headers, body }: BodySource): Promise<string | undefined> {
  const value = headers.get("content-type");
  if (value === null) return undefined;
  const type = parseMediaType(value);
  if (type !== undefined && isXmlMediaType(type)) return type.parameters.get("charset");
  await body?.cancel();
  throw unsupportedBinding(`The media type ${JSON.stringify(value)} is not supported; expected application/xml.`, 415);
}

/** @throws RefusedRequest naming the fields that are missing (HTTP-ERR-001) */
function checkPresence(headers: TaxiiHeaders, bytes: Uint8Array, charset: string | undefined): void {
  const required = ["contentType", "protocol", "services"] as const;
  const missing = required.filter((field) => headers[field] === undefined).map((field) => headerNames[field]);
  if (missing.length === 0) return;
  const message = `The header field${missing.length === 1 ? "" : "s"} ${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} missing.`;
  // With a TAXII message in the body this is a TAXII matter; without, it is plain bad HTTP.
  const isTaxii = headers.contentType !== undefined || peekRoot(bytes, charset).version !== undefined;
  throw new RefusedRequest(new StatusError("BAD_MESSAGE", { message }), isTaxii ? 200 : 400);
}

/** @throws RefusedRequest when protocol or services are not those of the transport and the message (HTTP-XP-004, HTTP-XS-004) */
function checkAgreement({ protocol, services }: TaxiiHeaders, actual: string, version: TaxiiVersion): void {
  checkField(headerNames.protocol, protocol, actual, "the protocol this request came over");
  checkField(
    headerNames.services,
    services,
    versionBindings[version].services,
    `the services version that goes with ${versionBindings[version].message}`,
  );
}

function checkField(name: string, found: string | undefined, expected: string, why: string): void {
  if (found === expected) return;
  throw new RefusedRequest(
    new StatusError("BAD_MESSAGE", { message: `${name} is ${JSON.stringify(found)}; expected ${JSON.stringify(expected)}, ${why}.` }),
  );
}

/** @throws RefusedRequest when the reply may not be in the binding of the request (HTTP-XA-004, HTTP-XA-009, HTTP-XA-010) */
function checkAccept({ accept }: TaxiiHeaders, version: TaxiiVersion): void {
  if (accept === undefined || accept.includes(versionBindings[version].message)) return;
  throw unsupportedBinding(
    `${headerNames.accept} does not list the message binding of the request, ${versionBindings[version].message}, in which it would be answered.`,
    406,
  );
}

function unsupportedBinding(message: string, httpStatus?: number): RefusedRequest {
  return new RefusedRequest(
    new StatusError("UNSUPPORTED_MESSAGE", { message, details: { SUPPORTED_BINDING: supportedBindings } }),
    httpStatus,
  );
}

/** @throws RefusedRequest when the body is not a valid message that asks for something (XML-GEN-008) */
function parse(bytes: Uint8Array, charset: string | undefined, limits: Partial<Limits>): Request11 {
  try {
    const message = fromXml(messages, bytes, { limits, ...(charset === undefined ? {} : { charset }) });
    if (!isRequest(message)) throw new StatusError("BAD_MESSAGE", { message: `${elementOf(message)} is no request.` });
    assertValid(shapeOf(message), message, { received: true });
    return message;
  } catch (error) {
    throw error instanceof StatusError ? new RefusedRequest(error) : (refuseBody(error) ?? error);
  }
}

function isRequest(message: Message): message is Request11 {
  return exchangeOf(message) !== undefined;
}

/** The shape of a message. */
export function shapeOf({ $type }: Message): (typeof messages)[number] {
  const shape = messages.find(({ name }) => name === $type);
  if (shape === undefined) throw new TypeError(`there is no message ${$type}`);
  return shape;
}

/** The name of a message's root element. */
export function elementOf(message: Message): string {
  return shapeOf(message).element;
}
