/** From a message to an HTTP request. */

import { messages as messages10 } from "../../generated/taxii10/index.js";
import { messages as messages11 } from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";
import { toJson } from "../codec/json.js";
import { toXml } from "../codec/xml.js";
import { type MessageFormat, protocolOf, requestHeaders } from "../http/headers.js";
import { type AnyMessage, type AnyRequest, versionOf } from "../message/exchanges.js";
import { defaultQueryFormats } from "../message/query-formats.js";
import { parseAddress } from "./address.js";

/** What a request can be told. */
export interface RequestOptions {
  /** Where it goes. */
  readonly url: string;
  /** Further header fields; those of TAXII cannot be changed by them. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How the message is written, and what its answer may be written as. Default: `xml`. */
  readonly binding?: MessageFormat | undefined;
  /** Whether the body is compressed with gzip. Default: false. */
  readonly compress?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * A request for fetch that carries a message: a POST with the header fields of TAXII that follows no redirect
 * (HTTP-REQ-001 to HTTP-REQ-003).
 *
 * ```ts
 * const response = await fetch(await requestFor(message, { url: "https://taxii.example.com/poll" }));
 * const reply = await messageFromResponse(response, message.messageId);
 * ```
 *
 * @throws TypeError for an address that is none; ValidationError for a message the schema refuses
 */
export async function requestFor(message: AnyRequest, options: RequestOptions): Promise<Request> {
  const url = parseAddress(options.url);
  const headers = new Headers(options.headers);
  const { binding = "xml" } = options;
  for (const [name, value] of Object.entries(requestHeaders(versionOf(message), protocolOf(url) ?? "", binding))) headers.set(name, value);
  const text =
    binding === "json" ? toJson(shapeOf(message), message, { formats: defaultQueryFormats }) : toXml<AnyMessage>(shapeOf(message), message);
  if (options.compress === true) headers.set("Content-Encoding", "gzip");
  const body = options.compress === true ? await gzip(text) : text;
  // A redirect is an answer like any other: following it could take the message, and credentials, elsewhere (HTTP-GEN-007).
  return new Request(url, { method: "POST", headers, body, redirect: "manual", signal: options.signal ?? null });
}

/** The shapes of all messages of both versions. */
export const anyMessages: readonly Shape<AnyMessage>[] = [...messages11, ...messages10];

function shapeOf(message: AnyMessage): Shape<AnyMessage> {
  const shape = anyMessages.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new TypeError(`there is no message ${message.$type}`);
  return shape;
}

function gzip(text: string): Promise<ArrayBuffer> {
  return new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
}
