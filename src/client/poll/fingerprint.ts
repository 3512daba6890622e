/** Content blocks told apart by a number, so that what was handed out can be remembered without keeping it. */

import type { ContentBlock } from "../../../generated/taxii11/index.js";
import { isXmlContent } from "../../binding/content.js";

/** 53 bits. They are only compared within one label, or in one place of a reply: once in quadrillions is seldom enough. */
export type Fingerprint = number;

/** Of no blocks at all. */
export const noBlocks: Fingerprint = 0;

/** What tells a block from others: label, binding, subtype, content. */
export function fingerprintOf({ timestampLabel = "", contentBinding, content }: ContentBlock): Fingerprint {
  const hash = new Hash();
  hash.text(timestampLabel);
  hash.text(contentBinding.bindingId);
  hash.text(contentBinding.subtype?.subtypeId ?? "");
  hash.text(isXmlContent(content) ? content.xml : content.text);
  return hash.value;
}

/** The fingerprint of blocks in their order, from that of the blocks before and that of the next one. */
export function followedBy(before: Fingerprint, next: Fingerprint): Fingerprint {
  const hash = new Hash();
  hash.number(before);
  hash.number(next);
  return hash.value;
}

/** Two hashes in the manner of FNV with different factors; cheap next to parsing, and not meant against forgery. */
class Hash {
  #low = 0x811c9dc5 | 0;
  #high = 0x2545f491 | 0;

  text(text: string): void {
    // The length keeps two texts apart from the same characters cut elsewhere.
    this.#word(text.length);
    let low = this.#low;
    let high = this.#high;
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at);
      low = Math.imul(low ^ unit, 0x01000193);
      high = Math.imul(high ^ unit, 0x5bd1e995);
      high ^= high >>> 15;
    }
    this.#low = low;
    this.#high = high;
  }

  number(value: number): void {
    this.#word(value % 2 ** 32);
    this.#word(Math.floor(value / 2 ** 32));
  }

  get value(): Fingerprint {
    return (this.#high >>> 11) * 2 ** 32 + (this.#low >>> 0);
  }

  #word(word: number): void {
    this.#low = Math.imul(this.#low ^ word, 0x01000193);
    this.#high = Math.imul(this.#high ^ word, 0x5bd1e995);
    this.#high ^= this.#high >>> 15;
  }
}
