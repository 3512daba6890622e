/** The value of a node, as tests look at it: what several of them need is made once. */

import { type Decimal, decimalOf } from "./decimal.js";

export class NodeValue {
  readonly text: string;
  #folded: string | undefined;
  #number: Decimal | "none" | undefined;

  constructor(text: string) {
    this.text = text;
  }

  /** Without regard to case: in lower case, the same everywhere (QRY-CORE-016). */
  get folded(): string {
    this.#folded ??= this.text.toLowerCase();
    return this.#folded;
  }

  /** The number it is, if it is one. */
  get number(): Decimal | undefined {
    this.#number ??= decimalOf(this.text) ?? "none";
    return this.#number === "none" ? undefined : this.#number;
  }
}
