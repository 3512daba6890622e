/** XML to typed values: whole documents, and streams of characters. */

import type { Shape } from "../binding/index.js";
import { ParseError } from "../errors.js";
import { SaxesSource } from "../xml/saxes-source.js";
import type { Capture, StartTag, XmlHandler, XmlSource } from "../xml/source.js";
import { type Frame, frameFor, ShapeFrame, SkippedFrame } from "./frames.js";
import { customaryNamespaces } from "./prefixes.js";
import { ReadContext, type ReadSettings } from "./read-context.js";

/** Reads one document whose root is one of `accept`. Feed it with `write`, end it with `close`, then take `result`. */
export class XmlReader implements XmlHandler {
  readonly #accept: readonly Shape[];
  readonly #context: ReadContext;
  readonly #source: XmlSource;
  #root: Shape | undefined;
  #result: unknown;

  constructor(accept: readonly Shape[], settings: ReadSettings) {
    this.#accept = accept;
    this.#context = new ReadContext(settings);
    const envelope = new Set([...customaryNamespaces, ...accept.map(({ namespace }) => namespace)]);
    this.#source = new SaxesSource(this, {
      limits: settings.limits,
      envelope,
      ...(settings.onProblem === undefined ? {} : { onRefused: ({ code, reason }) => this.#context.report(code, reason) }),
    });
    this.#context.attach(this.#source);
  }

  /** The shape of the root element; undefined before it began, and when it is none of those accepted. */
  get root(): Shape | undefined {
    return this.#root;
  }

  /** The value of the root; complete after `close`, growing before. */
  get result(): unknown {
    return this.#result;
  }

  write(characters: string): void {
    this.#run(() => this.#source.write(characters));
  }

  close(): void {
    this.#run(() => this.#source.close());
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
    const frame = frameFor(this.#context, tag, tag.local, shape, (value) => {
      this.#result = value;
    });
    if (frame instanceof ShapeFrame) this.#result = frame.draft;
    return frame;
  }

  #run(step: () => void): void {
    try {
      step();
    } catch (error) {
      throw error instanceof ParseError && error.path === "" ? this.#located(error) : error;
    }
  }

  #located(error: ParseError): ParseError {
    const path = this.#context.path();
    return path === ""
      ? error
      : new ParseError(error.code, error.reason, { line: error.line, column: error.column, path }, { cause: error.cause });
  }
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
