/** XML to typed values: whole documents, and streams of characters. */

import type { Shape } from "../binding/index.js";
import { ParseError } from "../errors.js";
import type { ByteRepair } from "../xml/decode.js";
import { SaxesSource } from "../xml/saxes-source.js";
import type { Capture, StartTag, XmlHandler, XmlSource } from "../xml/source.js";
import { type Frame, SkippedFrame } from "./frame.js";
import { ElementsFrame, frameFor } from "./frames.js";
import { adoptAttributes } from "./lenient-attributes.js";
import { tolerantDecoder } from "./lenient-bytes.js";
import { LenientElementsFrame } from "./lenient-frames.js";
import { LenientText } from "./lenient-text.js";
import { customaryNamespaces } from "./prefixes.js";
import { type NewElements, ReadContext, type ReadSettings } from "./read-context.js";
import { ShapeFrame } from "./shape-frame.js";

const strictly: NewElements = (context, tag, step, compiled, deliver) => new ElementsFrame(context, tag, step, compiled, deliver);
const leniently: NewElements = (context, tag, step, compiled, deliver) => new LenientElementsFrame(context, tag, step, compiled, deliver);

/** Reads one document whose root is one of `accept`. Feed it with `write`, end it with `close`, then take `result`. */
export class XmlReader implements XmlHandler {
  readonly #accept: readonly Shape[];
  readonly #context: ReadContext;
  readonly #source: XmlSource;
  /** What characters pass on their way to the source. */
  readonly #input: Pick<XmlSource, "write" | "close">;
  #root: Shape | undefined;
  #result: unknown;

  constructor(accept: readonly Shape[], settings: ReadSettings) {
    this.#accept = accept;
    this.#context = new ReadContext(settings, settings.lenient === undefined ? strictly : leniently);
    this.#source = new SaxesSource(this, {
      limits: settings.limits,
      envelope: envelopeOf(accept),
      ...(settings.onProblem === undefined ? {} : { onRefused: ({ code, reason }) => this.#context.report(code, reason) }),
    });
    this.#context.attach(this.#source);
    this.#input = settings.lenient === undefined ? this.#source : new LenientText(this.#source, (error) => this.#tolerate(error));
  }

  /** The shape of the root element; undefined before it began, and when it is none of those accepted. */
  get root(): Shape | undefined {
    return this.#root;
  }

  /** The value of the root; complete after `close`, growing before. */
  get result(): unknown {
    return this.#result;
  }

  /** What a lenient reading makes of bytes that are not in the encoding of their document; undefined for a strict one. */
  get repair(): ByteRepair | undefined {
    if (this.#context.settings.lenient === undefined) return undefined;
    return {
      doubt: (error) => this.#tolerate(error, "; it is not followed"),
      decoderFor: (encoding, error) => {
        const wide = encoding === "utf-16le" || encoding === "utf-16be";
        this.#tolerate(error, wide ? "; U+FFFD stands for what is no character" : "; what is not is read as windows-1252");
        return tolerantDecoder(encoding);
      },
    };
  }

  write(characters: string): void {
    this.#run(() => this.#input.write(characters));
  }

  close(): void {
    this.#run(() => {
      this.#input.close();
      this.#context.settings.lenient?.end();
    });
  }

  start(tag: StartTag): Capture | undefined {
    const { stack } = this.#context;
    const top = stack.at(-1);
    const frame = top === undefined ? this.#openRoot(tag) : top.open(tag);
    stack.push(frame);
    return frame.capture;
  }

  text(text: string): void {
    this.#context.stack.at(-1)?.text(text);
  }

  captured(markup: boolean, characters: string): void {
    // The frame that asked is the innermost one: frames within it have ended.
    this.#context.stack.at(-1)?.captured(markup, characters);
  }

  end(): void {
    const { stack } = this.#context;
    stack.at(-1)?.close();
    stack.pop();
  }

  #openRoot(tag: StartTag): Frame {
    const shape = this.#accept.find(
      (candidate) => candidate.namespace === tag.namespace && (candidate.role === "component" || candidate.element === tag.local),
    );
    if (shape === undefined) {
      this.#context.report(
        "UNKNOWN_MESSAGE",
        `the root is ${expandedName(tag.namespace, tag.local)}; expected ${describeAccepted(this.#accept)}`,
        undefined,
        tag.local,
      );
      return new SkippedFrame(this.#context, tag.local);
    }
    this.#root = shape;
    const own = this.#context.settings.lenient === undefined ? tag : adoptAttributes(this.#context, tag, shape, tag.local);
    const frame = frameFor(this.#context, own, tag.local, shape, (value) => {
      this.#result = value;
    });
    if (frame instanceof ShapeFrame) this.#result = frame.draft;
    return frame;
  }

  #run(step: () => void): void {
    const { lenient } = this.#context.settings;
    try {
      step();
    } catch (error) {
      lenient?.end();
      throw error instanceof ParseError && error.path === "" ? this.#located(error) : error;
    } finally {
      lenient?.flush();
    }
  }

  /** Goes on behind what would be an error of a strict reading, found in what was not parsed yet. */
  #tolerate({ code, reason, line, column }: ParseError, made = ""): void {
    this.#context.settings.lenient?.add(code, () => ({ code, reason: reason + made, line, column, path: this.#context.path() }));
  }

  #located(error: ParseError): ParseError {
    const path = this.#context.path();
    return path === ""
      ? error
      : new ParseError(error.code, error.reason, { line: error.line, column: error.column, path }, { cause: error.cause });
  }
}

const envelopes = new WeakMap<readonly Shape[], ReadonlySet<string>>();

/** The namespaces that documents of these shapes are written in. */
function envelopeOf(accept: readonly Shape[]): ReadonlySet<string> {
  const known = envelopes.get(accept);
  if (known !== undefined) return known;
  const made = new Set([...customaryNamespaces, ...accept.map(({ namespace }) => namespace)]);
  envelopes.set(accept, made);
  return made;
}

function describeAccepted(accept: readonly Shape[]): string {
  const names = accept.map(({ element }) => element);
  const shown = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} others`] : names;
  const namespaces = [...new Set(accept.map(({ namespace }) => namespace))];
  return `${shown.join(", ")} of ${namespaces.join(" or ")}`;
}

function expandedName(namespace: string, local: string): string {
  return namespace === "" ? `${local} in no namespace` : `${local} of ${namespace}`;
}
