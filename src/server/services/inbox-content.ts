/** Which content that arrives is kept, and where (SVC-INBOX-006, SVC-INBOX-014). */

import type { ContentBindingId, ContentBlock, InboxMessage } from "../../../generated/taxii11/index.js";
import { charactersOf } from "../../binding/content.js";
import { coversBinding, layersOf, type MatchOptions } from "../../message/content-binding.js";
import { StatusError } from "../../message/status-error.js";
import type { Arrival, Collection } from "../../storage/index.js";
import type { Context } from "../context.js";

/** A message and the collections it may go to. */
export interface Routing {
  readonly message: InboxMessage;
  readonly destinations: readonly Collection[];
}

/** What an inbox keeps. */
export interface ContentRules {
  readonly unacceptable: "refuse" | "skip";
  readonly provenance: "keep" | "strip";
  readonly maxBlocks: number;
  readonly maxBlockSize: number;
  readonly matching: MatchOptions;
}

/**
 * Refuses messages that are not as they have to be, before anything is looked up for them.
 *
 * @throws StatusError `DENIED` for more blocks, or larger ones, than are taken; `BAD_MESSAGE` for nesting expressions that are none
 *   (CB-NEST-008)
 */
export function checkBlocks({ contentBlocks }: InboxMessage, { maxBlocks, maxBlockSize }: ContentRules): void {
  if (contentBlocks.length > maxBlocks) {
    throw new StatusError("DENIED", {
      message: `This inbox takes up to ${maxBlocks} content blocks in a message, found ${contentBlocks.length}; send them in several messages.`,
    });
  }
  for (const block of contentBlocks) {
    const { content, contentBinding } = block;
    const size = charactersOf(content).length;
    if (size > maxBlockSize) {
      const ordinal = contentBlocks.indexOf(block) + 1;
      throw new StatusError("DENIED", {
        message: `This inbox takes content of up to ${maxBlockSize} characters, found ${size} in content block ${ordinal}.`,
      });
    }
    if (layersOf(contentBinding.bindingId) === undefined) {
      throw new StatusError("BAD_MESSAGE", {
        message: `The content binding ${JSON.stringify(contentBinding.bindingId)} is no nesting expression: a layer is empty or has spaces around it.`,
      });
    }
  }
}

/**
 * Sorts blocks into the collections that take them. A block has to be taken by every collection that is named, or by one where
 * none is; otherwise the whole message is refused (SVC-INBOX-003, SVC-INBOX-014).
 *
 * Content that was asked for is never refused for its binding, only left out where it does not fit (SVC-INBOX-013). That it was
 * asked for is the sender's word, and nothing follows from it but this: who may write, where to and how much is decided before,
 * and nothing gets into a collection that does not take it.
 *
 * @throws StatusError `UNSUPPORTED_CONTENT` with SUPPORTED_CONTENT; `DENIED` when there is no collection to put content into
 */
export function acceptContent(routing: Routing, { service }: Context, rules: ContentRules): readonly Arrival[] {
  const { message, destinations } = routing;
  if (message.contentBlocks.length > 0 && destinations.length === 0)
    throw new StatusError("DENIED", { message: "No collection of this inbox is available." });
  const named = message.destinationCollectionNames.length > 0;
  const lenient = rules.unacceptable === "skip" || isSolicited(message);
  return message.contentBlocks.flatMap((block) => {
    const takers = destinations.filter((collection) => takes([service.contentBindings, collection.contentBindings], block, rules.matching));
    const enough = takers.length > 0 && (!named || takers.length === destinations.length);
    if (!enough && !lenient) throw unsupported(block, [service, ...destinations]);
    if (takers.length === 0) return [];
    return [{ block: kept(block, rules), collections: takers.map(({ name }) => name) }];
  });
}

function takes(lists: readonly (readonly ContentBindingId[])[], { contentBinding }: ContentBlock, matching: MatchOptions): boolean {
  return lists.every((accepted) => coversBinding(accepted, contentBinding, matching));
}

function isSolicited({ sourceSubscription, resultId }: InboxMessage): boolean {
  return sourceSubscription !== undefined || resultId !== undefined;
}

function unsupported(
  { contentBinding }: ContentBlock,
  takers: readonly { readonly contentBindings: readonly ContentBindingId[] }[],
): StatusError {
  const ids = takers.flatMap(({ contentBindings }) => contentBindings.map(({ bindingId }) => bindingId));
  return new StatusError("UNSUPPORTED_CONTENT", {
    message: `Content in the binding ${JSON.stringify(contentBinding.bindingId)} is not taken here.`,
    details: { SUPPORTED_CONTENT: [...new Set(ids)] },
  });
}

/** A block as it goes to storage; without what tells where it comes from, where that is not to be passed on (SIG-MSG-008). */
function kept(block: ContentBlock, { provenance }: ContentRules): ContentBlock {
  if (provenance === "keep" || (block.signature === undefined && block.message === undefined)) return block;
  const { signature: _, message: __, ...rest } = block;
  return rest;
}
