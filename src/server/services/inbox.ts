/** The inbox service: takes content in, all of a message or none of it (SVC-INBOX). */

import { type ContentBindingId, type ContentBindingIdInit, type ContentBlock, InboxMessage } from "../../../generated/taxii11/index.js";
import { coversBinding, layersOf } from "../../message/content-binding.js";
import { StatusError, statusMessage } from "../../message/status-error.js";
import type { Arrival, Collection } from "../../storage/index.js";
import { requireCollection, servedCollections } from "../collections.js";
import type { Context } from "../context.js";
import { handle } from "../handler.js";
import { type CollectionServiceOptions, defineService, type Service } from "../service.js";

/** Whether senders have to name the collections their content is for (SVC-INBOX-009). */
export type DestinationRule = "required" | "optional" | "prohibited";

export interface InboxOptions extends CollectionServiceOptions {
  /**
   * Whether destinations are named. Where none is, content goes to every collection of the inbox that takes its binding.
   * Default: `optional`.
   */
  readonly destination?: DestinationRule;
  /** Content the inbox takes. Default: any that the destination takes. */
  readonly contentBindings?: readonly ContentBindingIdInit[];
}

/**
 * An inbox service.
 *
 * @throws TypeError when the path is none
 */
export function inbox(options: InboxOptions): Service {
  const rule = options.destination ?? "optional";
  return defineService(options, {
    type: "INBOX",
    contentBindings: options.contentBindings,
    handlers: [
      handle(InboxMessage, async (message, context) => {
        checkExpressions(message);
        const route =
          message.destinationCollectionNames.length > 0
            ? await routeToNamed(message, context, rule)
            : await routeToAny(message, context, rule);
        await context.storage.add(route);
        return statusMessage("SUCCESS", { inResponseTo: message.messageId });
      }),
    ],
  });
}

/** @throws StatusError `BAD_MESSAGE` for nesting expressions that are none (CB-NEST-008) */
function checkExpressions({ contentBlocks }: InboxMessage): void {
  const malformed = contentBlocks.find(({ contentBinding }) => layersOf(contentBinding.bindingId) === undefined);
  if (malformed !== undefined) {
    throw new StatusError("BAD_MESSAGE", {
      message: `The content binding ${JSON.stringify(malformed.contentBinding.bindingId)} is no nesting expression: a layer is empty or has spaces around it.`,
    });
  }
}

/** Content goes where the sender says, and nowhere else (SVC-INBOX-018). */
async function routeToNamed(message: InboxMessage, context: Context, rule: DestinationRule): Promise<Arrival[]> {
  if (rule === "prohibited") {
    // No ACCEPTABLE_DESTINATION: that is how "none" is said (SVC-INBOX-010).
    throw new StatusError("DESTINATION_COLLECTION_ERROR", {
      message: "This inbox decides itself where content goes; destination collections must not be named.",
    });
  }
  const collections: Collection[] = [];
  for (const name of new Set(message.destinationCollectionNames)) collections.push(await requireCollection(name, context));
  return route(message, (block) => {
    const takers = collections.filter((collection) => takes(collection, block, context.service));
    if (takers.length < collections.length && !isSolicited(message))
      throw unsupported(block, [context.service.contentBindings, ...collections.map(({ contentBindings }) => contentBindings)]);
    return takers;
  });
}

/** Content goes to every collection that takes it. */
async function routeToAny(message: InboxMessage, context: Context, rule: DestinationRule): Promise<Arrival[]> {
  const served = await servedCollections(context);
  const collections = served.filter(({ available }) => available);
  if (rule === "required") {
    throw new StatusError("DESTINATION_COLLECTION_ERROR", {
      message: "This inbox needs to be told which collections the content is for.",
      details: { ACCEPTABLE_DESTINATION: collections.map(({ name }) => name) },
    });
  }
  return route(message, (block) => {
    const takers = collections.filter((collection) => takes(collection, block, context.service));
    if (takers.length === 0 && !isSolicited(message))
      throw unsupported(block, [context.service.contentBindings, ...collections.map(({ contentBindings }) => contentBindings)]);
    return takers;
  });
}

/** Blocks nobody takes are left out. */
function route({ contentBlocks }: InboxMessage, takersOf: (block: ContentBlock) => readonly Collection[]): Arrival[] {
  return contentBlocks.flatMap((block) => {
    const takers = takersOf(block);
    return takers.length === 0 ? [] : [{ block, collections: takers.map(({ name }) => name) }];
  });
}

function takes({ contentBindings }: Collection, { contentBinding }: ContentBlock, service: Service): boolean {
  return coversBinding(service.contentBindings, contentBinding) && coversBinding(contentBindings, contentBinding);
}

/** Content that was asked for is never refused for its binding; what nobody takes is dropped (SVC-INBOX-013). */
function isSolicited({ sourceSubscription, resultId }: InboxMessage): boolean {
  return sourceSubscription !== undefined || resultId !== undefined;
}

/** One block that cannot be kept keeps the whole message out (SVC-INBOX-003, SVC-INBOX-014). */
function unsupported({ contentBinding }: ContentBlock, accepted: readonly (readonly ContentBindingId[])[]): StatusError {
  const ids = new Set(accepted.flat().map(({ bindingId }) => bindingId));
  return new StatusError("UNSUPPORTED_CONTENT", {
    message: `Content in the binding ${JSON.stringify(contentBinding.bindingId)} is not taken here.`,
    details: { SUPPORTED_CONTENT: [...ids] },
  });
}
