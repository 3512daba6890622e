/** Pushing: content to inboxes, in messages of a bounded size. */

import { type ContentBlockInit, InboxMessage } from "../../generated/taxii11/index.js";
import { charactersOf } from "../binding/content.js";
import { TaxiiError } from "../errors.js";
import { create } from "../message/create.js";
import type { PushOptions, PushOutcome, PushReport } from "./api.js";
import type { Conversation, Target } from "./conversation.js";
import type { Services } from "./services.js";

/** Not all destinations took all content. The `cause` is the first refusal. */
export class PushError extends TaxiiError {
  readonly report: PushReport;

  constructor(report: PushReport, cause: unknown) {
    const refused = report.outcomes.filter(({ error }) => error !== undefined);
    const names = refused.map(({ collection, address }) => collection ?? address).join(", ");
    super("PUSH_REFUSED", `${names} did not take all content: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.report = report;
  }
}

const defaultMaxBlocks = 1000;
const defaultMaxLength = 8 * 1024 * 1024;

/** The destinations behind one inbox, and what became of the content there. */
interface Delivery {
  readonly target: Target;
  readonly collections: readonly string[];
  blocks: number;
  error: Error | undefined;
}

/**
 * Sends blocks to the inboxes of their destinations, message by message; an inbox that refuses one gets no more.
 *
 * @throws PushError when an inbox refused; what else goes wrong as it is
 */
export async function push(
  blocks: Iterable<ContentBlockInit> | AsyncIterable<ContentBlockInit>,
  options: PushOptions,
  services: Services,
  conversation: Conversation,
): Promise<PushReport> {
  const deliveries = await destinationsOf(options, services);
  let sent = 0;
  let messages = 0;
  for await (const batch of batches(blocks, options)) {
    for (const delivery of deliveries.filter(({ error }) => error === undefined)) {
      const accepted = await deliver(batch, delivery, options, conversation);
      if (accepted) messages += 1;
      if (accepted) options.onMessage?.(sent + batch.length, accepted);
    }
    sent += batch.length;
    if (deliveries.every(({ error }) => error !== undefined)) break;
  }
  const report = reportOf(deliveries, messages);
  const refused = deliveries.find(({ error }) => error !== undefined);
  if (refused !== undefined) throw new PushError(report, refused.error);
  return report;
}

/** Sends one message. @returns the inbox's status, or undefined when it refused */
async function deliver(batch: readonly ContentBlockInit[], delivery: Delivery, options: PushOptions, conversation: Conversation) {
  const { signal, message } = options;
  const request = create(InboxMessage, {
    destinationCollectionNames: [...delivery.collections],
    message,
    contentBlocks: [...batch],
  });
  try {
    const status = await conversation.send(delivery.target, request, { signal });
    delivery.blocks += batch.length;
    return status;
  } catch (error) {
    signal?.throwIfAborted();
    delivery.error = error instanceof Error ? error : new Error(String(error));
    return undefined;
  }
}

/** The destinations, by the inbox each has. */
async function destinationsOf({ collection = [], address, signal }: PushOptions, services: Services): Promise<Delivery[]> {
  const names = typeof collection === "string" ? [collection] : [...new Set(collection)];
  const inboxes = new Map<string, { target: Target; collections: string[] }>();
  for (const name of names.length === 0 ? [undefined] : names) {
    const target = address === undefined ? await services.serviceOf("INBOX", name, signal) : { address };
    const inbox = inboxes.get(target.address) ?? { target, collections: [] };
    if (name !== undefined) inbox.collections.push(name);
    inboxes.set(target.address, inbox);
  }
  return [...inboxes.values()].map((inbox) => ({ ...inbox, blocks: 0, error: undefined }));
}

/** The blocks in portions, each of which makes a message. */
async function* batches(
  blocks: Iterable<ContentBlockInit> | AsyncIterable<ContentBlockInit>,
  { maxBlocks = defaultMaxBlocks, maxLength = defaultMaxLength, signal }: PushOptions,
): AsyncGenerator<readonly ContentBlockInit[], void, undefined> {
  let batch: ContentBlockInit[] = [];
  let length = 0;
  for await (const block of blocks) {
    signal?.throwIfAborted();
    const more = lengthOf(block);
    if (batch.length > 0 && (batch.length >= maxBlocks || length + more > maxLength)) {
      yield batch;
      batch = [];
      length = 0;
    }
    batch.push(block);
    length += more;
  }
  if (batch.length > 0) yield batch;
}

function lengthOf({ content }: ContentBlockInit): number {
  return charactersOf(content).length;
}

function reportOf(deliveries: readonly Delivery[], messages: number): PushReport {
  const outcomes = deliveries.flatMap(({ target: { address }, collections, blocks, error }): PushOutcome[] =>
    (collections.length === 0 ? [undefined] : collections).map((collection) => ({ collection, address, blocks, error })),
  );
  return { blocks: Math.min(...deliveries.map(({ blocks }) => blocks)), messages, outcomes };
}
