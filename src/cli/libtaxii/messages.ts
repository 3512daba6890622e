/** Messages of either version. */

import type { ContentBlock as ContentBlock10 } from "../../../generated/taxii10/index.js";
import type { ContentBlock as ContentBlock11 } from "../../../generated/taxii11/index.js";
import type { Shape } from "../../binding/index.js";
import type { AnyMessage } from "../../message/exchanges.js";
import type { StatusError } from "../../message/status-error.js";
import { toVersion10 } from "../../message/versions/index.js";
import { anyMessage } from "../message-text.js";

/** A content block of either version. */
export type ContentBlock = ContentBlock10 | ContentBlock11;

/** Whether a block is one of TAXII 1.0, where the content binding is a text. */
export function isBlock10(block: ContentBlock): block is ContentBlock10 {
  return typeof block.contentBinding === "string";
}

/** A reply of which the content blocks are still to come. */
export interface Reply {
  /** Without its blocks. */
  readonly message: AnyMessage;
  readonly blocks: AsyncIterable<ContentBlock>;
}

/** The Status Message a peer refused with, in the version it was sent in. */
export function statusMessageOf({ status, version }: StatusError): AnyMessage {
  return version === "1.0" ? toVersion10(status) : status;
}

/** The shape of a message. */
export function shapeOf({ $type }: AnyMessage): Shape<AnyMessage> {
  const shape = anyMessage.find(({ name }) => name === $type);
  if (shape === undefined) throw new TypeError(`there is no message ${$type}`);
  return shape;
}
