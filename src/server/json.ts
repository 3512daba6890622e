/** Replies in the JSON binding: libtaxii's dictionaries. */

import { ContentBlock as ContentBlock10 } from "../../generated/taxii10/index.js";
import { ContentBlock } from "../../generated/taxii11/index.js";
import { toJson, toJsonObject } from "../codec/json.js";
import { defaultQueryFormats } from "../message/query-formats.js";
import { type AnyReply, isStreamed10, type StreamedReply, type StreamedReply10 } from "./handler.js";
import { shapeOf } from "./messages.js";

const formats = defaultQueryFormats;

/** A message as the text of its dictionary. */
export function writeJson(message: Exclude<AnyReply, { readonly blocks: unknown }>): string {
  return toJson(shapeOf(message), message, { formats });
}

// Characters of a piece: small enough that little is held, large enough that the overhead does not count.
const pieceLength = 64 * 1024;

/** The text of a reply in pieces; its blocks come last, so that the dictionary need not be held. */
export async function* writeJsonStream(reply: StreamedReply | StreamedReply10): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  const { content_blocks: _, ...head } = toJsonObject(shapeOf(reply.message), reply.message, { formats });
  let pending = `${JSON.stringify(head).slice(0, -1)},"content_blocks":[`;
  let separator = "";
  for await (const block of blocksOf(reply)) {
    pending += separator + block;
    separator = ",";
    if (pending.length < pieceLength) continue;
    yield encoder.encode(pending);
    pending = "";
  }
  yield encoder.encode(`${pending}]}`);
}

async function* blocksOf(reply: StreamedReply | StreamedReply10): AsyncGenerator<string, void, undefined> {
  if (isStreamed10(reply)) for await (const block of reply.blocks) yield toJson(ContentBlock10, block);
  else for await (const block of reply.blocks) yield toJson(ContentBlock, block);
}
