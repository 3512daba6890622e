/** Requests of TAXII 1.0 answered by handlers for TAXII 1.1: the request one way, the reply the other. */

import type * as taxii10 from "../../generated/taxii10/index.js";
import type { CollectionInformationResponse, ContentBlock } from "../../generated/taxii11/index.js";
import { anyUri } from "../binding/index.js";
import type { Request10, Request11 } from "../message/exchanges.js";
import { StatusError, statusMessage } from "../message/status-error.js";
import { contentBlockTo10, NotInVersion10Error, type ToVersion10Options, toVersion10, toVersion11 } from "../message/versions/index.js";
import type { Context } from "./context.js";
import { type AnyReply, isStreamed, type Next, type Reply } from "./handler.js";

/**
 * Answers a request of TAXII 1.0 by what answers its translation.
 *
 * @param answer the handlers for TAXII 1.1
 * @throws StatusError when the reply cannot be said in TAXII 1.0
 */
export function translated(answer: Next<Request11>, context: Context): Next<Request10> {
  return async (request) => {
    const reply = await answer(toVersion11<taxii10.Message>(request) as Request11);
    try {
      return await toReply10(reply, request, context);
    } catch (error) {
      throw error instanceof NotInVersion10Error ? unspeakable(reply, error) : error;
    }
  };
}

async function toReply10(reply: Reply, request: Request10, context: Context): Promise<Reply<Request10>> {
  const options: ToVersion10Options = { now: new Date(context.now()), ...actionOf(request) };
  if (isStreamed(reply)) {
    const message = toVersion10(reply.message, { ...options, blocksFollow: true });
    return { message, blocks: blocks10(reply.blocks) };
  }
  if (reply.$type !== "taxii11.CollectionInformationResponse") return toVersion10(reply, options);
  const present = await bindingsPresent(reply, context);
  return toVersion10(reply, { ...options, contentBindingsOf: (name) => present.get(name) ?? [] });
}

function actionOf(request: Request10): ToVersion10Options {
  return request.$type === "taxii10.SubscriptionManagementRequest" ? { action: request.action } : {};
}

/** What is present in collections that list no bindings: a feed has to list one at least (VER-X-003). */
async function bindingsPresent(
  { collections }: CollectionInformationResponse,
  { storage }: Context,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const open = collections.filter(({ contentBindings }) => contentBindings.length === 0);
  const present = new Map<string, readonly string[]>();
  // A content block may state what is no URI at all; it must not keep the collections from being described.
  for (const { collectionName: name } of open)
    present.set(
      name,
      (await storage.bindingsOf(name)).filter((id) => anyUri.accepts(id)),
    );
  return present;
}

async function* blocks10(
  blocks: AsyncIterable<ContentBlock> | Iterable<ContentBlock>,
): AsyncGenerator<taxii10.ContentBlock, void, undefined> {
  for await (const block of blocks) yield contentBlockTo10(block);
}

/** The nearest that can be said of a reply that has no words in TAXII 1.0. */
function unspeakable(reply: AnyReply, error: NotInVersion10Error): StatusError {
  const isPoll = isStreamed(reply) || reply.$type === "taxii11.PollResponse";
  const isSet = isPoll && error.path === "inclusiveEndTimestamp";
  // Data sets are not there for TAXII 1.0 (VER-X-002).
  return new StatusError(isSet ? "NOT_FOUND" : "FAILURE", {
    message: `The answer cannot be given in TAXII 1.0: ${error.reason}.`,
    cause: error,
  });
}

/** A status in TAXII 1.0, where fewer types are known and details are one text (VER-X-005, XML-STS-010). */
export function toStatus10(error: StatusError, inResponseTo: string, now: Date): taxii10.StatusMessage {
  const { statusType, statusDetail, message, extendedHeaders } = error.status;
  const own = statusMessage(statusType, { message, inResponseTo });
  try {
    return toVersion10({ ...own, statusDetail, extendedHeaders }, { now });
  } catch (fault) {
    if (!(fault instanceof NotInVersion10Error)) throw fault;
    return toVersion10(statusMessage("FAILURE", { message: message ?? statusType, inResponseTo }), { now });
  }
}
