/** What a body that is no message looks like, for an error. */

import { concatenate } from "../http/pieces.js";
import { printable } from "../message/status-error.js";

/** How many characters of it are shown. */
const shown = 200;

/** The beginning of a body, remembered while it is read. */
export class Excerpt {
  readonly #secrets: readonly string[];
  readonly #longest: number;
  readonly #pieces: Uint8Array[] = [];
  #length = 0;

  /**
   * @param secrets texts that are not to be shown: some pages repeat the request they did not like
   * @param longest how many bytes are remembered at most
   */
  constructor(secrets: readonly string[], longest = 4096) {
    this.#secrets = secrets.filter((secret) => secret !== "");
    this.#longest = longest;
  }

  /** Passes the pieces of a body on, and remembers how it begins. */
  async *watch(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
    for await (const piece of body) {
      if (this.#length < this.#longest) {
        const kept = piece.slice(0, this.#longest - this.#length);
        this.#pieces.push(kept);
        this.#length += kept.length;
      }
      yield piece;
    }
  }

  /** Reads on until enough is remembered; what is behind is given up. Faults end it early: what came before is worth a look. */
  async fill(watched: AsyncGenerator<Uint8Array, void, undefined>): Promise<void> {
    try {
      while (this.#length < this.#longest) if ((await watched.next()).done === true) break;
    } catch {
      // What came before the fault is all there is.
    }
    await watched.return();
  }

  get isEmpty(): boolean {
    return this.text.trim() === "";
  }

  /** Whether markup begins there. */
  get isMarkup(): boolean {
    return /^\ufeff?\s*</.test(this.text);
  }

  get isHtml(): boolean {
    return /^\s*(?:<!--[^>]*>\s*)?<(?:!doctype\s+html|html|head|body)\b/i.test(this.text);
  }

  /** Whether it begins as a TAXII message does, so that a fault in it is a message's fault. */
  get hasTaxii(): boolean {
    return this.text.includes("taxii_xml_binding") && !this.isHtml;
  }

  /** A half sentence that shows the beginning on one line; empty when there is nothing to show. */
  get sentence(): string {
    const text = this.#secrets.reduce((rest, secret) => rest.replaceAll(secret, "…"), printable(this.text));
    if (text === "") return "";
    return `; it begins with ${JSON.stringify(text.length > shown ? `${text.slice(0, shown - 1)}…` : text)}`;
  }

  /** The beginning itself; bytes that are no characters are replaced. */
  get text(): string {
    const whole = concatenate(this.#pieces, this.#length);
    const wide = whole[0] === 0xff || whole[1] === 0 ? "utf-16le" : whole[0] === 0xfe || whole[0] === 0 ? "utf-16be" : "utf-8";
    return new TextDecoder(wide).decode(whole);
  }
}
