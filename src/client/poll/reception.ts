/** The content of one range or result: parts, waits and broken replies, until everything is there. */

import type { ContentBlock, PollResponse, StatusMessage } from "../../../generated/taxii11/index.js";
import type { Timestamp } from "../../message/timestamp.js";
import { delayBefore } from "../retry.js";
import { type Ask, firstAsk, messageOf, partOf, type RangeSource, type ResultSource } from "./ask.js";
import { isRefusal, isTimeout, isTooSlow } from "./breaks.js";
import { Coverage } from "./coverage.js";
import { Delivery, discard } from "./delivery.js";
import { mismatch, PartGuard } from "./guard.js";
import { isLater, laterOf } from "./labels.js";
import type { PollReply } from "./options.js";
import { Patience, readAnnouncement } from "./pending.js";
import type { Session } from "./session.js";
import type { Taken } from "./taken.js";

type Part = Extract<PollReply, { kind: "part" }>;
type Opened = PollReply | { readonly kind: "broken" | "refused"; readonly error: Error };

/** One range or result on its way. */
export class Reception {
  readonly coverage = new Coverage();
  readonly #session: Session;
  readonly #polled: RangeSource | undefined;
  readonly #delivery: Delivery;
  readonly #guard: PartGuard;
  readonly #patience: Patience;
  readonly #first: Ask;
  /** What the last Poll_Request asked behind: everything up to there was handed out, by this poll or one before. */
  #after: Timestamp | undefined;
  /** Under which parts can be asked for. */
  #resultId: string | undefined;
  /** The part that is on its way. */
  #part = 1;
  #announced = false;
  /** Breaks in a row without a new block between them. */
  #failures = 0;
  /** Whether the producer would not give a part again. */
  #refused = false;
  /** Whether a reply that was asked for again was another one. */
  #changed = false;

  constructor(session: Session, source: RangeSource | ResultSource) {
    this.#session = session;
    this.#guard = new PartGuard(session.options.maxParts);
    this.#patience = new Patience(session.options.wait);
    this.#first = firstAsk(source);
    this.#polled = "range" in source ? source : undefined;
    this.#after = "range" in source ? source.range.after : source.after;
    this.#delivery = new Delivery(this.#received);
  }

  /** What was handed out. */
  get taken(): Taken {
    return this.#delivery.taken;
  }

  /** Whether an error says that the range was too wide, and nothing of it has come yet: then its halves can be asked for. */
  isTooWide(error: unknown): boolean {
    return !this.#announced && this.taken.count === 0 && isTooSlow(error);
  }

  /** The blocks, once. @throws what ends the reception: the error of the last break, a guard's, or the client's */
  async *blocks(): AsyncGenerator<ContentBlock, void, undefined> {
    let ask: Ask | undefined = this.#first;
    while (ask !== undefined) ask = yield* this.#exchange(ask);
  }

  /** Up to where this poll had received everything before. */
  get #received(): Timestamp | undefined {
    return this.#polled?.range.continues === true ? this.#polled.range.after : undefined;
  }

  /** One request and its reply. @returns what to ask for next; undefined when there is nothing left */
  async *#exchange(ask: Ask): AsyncGenerator<ContentBlock, Ask | undefined, undefined> {
    const before = this.taken.count;
    const reply = await this.#open(ask);
    if (reply.kind !== "part") return this.#withoutContent(reply, ask);
    await this.#begins(reply, ask);
    if (this.#isBehind(reply.message)) {
      await discard(reply.blocks);
      return this.#ends(reply.message);
    }
    const ending = yield* this.#delivery.handOut(reply.blocks, this.#session.options.signal);
    if (ending.kind === "whole") return this.#ends(reply.message);
    return ending.kind === "changed" ? this.#startOver(ask) : this.#afterBreak(ending.error, this.taken.count > before);
  }

  async #open(ask: Ask): Promise<Opened> {
    const { context, options, name, progress } = this.#session;
    options.signal?.throwIfAborted();
    this.#part = partOf(ask);
    if (ask.kind === "poll") {
      this.#resultId = undefined;
      progress.result = undefined;
      this.#guard.startResult();
    }
    if (ask.again) this.#delivery.restartReply();
    else this.#delivery.startReply();
    try {
      return await context.open(messageOf(ask, name));
    } catch (error) {
      options.signal?.throwIfAborted();
      if (ask.kind === "part" && ask.again && isRefusal(error)) return { kind: "refused", error };
      // The client leaves requests that were not answered in time to the poll, which may ask for less instead.
      if (isTimeout(error) && (ask.kind === "part" || this.taken.count > 0)) return { kind: "broken", error };
      throw error;
    }
  }

  #withoutContent(reply: Exclude<Opened, Part>, ask: Ask): Ask | Promise<Ask | undefined> {
    if (reply.kind === "pending") return this.#wait(reply.status, ask);
    if (reply.kind === "broken") return this.#afterBreak(reply.error, false);
    this.#refused = true;
    return this.#wayOn(reply.error);
  }

  async #begins({ message, blocks }: Part, ask: Ask): Promise<void> {
    const { options, progress, warn } = this.#session;
    try {
      if (this.#guard.begins(message, partOf(ask), this.#resultId))
        warn("WRONG_PART_NUMBER", `a part was sent as part ${message.resultPartNumber}; part ${partOf(ask)} was asked for`);
      this.#resultId ??= message.resultId;
      if (this.coverage.partBegins(message) && this.#polled?.range.counted !== true) progress.count(message.recordCount?.value);
      options.onPart?.(message);
    } catch (error) {
      await discard(blocks);
      throw error;
    }
  }

  /** Whether a part states an end that this poll has reached already: nothing in it is new. */
  #isBehind({ inclusiveEndTimestamp: end }: PollResponse): boolean {
    return this.#received !== undefined && end !== undefined && !isLater(end, this.#received);
  }

  /** A part was taken whole. */
  async #ends(message: PollResponse): Promise<Ask | undefined> {
    const range = this.coverage.partEnds(message);
    if (range !== undefined) this.#session.progress.add(range);
    this.#failures = 0;
    if (!message.more) return undefined;
    if (this.#resultId === undefined) throw mismatch("announces more parts without a result_id to ask for them");
    this.#guard.goesOn(message, this.#delivery.count, this.#delivery.fingerprint);
    const next = { id: this.#resultId, part: this.#part + 1 };
    await this.#announce(next);
    return { kind: "part", ...next, again: false };
  }

  /** There is a result to go on with, here or elsewhere. */
  async #announce(result: { readonly id: string; readonly part: number }): Promise<void> {
    this.#announced = true;
    this.#session.progress.result = result;
    await this.#session.checkpoint.save({ after: this.#after, result });
  }

  /** The result takes time: it is asked for later (SVC-ASYNC-003), unless the producer brings it. */
  async #wait(status: StatusMessage, ask: Ask): Promise<Ask | undefined> {
    const { options, progress, clock, warn } = this.#session;
    if (this.#polled?.allowAsynch === false) warn("UNASKED_PENDING", "the poll was answered with PENDING, which it did not allow");
    const announcement = readAnnouncement(status, this.#resultId);
    if (announcement.estimatedWait === undefined) warn("MISSING_DETAIL", "a Status Message PENDING has no ESTIMATED_WAIT that can be read");
    const result = { id: announcement.resultId, part: partOf(ask) };
    this.#resultId = result.id;
    if (announcement.willPush && this.#polled?.mayPush === true) {
      progress.result = result;
      progress.willPush = true;
      options.onPending?.(status, 0);
      return undefined;
    }
    await this.#announce(result);
    const delay = this.#patience.delay(announcement, clock.now());
    options.onPending?.(status, delay);
    await clock.sleep(delay, options.signal);
    return { kind: "part", ...result, again: ask.again };
  }

  /** A reply broke off. @throws its error when that happened too often in a row without a new block */
  async #afterBreak(error: Error, isProgress: boolean): Promise<Ask> {
    if (this.#polled?.divisible === true && this.isTooWide(error)) throw error;
    const { context, clock, options } = this.#session;
    this.#failures = isProgress ? 1 : this.#failures + 1;
    if (this.#failures >= context.retry.attempts) throw error;
    await clock.sleep(delayBefore(this.#failures, error, context.retry, clock.now()), options.signal);
    return this.#wayOn(error);
  }

  /**
   * What to ask for after a break: the same part of the result; otherwise what is labelled later than what was handed out;
   * otherwise the same again.
   *
   * @throws the error of the break when none of them is possible
   */
  #wayOn(error: Error): Ask {
    if (this.#resultId !== undefined && !this.#refused) return { kind: "part", id: this.#resultId, part: this.#part, again: true };
    const source = this.#polled;
    if (source === undefined) throw error;
    const safe = this.taken.safePoint;
    const after = laterOf(this.#after, safe?.after);
    const { before } = source.range;
    if (safe !== undefined && (after === undefined || before === undefined || isLater(before, after))) {
      this.#delivery.passOver(safe.after ?? this.#received, safe.beyond);
      this.#after = after;
      return { kind: "poll", source, after, again: false };
    }
    // Earlier parts had nothing but what was handed out before the range, or they would come twice.
    if (this.#part > 1 && this.taken.count > 0) throw error;
    return { kind: "poll", source, after: this.#after, again: this.#part === 1 };
  }

  /** A reply that broke off came again and was another one: what it has is handed out, twice rather than not at all. */
  #startOver(ask: Ask): Ask {
    if (this.#changed) throw mismatch("sends other content each time it is asked for the same");
    this.#changed = true;
    this.#session.warn("CHANGED_CONTENT", "a reply that broke off has other content now; some of it may come twice");
    return { ...ask, again: false };
  }
}
