/** The tests on the nodes of one target. */

import type { Effort } from "./effort.js";
import type { NodeValue } from "./node-value.js";
import type { NodeTest, ValueTest } from "./test-of.js";
import type { Verdict } from "./verdict.js";

/** Tests by the number of their condition. Those that ask for one certain text cost one look-up together. */
export class TargetTests {
  readonly #presence: number[] = [];
  readonly #only = new Map<string, number[]>();
  readonly #others: { readonly number: number; readonly holds: ValueTest["holds"]; readonly cost: number }[] = [];

  add(number: number, test: NodeTest): void {
    if (test.kind === "presence") this.#presence.push(number);
    else if (test.only === undefined) this.#others.push({ number, holds: test.holds, cost: test.cost ?? 0 });
    else {
      const there = this.#only.get(test.only);
      if (there === undefined) this.#only.set(test.only, [number]);
      else there.push(number);
    }
  }

  /** Whether the value of a node is of interest. */
  get asksValue(): boolean {
    return this.#only.size > 0 || this.#others.length > 0;
  }

  /** Notes what the presence of a node meets. */
  meetPresence(verdict: Verdict): void {
    for (const number of this.#presence) verdict.meet(number);
  }

  /**
   * Notes what the value of a node meets.
   *
   * @throws ParseError when that takes too long for one record
   */
  meetValue(value: NodeValue, verdict: Verdict, effort: Effort): void {
    for (const number of this.#only.get(value.text) ?? none) verdict.meet(number);
    for (const { number, holds, cost } of this.#others) {
      if (verdict.isMet(number)) continue;
      effort.spend(cost * value.text.length);
      if (holds(value)) verdict.meet(number);
    }
  }
}

const none: readonly number[] = [];
