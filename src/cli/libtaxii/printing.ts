/** Messages on standard output, in the form of libtaxii's scripts: a title, an empty line, the message, an empty line. */

import { ContentBlock as ContentBlock10 } from "../../../generated/taxii10/index.js";
import { ContentBlock as ContentBlock11 } from "../../../generated/taxii11/index.js";
import { XmlWriter } from "../../codec/xml-writer.js";
import { ValidationError } from "../../errors.js";
import type { AnyMessage } from "../../message/exchanges.js";
import { toText } from "../../message/forms.js";
import { type Output, printable } from "../output.js";
import { type ContentBlock, isBlock10, type Reply, shapeOf } from "./messages.js";

const list = "contentBlocks";

/** Prints the messages of a script. */
export class Printer {
  readonly #xml: boolean;
  readonly #output: Output;

  /** @param xml whether messages are printed as XML; otherwise as libtaxii's text */
  constructor(xml: boolean, output: Output) {
    this.#xml = xml;
    this.#output = output;
  }

  /** Prints a message that is there whole. @throws ValidationError when it is not valid by the schema */
  async message(title: string, message: AnyMessage): Promise<void> {
    const shape = shapeOf(message);
    await this.#print(title, [this.#xml ? new XmlWriter(shape, { pretty: true }).document(message) : toText(shape, message)]);
  }

  /**
   * Prints a reply while it arrives, in as much memory as one content block takes.
   *
   * @param onBlock gets each block before it is printed, and is waited for
   */
  async reply(title: string, reply: Reply, onBlock: (block: ContentBlock) => Promise<void>): Promise<void> {
    const blocks = visited(reply.blocks, onBlock);
    if (!this.#xml) return this.#print(title, textPieces({ ...reply, blocks }));
    try {
      await this.#print(title, xmlPieces({ ...reply, blocks }));
    } catch (error) {
      // What was read in spite of its faults need not be fit to be written.
      throw error instanceof ValidationError ? new Error(`the reply cannot be printed as XML: ${error.message}`, { cause: error }) : error;
    }
  }

  /** A line beside the messages. */
  async line(text: string): Promise<void> {
    await this.#output.out(`${printable(text)}\n`);
  }

  async #print(title: string, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
    await this.#output.out(`${title}:\n\n`);
    // XML that goes to a program must stay what it is.
    const keep = this.#xml && !this.#output.outIsTerminal;
    for await (const piece of pieces) await this.#output.out(keep ? piece : printable(piece));
    await this.#output.out("\n");
  }
}

async function* visited(
  blocks: AsyncIterable<ContentBlock>,
  visit: (block: ContentBlock) => Promise<void>,
): AsyncGenerator<ContentBlock, void, undefined> {
  for await (const block of blocks) {
    await visit(block);
    yield block;
  }
}

/** In libtaxii's layouts, content blocks come last and are indented by one level. */
async function* textPieces({ message, blocks }: Reply): AsyncGenerator<string, void, undefined> {
  yield toText(shapeOf(message), message);
  for await (const block of blocks) yield blockText(block).replace(/^(?=.)/gm, "  ");
}

function blockText(block: ContentBlock): string {
  return isBlock10(block) ? toText(ContentBlock10, block) : toText(ContentBlock11, block);
}

async function* xmlPieces({ message, blocks }: Reply): AsyncGenerator<string, void, undefined> {
  const shape = shapeOf(message);
  const writer = new XmlWriter(shape, { pretty: true });
  if (!(list in message)) {
    yield writer.document(message);
    return;
  }
  let fault: Error | undefined;
  const written = (write: () => string): string => {
    // Behind a fault nothing more is written, but what is still to come is to be saved.
    if (fault !== undefined) return "";
    try {
      return write();
    } catch (error) {
      if (!(error instanceof ValidationError)) throw error;
      fault = error;
      return "";
    }
  };
  yield written(() => writer.open(message, list));
  for await (const block of blocks) yield written(() => writer.item(block));
  yield written(() => writer.close(message));
  if (fault !== undefined) throw fault;
}
