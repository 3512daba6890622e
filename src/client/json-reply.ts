/** Replies in the JSON binding, which are held whole. */

import type { ContentBlock as ContentBlock10 } from "../../generated/taxii10/index.js";
import type { ContentBlock } from "../../generated/taxii11/index.js";
import { fromJson } from "../codec/json.js";
import { readBody } from "../http/body.js";
import { type AnyMessage, versionOf } from "../message/exchanges.js";
import type { TaxiiVersion } from "../message/ids.js";
import { defaultQueryFormats } from "../message/query-formats.js";
import type { MessageStream } from "../message/stream.js";
import { defaultLimits, type Limits } from "../xml/limits.js";
import { anyMessages } from "./request.js";

/**
 * Reads a dictionary as if it had been streamed.
 *
 * @param bytes the reply's body, unpacked
 * @param version that of the services the reply names; undefined for the one the dictionary fits, 1.1 rather than 1.0
 * @throws ParseError for what is no message; TransportError `TOO_LARGE` for more than may be held
 */
export async function readJsonMessage(
  bytes: AsyncIterable<Uint8Array>,
  version: TaxiiVersion | undefined,
  limits: Partial<Limits>,
): Promise<MessageStream<AnyMessage>> {
  const maxBytes = Math.min(limits.maxBytes ?? defaultLimits.maxBytes, defaultLimits.maxBytes);
  const document = await readBody({ headers: new Headers(), body: bytes }, maxBytes);
  const shapes = anyMessages.filter(({ name }) => version === undefined || name.startsWith(version === "1.1" ? "taxii11." : "taxii10."));
  const message: AnyMessage = fromJson(shapes, document, { limits: { ...limits, maxBytes }, formats: defaultQueryFormats });
  const shape = shapes.find(({ name }) => name === message.$type);
  if (shape === undefined) throw new TypeError(`there is no message ${message.$type} in TAXII ${versionOf(message)}`);
  const blocks: readonly (ContentBlock | ContentBlock10)[] = "contentBlocks" in message ? message.contentBlocks : [];
  const head = "contentBlocks" in message ? { ...message, contentBlocks: [] } : message;
  return { message: head, shape, blocks: handOut(blocks) };
}

async function* handOut<B>(blocks: readonly B[]): AsyncGenerator<B, void, undefined> {
  yield* blocks;
}
