/** Handlers: functions that answer one kind of message, each around the next. */

import type { ContentBlock, PollResponse, StatusMessage } from "../../generated/taxii11/index.js";
import type { Shape } from "../binding/index.js";
import type { ReplyTo, Request11 } from "../message/exchanges.js";
import type { Context } from "./context.js";

/** A reply whose content blocks are written as they come; `contentBlocks` of the message stays empty. */
export interface StreamedReply {
  readonly message: PollResponse;
  readonly blocks: AsyncIterable<ContentBlock> | Iterable<ContentBlock>;
}

type Streamed<R> = R extends PollResponse ? StreamedReply : never;

/** What may answer an `M`: its own response, streamed where it carries content, or a Status Message. */
export type Reply<M = Request11> = ReplyTo<M> | StatusMessage | Streamed<ReplyTo<M>>;

/** Whether a reply is streamed. */
export function isStreamed(reply: Reply): reply is StreamedReply {
  return "blocks" in reply;
}

/** Goes on with the next handler, in the end with the service's own, and gives its reply. May be called again, or not at all. */
export type Next<M> = (message: M) => Promise<Reply<M>>;

/** A function that answers messages of type `M`. What it throws ends the request: a StatusError as that Status Message. */
export type HandlerFunction<M> = (message: M, context: Context, next: Next<M>) => Reply<M> | Promise<Reply<M>>;

/** A handler and the message it is for. Made by {@link handle}. */
export interface Handler {
  readonly shape: Shape;
  readonly run: (message: Request11, context: Context, next: Next<Request11>) => Promise<Reply>;
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
 * @param shape the message it answers
 * @param answer called with messages of that shape only
 */
export function handle<M extends Request11>(shape: Shape<M>, answer: HandlerFunction<M>): Handler {
  return {
    shape,
    // Messages come here by their $type, which is the shape's name; what answers them is of the type that goes with it.
    run: async (message, context, next) => await answer(message as M, context, next),
  };
}

/** Runs a message through `handlers`, the first one outermost. */
export function runHandlers(handlers: readonly Handler[], message: Request11, context: Context): Promise<Reply> {
  const from = (index: number): Next<Request11> => {
    return async (current) => {
      const handler = handlers[index];
      if (handler === undefined) throw new TypeError(`no handler is left for ${current.$type}; the last one must not call next`);
      return handler.run(current, context, from(index + 1));
    };
  };
  return from(0)(message);
}
