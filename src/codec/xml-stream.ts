/** XML in pieces: the head of a message, then the items of its list one by one, in constant memory. */

import type { Shape } from "../binding/index.js";
import { isTaxiiError, ParseError } from "../errors.js";
import { DocumentDecoder } from "../xml/decode.js";
import { type Limits, overLimit, streamLimits } from "../xml/limits.js";
import { type ReadOptions, settingsFor } from "./xml.js";
import { XmlReader } from "./xml-reader.js";
import { type WriteOptions, XmlWriter } from "./xml-writer.js";

/** A document that arrives in pieces: a body of fetch, a stream of Node, a list of chunks. */
export type ByteSource = AsyncIterable<Uint8Array> | Iterable<Uint8Array> | ReadableStream<Uint8Array>;

const nowhere = { line: 0, column: 0, path: "" };

// Small enough that few items are in memory at once, large enough that the overhead of a piece does not count.
const pieceLength = 64 * 1024;

/** Reads one document piece by piece; items of the list `list` of the root are handed out instead of kept. */
export class XmlStreamReader {
  readonly #reader: XmlReader;
  readonly #chunks: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  readonly #decoder: DocumentDecoder;
  readonly #limits: Limits;
  #rest: Uint8Array = new Uint8Array(0);
  #ready: unknown[] = [];
  #bytes = 0;
  #ended = false;
  #fault: { readonly error: unknown } | undefined;

  constructor(accept: readonly Shape[], source: ByteSource, list: string, options: ReadOptions = {}) {
    this.#limits = { ...streamLimits, ...options.limits };
    this.#chunks = iterate(source);
    this.#reader = new XmlReader(accept, {
      ...settingsFor(options, this.#limits),
      streamed: new Set([list]),
      onItem: (_, item) => this.#ready.push(item),
    });
    this.#decoder = new DocumentDecoder((characters) => this.#reader.write(characters), options.charset, this.#reader.repair);
  }

  /** The root so far: complete up to the list once an item came, complete altogether at the end. */
  get value(): unknown {
    return this.#reader.result;
  }

  get shape(): Shape | undefined {
    return this.#reader.root;
  }

  /** Reads until the first item is whole, or the document ends. @throws ParseError when it breaks before that */
  async head(): Promise<void> {
    while (!this.#ended && this.#ready.length === 0) await this.#step();
    if (this.#fault !== undefined && (this.#ready.length === 0 || this.value === undefined)) throw this.#fault.error;
  }

  /** The items, each as soon as it is whole. @throws ParseError behind the last whole item when the document breaks */
  items(): AsyncGenerator<unknown, void, undefined> {
    const items = this.#handOut();
    const end = items.return.bind(items);
    // A generator that was not begun would let go of nothing.
    items.return = async (value) => {
      await this.#release();
      return end(value);
    };
    return items;
  }

  async *#handOut(): AsyncGenerator<unknown, void, undefined> {
    try {
      while (true) {
        const ready = this.#ready;
        this.#ready = [];
        yield* ready;
        if (this.#fault !== undefined) throw this.#fault.error;
        if (this.#ended && this.#ready.length === 0) return;
        await this.#step();
      }
    } finally {
      await this.#release();
    }
  }

  async #release(): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    await this.#chunks.return?.();
  }

  /** Reads one more piece. Faults are kept until the items before them are handed out. */
  async #step(): Promise<void> {
    if (this.#ended) return;
    try {
      const piece = await this.#pull();
      if (piece === undefined) {
        this.#decoder.end();
        this.#ended = true;
        this.#reader.close();
      } else this.#decoder.write(piece);
    } catch (error) {
      this.#ended = true;
      this.#fault = { error };
      await this.#chunks.return?.();
    }
  }

  async #next(): Promise<Uint8Array | undefined> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done === true) return undefined;
      this.#rest = next.value;
      this.#bytes += next.value.length;
      if (this.#bytes > this.#limits.maxBytes) throw overLimit("maxBytes", this.#limits, "the document is too long", nowhere);
    }
    const piece = this.#rest.subarray(0, pieceLength);
    this.#rest = this.#rest.subarray(pieceLength);
    return piece;
  }

  /** The next piece. What a source throws is its failure; what is thrown while a piece is read is none. */
  async #pull(): Promise<Uint8Array | undefined> {
    try {
      return await this.#next();
    } catch (error) {
      this.#flush();
      throw isTaxiiError(error)
        ? error
        : new ParseError("TRUNCATED", "the document breaks off: its source failed", nowhere, { cause: error });
    }
  }

  /** Reads what the decoder holds back of a short document, so that what was whole is handed out before the break is told. */
  #flush(): void {
    try {
      this.#decoder.end();
    } catch {
      // The break says more.
    }
  }
}

function iterate(source: ByteSource): AsyncIterator<Uint8Array> | Iterator<Uint8Array> {
  if (Symbol.asyncIterator in source) return source[Symbol.asyncIterator]();
  return Symbol.iterator in source ? source[Symbol.iterator]() : readPieces(source)[Symbol.asyncIterator]();
}

/** For runtimes whose ReadableStream cannot be iterated. */
async function* readPieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let { done, value } = await reader.read(); !done; { done, value } = await reader.read()) {
      if (value !== undefined) yield value;
    }
  } finally {
    await reader.cancel();
  }
}

/**
 * Writes a document whose list `list` comes from `items`; the list of `value` itself is not written. `value` is looked at
 * again behind the items, so that what is only known then can be set while they pass.
 *
 * @throws ValidationError before the first byte when the head is wrong, between items when an item is
 */
export async function* writeXmlStream(
  shape: Shape,
  value: object,
  list: string,
  items: AsyncIterable<unknown> | Iterable<unknown>,
  options: WriteOptions = {},
): AsyncGenerator<Uint8Array, void, undefined> {
  const encoder = new TextEncoder();
  const writer = new XmlWriter(shape, options);
  let pending = writer.open(value, list);
  for await (const item of items) {
    pending += writer.item(item);
    if (pending.length < pieceLength) continue;
    yield encoder.encode(pending);
    pending = "";
  }
  yield encoder.encode(pending + writer.close(value));
}
