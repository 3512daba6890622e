/** Against producers that go on otherwise than they said, or never end (SVC-MULTI-015). */

import type { PollResponse } from "../../../generated/taxii11/index.js";
import { TransportError } from "../../http/transport-error.js";
import { printable } from "../../message/status-error.js";
import type { Fingerprint } from "./fingerprint.js";

/** Parts without content are legal (SVC-MULTI-014); so many in a row are no result any more. */
const mostEmptyParts = 100;

/** Watches the parts of one result. */
export class PartGuard {
  readonly #maxParts: number;
  #parts = 0;
  #empty = 0;
  #previous: string | undefined;

  constructor(maxParts: number) {
    this.#maxParts = maxParts;
  }

  /** What comes next is another result: its parts may be the same. */
  startResult(): void {
    this.#previous = undefined;
  }

  /**
   * A part begins.
   *
   * @returns whether it has the number 1, or none, in place of its own; some producers count like that
   * @throws TransportError `MISMATCH` when it is not the part that was asked for (SVC-MULTI-003)
   */
  begins({ resultId, resultPartNumber }: PollResponse, part: number, expectedId: string | undefined): boolean {
    if (resultId !== undefined && expectedId !== undefined && resultId !== expectedId)
      throw mismatch(`was asked for a part of the result ${quoted(expectedId)} and sent one of ${quoted(resultId)}`);
    if (resultPartNumber !== part && resultPartNumber !== 1) throw mismatch(`was asked for part ${part} and sent part ${resultPartNumber}`);
    return resultPartNumber !== part;
  }

  /**
   * A part is there whole, and there are more.
   *
   * @param blocks how many blocks it had
   * @param fingerprint that of its blocks
   * @throws TransportError `MISMATCH` when there have been too many, or the last two were the same
   */
  goesOn({ exclusiveBeginTimestamp, inclusiveEndTimestamp }: PollResponse, blocks: number, fingerprint: Fingerprint): void {
    this.#parts += 1;
    this.#empty = blocks === 0 ? this.#empty + 1 : 0;
    if (this.#parts >= this.#maxParts) throw mismatch(`announces more parts behind the ${this.#parts} that were asked for at most`);
    if (this.#empty > mostEmptyParts) throw mismatch(`announces more and more parts, and sent ${this.#empty} without content in a row`);
    const current = [exclusiveBeginTimestamp, inclusiveEndTimestamp, fingerprint].join(" ");
    if (blocks > 0 && current === this.#previous) throw mismatch(`announces more parts, and sent the same ${blocks} content blocks twice`);
    this.#previous = current;
  }
}

/** The error for a producer that breaks its word. */
export function mismatch(what: string): TransportError {
  return new TransportError("MISMATCH", `the producer ${what}`);
}

/** An identifier of a peer as it stands in errors. */
export function quoted(id: string): string {
  return JSON.stringify(printable(id));
}
