/** What the parts of a result say about the labels they cover. */

import type { PollResponse, RecordCount } from "../../../generated/taxii11/index.js";
import type { Timestamp } from "../../message/timestamp.js";
import { laterOf } from "./labels.js";
import type { LabelRange } from "./options.js";

/** The range of one result, from those of its parts. */
export class Coverage {
  /** The head of the current part as it was sent first: one that broke off and was asked for from further on begins there. */
  #head: PollResponse | undefined;
  #begin: { readonly label: Timestamp | undefined } | undefined;
  #end: Timestamp | undefined;
  #isStated = false;
  #recordCount: RecordCount | undefined;
  #isBegun = false;

  /** From where the first part that came whole begins, exclusive; undefined when that is the first record, or not stated. */
  get begin(): Timestamp | undefined {
    return this.#begin?.label;
  }

  /** The latest end of a part that came whole. */
  get end(): Timestamp | undefined {
    return this.#end;
  }

  /** Whether a part states anything; sets have no range (XML-PRS-003). */
  get isStated(): boolean {
    return this.#isStated;
  }

  /** How many blocks there are, as the first reply says. */
  get recordCount(): RecordCount | undefined {
    return this.#recordCount;
  }

  /** Whether a part has come, if only its head. */
  get isBegun(): boolean {
    return this.#isBegun;
  }

  /** @returns whether it is the first one */
  partBegins(message: PollResponse): boolean {
    this.#head ??= message;
    if (this.#isBegun) return false;
    this.#isBegun = true;
    this.#recordCount = message.recordCount;
    return true;
  }

  /** @returns the range of the part, when it states one */
  partEnds({ exclusiveBeginTimestamp, inclusiveEndTimestamp: end }: PollResponse): LabelRange | undefined {
    const begin = this.#head === undefined ? exclusiveBeginTimestamp : this.#head.exclusiveBeginTimestamp;
    this.#head = undefined;
    this.#begin ??= { label: begin };
    this.#end = laterOf(this.#end, end);
    this.#isStated ||= begin !== undefined || end !== undefined;
    return end === undefined ? undefined : { begin, end };
  }
}
