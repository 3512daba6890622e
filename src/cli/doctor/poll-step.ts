/** The step of polling: a look at the first blocks of a collection. */

import type { CollectionRecord, ContentBlock, RecordCount } from "../../../generated/taxii11/index.js";
import type { PollPartOptions } from "../../client/api.js";
import { TransportError } from "../../http/transport-error.js";
import { StatusError } from "../../message/status-error.js";
import { exitCodeOf } from "../failure.js";
import { type Examination, type Question, sentenceOf } from "./examination.js";
import { type Finding, failure, finding, type Note, remark, skipped, warning } from "./finding.js";
import { answerNotes, blockNotes, type PolledPart } from "./poll-notes.js";

/** The windows that are tried, the narrowest first; a set has no order, so it is asked for without one. */
const windows = ["1d", "30d"] as const;

/** How many blocks are looked at. */
const mostBlocks = 10;

/**
 * Polls one collection: counts, then asks for what is new, and takes the first blocks only. Nothing is left at the server: no
 * result is asked to be kept there.
 */
export async function examinePoll(
  examination: Examination,
  collections: readonly CollectionRecord[],
  question: Question,
): Promise<Finding> {
  const { collection: wanted } = question;
  const record = collections.find(({ collectionName, available }) =>
    wanted === undefined ? available !== false : collectionName === wanted,
  );
  const name = wanted ?? record?.collectionName;
  if (name === undefined) return skipped("poll", "no collection is known; give one with --collection");
  const counted = await count(name, question, examination);
  try {
    const parts: PolledPart[] = [];
    for (const since of record?.collectionType === "DATA_SET" ? [undefined] : windows) {
      const part = await pollPart(name, since, question, examination);
      parts.push(part);
      if (part.blocks.length > 0) break;
    }
    return finding("poll", summaryOf(name, parts), [...countNotes(counted), ...emptyNotes(parts, counted), ...parts.flatMap(partNotes)]);
  } catch (error) {
    examination.signal.throwIfAborted();
    return finding("poll", `${name} cannot be polled`, [
      failure(sentenceOf(error), exitCodeOf(error), adviceFor(error)),
      ...countNotes(counted),
    ]);
  }
}

/** How many blocks the server says there are; undefined when it does not say. */
async function count(name: string, question: Question, { client, signal }: Examination): Promise<RecordCount | undefined> {
  try {
    return await client.count(name, optionsOf(question, signal));
  } catch {
    signal.throwIfAborted();
    // TAXII 1.0 has no counts, and many servers do not know them; what else is wrong shows in the poll.
    return undefined;
  }
}

function optionsOf({ address, subscription }: Question, signal: AbortSignal): PollPartOptions {
  // Results that take time would be kept at the server.
  return { address, subscriptionId: subscription, allowAsynch: subscription === undefined ? false : undefined, signal };
}

async function pollPart(
  name: string,
  since: string | undefined,
  question: Question,
  { client, signal, exchanges }: Examination,
): Promise<PolledPart> {
  const start = performance.now();
  const { message, blocks } = await client.pollPart(name, { ...optionsOf(question, signal), since });
  const taken: ContentBlock[] = [];
  let milliseconds = performance.now() - start;
  let breaks: unknown;
  try {
    for await (const block of blocks) {
      if (taken.length === 0) milliseconds = performance.now() - start;
      taken.push(block);
      if (taken.length >= mostBlocks) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    breaks = error;
  }
  return { since, message, blocks: taken, milliseconds: Math.round(milliseconds), breaks, status: exchanges.at(-1)?.status };
}

function summaryOf(name: string, parts: readonly PolledPart[]): string {
  const last = parts.at(-1);
  const found = last?.blocks.length ?? 0;
  const range = last?.since === undefined ? "" : ` labelled in the last ${last.since === "1d" ? "day" : "30 days"}`;
  if (found === 0) return `${name}: nothing${range}`;
  return `${name}: ${found === mostBlocks ? `the first ${found}` : found} ${found === 1 ? "block" : "blocks"}${range}, after ${last?.milliseconds} ms`;
}

function countNotes(counted: RecordCount | undefined): Note[] {
  if (counted === undefined) return [];
  return [remark(`the server counts ${counted.partialCount ? "at least " : ""}${counted.value} in all`)];
}

/** What it may mean that nothing came. */
function emptyNotes(parts: readonly PolledPart[], counted: RecordCount | undefined): Note[] {
  if (parts.some(({ blocks, breaks }) => blocks.length > 0 || breaks !== undefined)) return [];
  if (counted !== undefined && counted.value > 0)
    return [warning("there is content, but none of the last 30 days", "poll further back: without --since, or with a longer one")];
  if (counted?.value === 0)
    return [warning("the server counts no content", "the collection may be empty, or this account may see none of it: ask the operator")];
  const advice =
    "poll without --since to see whether there is older content; if not, the account may see none: it may need a subscription " +
    "(--subscription), or the right to it: ask the operator";
  return [warning("the poll works, and gives nothing", advice)];
}

function partNotes(part: PolledPart): Note[] {
  const broken = part.breaks === undefined ? [] : [failure(sentenceOf(part.breaks), exitCodeOf(part.breaks), adviceFor(part.breaks))];
  return [...broken, ...answerNotes(part), ...blockNotes(part.blocks)];
}

const statusAdvice: Readonly<Record<string, string>> = {
  NOT_FOUND: "check the name of the collection; case counts",
  UNAUTHORIZED: "the account may list the collection, and not poll it: ask the operator",
  DENIED: "the account may list the collection, and not poll it, or needs a subscription (--subscription): ask the operator",
  POLLING_UNSUPPORTED: "the server only delivers this collection to subscribers: see taxii subscribe",
  PENDING: "the server prepares results in its own time: taxii poll waits for them",
  ASYNCHRONOUS_POLL_ERROR: "the server prepares results in its own time, and this one failed: taxii poll waits for them",
  RETRY: "the server is busy: try later",
  BAD_MESSAGE: "some servers want a subscription (--subscription) or a beginning (--since)",
  FAILURE: "the server does not say why: try a narrower window (--since 1h), a subscription (--subscription), or ask the operator",
  UNSUPPORTED_CONTENT: "the server has no content in that binding",
};

function adviceFor(error: unknown): string | undefined {
  if (error instanceof StatusError) return Object.hasOwn(statusAdvice, error.code) ? statusAdvice[error.code] : undefined;
  if (!(error instanceof TransportError)) return "what came before it can be used; the server's operator should know";
  if (error.code === "TIMEOUT") return "wide ranges take long: --window 1d asks for a day after the other, --timeout gives more time";
  if (error.code === "AMBIGUOUS_SERVICE") return "give one of them with --address";
  if (error.code === "NO_SERVICE") return "ask the operator for the address to poll, and give it with --address";
  if (error.code === "NETWORK") return "if the address is wrong, --rewrite-origin puts that of the URL in its place";
  return undefined;
}
