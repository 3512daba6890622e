/** Handlers: functions that answer one kind of message, each around the next. */

import type * as taxii10 from "../../generated/taxii10/index.js";
import type { ContentBlock, PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";
import type { AnyRequest, ReplyTo, Request10, Request11 } from "../message/exchanges.js";
import type { Context } from "./context.js";

/** A reply whose content blocks are written as they come; `contentBlocks` of the message stays empty. */
export interface StreamedReply {
  readonly message: PollResponse;
  readonly blocks: AsyncIterable<ContentBlock> | Iterable<ContentBlock>;
}

/** The same in TAXII 1.0. */
export interface StreamedReply10 {
  readonly message: taxii10.PollResponse;
  readonly blocks: AsyncIterable<taxii10.ContentBlock> | Iterable<taxii10.ContentBlock>;
}

type Streamed<R> = R extends PollResponse ? StreamedReply : R extends taxii10.PollResponse ? StreamedReply10 : never;

type StatusFor<M> = M extends Request10 ? taxii10.StatusMessage : StatusMessage;

/** What may answer an `M`: its own response, streamed where it carries content, or a Status Message, all of its version. */
export type Reply<M = Request11> = ReplyTo<M> | StatusFor<M> | Streamed<ReplyTo<M>>;

/** What may answer a message of either version. */
export type AnyReply = Reply<AnyRequest>;

/** Whether a reply is streamed. */
export function isStreamed<R extends AnyReply>(reply: R): reply is Extract<R, { readonly blocks: unknown }> {
  return "blocks" in reply;
}

/** Whether a streamed reply is one of TAXII 1.0. */
export function isStreamed10(reply: StreamedReply | StreamedReply10): reply is StreamedReply10 {
  return reply.message.$type === "taxii10.PollResponse";
}

/** Goes on with the next handler, in the end with the service's own, and gives its reply. May be called again, or not at all. */
export type Next<M> = (message: M) => Promise<Reply<M>>;

/** A function that answers messages of type `M`. What it throws ends the request: a StatusError as that Status Message. */
export type HandlerFunction<M> = (message: M, context: Context, next: Next<M>) => Reply<M> | Promise<Reply<M>>;

/** A handler and the message it is for. Made by {@link handle}. */
export interface Handler {
  readonly shape: Shape;
  readonly run: (message: AnyRequest, context: Context, next: Next<AnyRequest>) => Promise<AnyReply>;
}

/**
 * Makes a handler, to be given to a service.
 *
 * ```ts
 * inbox({ path: "/inbox", handlers: [handle(InboxMessage, async (message, context, next) => {
 *   if (context.account === undefined) throw new StatusError("UNAUTHORIZED");
 *   return next(message);
 * })] });
 * ```
 *
 * A handler for a message of TAXII 1.0 sees it as it was sent; its last `next` translates it, runs the handlers for TAXII 1.1,
 * and translates what they answer.
 *
 * @param shape the message it answers
 * @param answer called with messages of that shape only
 */
export function handle<M extends AnyRequest>(shape: Shape<M>, answer: HandlerFunction<M>): Handler {
  return {
    shape,
    // Messages come here by their $type, which is the shape's name; what answers them is of the type that goes with it.
    run: async (message, context, next) => await answer(message as M, context, next),
  };
}

/**
 * Runs a message through `handlers`, the first one outermost.
 *
 * @param last what the `next` of the last handler does. Default: it is an error to call it.
 */
export function runHandlers(
  handlers: readonly Handler[],
  message: AnyRequest,
  context: Context,
  last: Next<AnyRequest> = nothingLeft,
): Promise<AnyReply> {
  const from = (index: number): Next<AnyRequest> => {
    return async (current) => {
      const handler = handlers[index];
      return handler === undefined ? last(current) : handler.run(current, context, from(index + 1));
    };
  };
  return from(0)(message);
}

async function nothingLeft({ $type }: AnyRequest): Promise<never> {
  throw new TypeError(`no handler is left for ${$type}; the last one must not call next`);
}
