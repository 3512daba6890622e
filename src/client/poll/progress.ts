/** How far a poll has come: what there is to tell of it. */

import type { Timestamp } from "../../message/timestamp.js";
import type { LabelRange, Poll } from "./options.js";

/** The properties of a poll, as they become known. */
export class Progress implements Omit<Poll, typeof Symbol.asyncIterator> {
  end: Timestamp | undefined;
  willPush = false;
  result: { readonly id: string; readonly part: number } | undefined;
  readonly #received: LabelRange[] = [];
  #begin: { readonly label: Timestamp | undefined } | undefined;
  #recordCount: { readonly value: number | undefined } | undefined;

  get begin(): Timestamp | undefined {
    return this.end === undefined ? undefined : this.#begin?.label;
  }

  get received(): readonly LabelRange[] {
    return this.#received;
  }

  get recordCount(): number | undefined {
    return this.#recordCount?.value;
  }

  /** A part was taken whole. */
  add(range: LabelRange): void {
    this.#received.push(range);
  }

  /** From where the first result begins; the ones behind it do not matter. */
  beginsAt(label: Timestamp | undefined): void {
    this.#begin ??= { label };
  }

  /** How many blocks one range has. Nobody knows how many there are altogether when that was not said of one of them. */
  count(value: number | undefined): void {
    const sum = this.#recordCount === undefined ? 0 : this.#recordCount.value;
    this.#recordCount = { value: sum === undefined || value === undefined ? undefined : sum + value };
  }
}
