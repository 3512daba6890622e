/** Polls without client and network: what was asked for, and replies as a test wants them. */

import {
  ContentBlock,
  type PollFulfillment,
  type PollRequest,
  PollResponse,
  type PollResponseInit,
  StatusMessage,
  type StatusType,
} from "../../../generated/taxii11/index.js";
import type { ClientWarning, RetryOptions } from "../../../src/client/options.js";
import type { Clock } from "../../../src/client/poll/clock.js";
import type { PollContext, PollReply } from "../../../src/client/poll/options.js";
import { ParseError } from "../../../src/errors.js";
import { create } from "../../../src/message/create.js";
import { StatusError } from "../../../src/message/status-error.js";

export type Request = PollRequest | PollFulfillment;
type Answer = (request: Request) => PollReply | Promise<PollReply>;

/** What there is to tell of a poll that was talked to by {@link producer}. */
export interface Producer {
  readonly context: PollContext;
  readonly sent: Request[];
  readonly warnings: ClientWarning[];
  readonly clock: Clock & { readonly waits: number[]; time: number };
}

/** Half a day past midnight of 2 January 2026. */
export const noon = Date.UTC(2026, 0, 2, 12);

/** A clock that stands still but for the waits, at the beginning of 2026. */
export function stillClock(): Producer["clock"] {
  const waits: number[] = [];
  return {
    time: Date.UTC(2026, 0, 1),
    waits,
    now() {
      return this.time;
    },
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      waits.push(milliseconds);
      this.time += milliseconds;
    },
  };
}

/** A producer that gives one answer after the other, the last one again and again. */
export function producer(answers: Answer | readonly Answer[], retry: Partial<RetryOptions> = {}): Producer {
  const script = typeof answers === "function" ? [answers] : answers;
  const sent: Request[] = [];
  const warnings: ClientWarning[] = [];
  return {
    sent,
    warnings,
    clock: stillClock(),
    context: {
      open: async (request) => {
        sent.push(request);
        const answer = script[Math.min(sent.length, script.length) - 1];
        if (answer === undefined) throw new Error("the producer has no answers");
        return answer(request);
      },
      producer: "https://taxii.test/discovery?key=secret",
      retry: { attempts: 4, minDelay: 1000, maxDelay: 60_000, ...retry },
      warn: (warning) => warnings.push(warning),
    },
  };
}

export function block(text: string, timestampLabel?: string): ContentBlock {
  return create(ContentBlock, { contentBinding: { bindingId: "urn:stix" }, content: { text }, timestampLabel });
}

/** Bodies that were opened and not let go of. */
export const openBodies = new Set<object>();

/** A reply with blocks, which breaks behind them when there is an error. */
export function reply(request: Request, init: Partial<PollResponseInit>, blocks: readonly ContentBlock[], error?: Error): PollReply {
  const message = create(PollResponse, { inResponseTo: request.messageId, collectionName: "feed", ...init });
  const body = (async function* () {
    try {
      yield* blocks;
      if (error !== undefined) throw error;
    } finally {
      openBodies.delete(message);
    }
  })();
  openBodies.add(message);
  return { kind: "part", message, blocks: body };
}

/** Answers with a part. Blocks are given as texts with or without label. */
export function part(init: Partial<PollResponseInit>, blocks: readonly (string | ContentBlock)[] = [], error?: Error): Answer {
  const made = blocks.map((given) => (typeof given === "string" ? block(given) : given));
  return (request) => reply(request, init, made, error);
}

/** Answers with a Status Message `PENDING`. */
export function pending(details: Readonly<Record<string, string>>): Answer {
  return (request) => ({ kind: "pending", status: pendingStatus(request, details) });
}

export function pendingStatus({ messageId }: Request, details: Readonly<Record<string, string>>): StatusMessage {
  return create(StatusMessage, {
    inResponseTo: messageId,
    statusType: "PENDING",
    statusDetail: { details: Object.entries(details).map(([name, text]) => ({ name, content: { text } })) },
  });
}

/** Answers with a failure. */
export function failing(error: Error): Answer {
  return () => {
    throw error;
  };
}

export function refusing(statusType: StatusType): Answer {
  return failing(new StatusError(statusType));
}

/** The document broke off. */
export function truncated(): ParseError {
  return new ParseError("TRUNCATED", "the document breaks off", { line: 0, column: 0, path: "" });
}

/** The texts of all blocks, or of those up to the error, which is thrown. */
export async function texts(blocks: AsyncIterable<ContentBlock>, into: string[] = []): Promise<string[]> {
  for await (const { content } of blocks) into.push("text" in content ? content.text : content.xml);
  return into;
}

/** What a poll gave before it failed, and the failure. */
export async function failure(blocks: AsyncIterable<ContentBlock>): Promise<{ readonly given: string[]; readonly error: unknown }> {
  const given: string[] = [];
  const error: unknown = await texts(blocks, given).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  return { given, error };
}

/** What was asked for, in short: the bounds of polls, ids and numbers of parts. */
export function asked(sent: readonly Request[]): string[] {
  return sent.map((request) =>
    request.$type === "taxii11.PollRequest"
      ? `${request.exclusiveBeginTimestamp ?? "-"} to ${request.inclusiveEndTimestamp ?? "-"}`
      : `${request.resultId} ${request.resultPartNumber}`,
  );
}
