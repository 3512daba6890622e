/** A producer with records, results and faults, for properties. */

import type { ContentBlock, PollRequest } from "../../../generated/taxii11/index.js";
import type { PollReply } from "../../../src/client/poll/options.js";
import { TransportError } from "../../../src/http/transport-error.js";
import { StatusError } from "../../../src/message/status-error.js";
import { block, pendingStatus, type Request, reply, truncated } from "./kit.js";

/** A record of a feed; its label may be known to the producer only. */
export interface Record {
  readonly text: string;
  /** Microseconds into 2024. */
  readonly at: number;
  readonly isShown: boolean;
}

export interface Habits {
  /** Parts have at most so many blocks; the next number for the next result, the last one for all others. */
  readonly partSizes: readonly number[];
  /** How many times a request is answered with PENDING, request by request; not at all behind the last one. */
  readonly pendings: readonly number[];
  /** How many blocks come before a reply breaks off, reply by reply; whole behind the last one. */
  readonly breaks: readonly number[];
  /** Whether a part that was sent is given again. */
  readonly keepsSent: boolean;
  /** Whether every part is stated to have the whole range, and is cut anywhere. */
  readonly repeatsRange: boolean;
  /** Whether a result has an id though it has one part. */
  readonly namesAll: boolean;
  /** What is too much for one part is left out, and the end stated is that of what is there (VER-X-008). */
  readonly shortens: boolean;
  /** Whether records with the label that is asked for behind are given as well. */
  readonly includesBegin: boolean;
}

export const well: Habits = {
  partSizes: [1000],
  pendings: [],
  breaks: [],
  keepsSent: true,
  repeatsRange: false,
  namesAll: false,
  shortens: false,
  includesBegin: false,
};

export function label(at: number): string {
  return `2024-01-01T00:00:00.${String(at).padStart(6, "0")}Z`;
}

function instant(timestamp: string | undefined, otherwise: number): number {
  if (timestamp === undefined) return otherwise;
  if (timestamp < label(0)) return -1;
  return timestamp > label(999_999) ? 1_000_000 : Number(timestamp.slice(20, 26));
}

interface Part {
  readonly records: readonly Record[];
  readonly begin: string | undefined;
  readonly end: string;
}

interface Result {
  readonly id: string;
  readonly parts: readonly Part[];
  readonly sent: Set<number>;
  pendings: number;
}

/** A feed behind a network that breaks. Records are sorted by label. */
export class Feed {
  readonly #records: readonly Record[];
  readonly #habits: Habits;
  readonly #results = new Map<string, Result>();
  readonly #pendings: number[];
  readonly #breaks: number[];
  readonly #sizes: number[];
  readonly served: number[] = [];

  constructor(records: readonly Record[], habits: Habits) {
    this.#records = records;
    this.#habits = habits;
    this.#pendings = [...habits.pendings];
    this.#breaks = [...habits.breaks];
    this.#sizes = [...habits.partSizes];
  }

  /** The label of the last record: no range reaches further. */
  get horizon(): string {
    return label(this.#records.at(-1)?.at ?? 0);
  }

  answer(request: Request): PollReply {
    if (request.$type === "taxii11.PollRequest") return this.#answerPoll(request);
    const result = this.#results.get(request.resultId);
    if (result === undefined) throw new StatusError("NOT_FOUND");
    return this.#answerPart(request, result, request.resultPartNumber ?? 1);
  }

  #answerPoll(request: PollRequest): PollReply {
    const parts = this.#cut(request);
    const isLong = parts.length > 1;
    const result: Result = { id: `r${this.#results.size}`, parts, sent: new Set(), pendings: this.#pendings.shift() ?? 0 };
    if (this.#habits.shortens) return this.#send(request, { ...result, parts: parts.slice(0, 1) }, 1, false);
    this.#results.set(result.id, result);
    if (result.pendings > 0) return this.#answerPart(request, result, 1);
    return this.#send(request, result, 1, isLong || this.#habits.namesAll);
  }

  #answerPart(request: Request, result: Result, number: number): PollReply {
    if (result.pendings > 0) {
      result.pendings -= 1;
      return { kind: "pending", status: pendingStatus(request, { RESULT_ID: result.id, ESTIMATED_WAIT: "7", WILL_PUSH: "false" }) };
    }
    if (!this.#habits.keepsSent && result.sent.has(number)) throw new StatusError("ASYNCHRONOUS_POLL_ERROR");
    return this.#send(request, result, number, true);
  }

  #send(request: Request, { id, parts, sent }: Result, number: number, isNamed: boolean): PollReply {
    const part = parts[number - 1];
    if (part === undefined) throw new StatusError("INVALID_RESPONSE_PART");
    sent.add(number);
    const broken = this.#breaks.shift();
    const blocks = part.records.map(blockOf);
    this.served.push(blocks.length);
    const init = {
      more: number < parts.length,
      resultId: isNamed ? id : undefined,
      resultPartNumber: number,
      exclusiveBeginTimestamp: part.begin,
      inclusiveEndTimestamp: part.end,
    };
    if (broken === undefined || broken > blocks.length) return reply(request, init, blocks);
    const error = broken % 2 === 0 ? truncated() : new TransportError("NETWORK", "the connection broke");
    return reply(request, init, blocks.slice(0, broken), error);
  }

  /** The records that are asked for, in parts. */
  #cut({ exclusiveBeginTimestamp: begin, inclusiveEndTimestamp: before }: PollRequest): Part[] {
    const size = this.#sizes.length > 1 ? (this.#sizes.shift() ?? 1) : (this.#sizes[0] ?? 1);
    const after = instant(begin, -1) - (this.#habits.includesBegin ? 1 : 0);
    const until = instant(before, 1_000_000);
    const end = before !== undefined && before < this.horizon ? before : this.horizon;
    const matching = this.#records.filter(({ at }) => at > after && at <= until);
    const repeatsRange = this.#habits.repeatsRange && !this.#habits.shortens;
    const cuts = repeatsRange ? cutAnywhere(matching, size) : cutBetweenLabels(matching, size);
    return cuts.map((records, index) => {
      if (repeatsRange) return { records, begin, end };
      const previous = cuts[index - 1]?.at(-1);
      const last = index === cuts.length - 1 ? undefined : records.at(-1);
      return { records, begin: previous === undefined ? begin : label(previous.at), end: last === undefined ? end : label(last.at) };
    });
  }
}

export function blockOf({ text, at, isShown }: Record): ContentBlock {
  return block(text, isShown ? label(at) : undefined);
}

/** At least two make a part, lest two parts be the same where two records are. */
function cutAnywhere(records: readonly Record[], atLeast: number): Record[][] {
  const size = Math.max(2, atLeast);
  const parts: Record[][] = [];
  for (let at = 0; at === 0 || at < records.length; at += size) parts.push(records.slice(at, at + size));
  return parts;
}

/** Records with one label stay together (SVC-MULTI-005). */
function cutBetweenLabels(records: readonly Record[], size: number): Record[][] {
  const parts: Record[][] = [[]];
  for (const record of records) {
    const current = parts.at(-1) ?? [];
    if (current.length >= size && current.at(-1)?.at !== record.at) parts.push([record]);
    else current.push(record);
  }
  return parts;
}
