/** What all frames of one document share: where problems go, which wildcards are looked into, where items go. */

import type { GlobalElements, Target } from "../binding/index.js";
import { type Location, ParseError, type ParseErrorCode } from "../errors.js";
import type { Limits } from "../xml/limits.js";
import type { Place, StartTag, XmlSource } from "../xml/source.js";
import type { Compiled } from "./compiled.js";
import type { Deliver, Frame } from "./frame.js";
import type { Deviations } from "./lenient.js";

/** A problem of structure or value, found while reading. */
export interface Problem extends Location {
  readonly code: ParseErrorCode;
  readonly reason: string;
}

export interface ReadSettings {
  readonly limits: Limits;
  /**
   * Takes the code of a problem, and what tells the rest for as long as the call lasts, and lets the reader go on; absent,
   * the first problem is thrown as a ParseError.
   */
  readonly onProblem?: ((code: ParseErrorCode, describe: () => Problem) => void) | undefined;
  /** Makes the reading a lenient one, and takes what it tolerates; `onProblem` is not asked then. */
  readonly lenient?: Deviations | undefined;
  /** Global elements that lax and strict wildcards validate; absent, what wildcards match is not looked into. */
  readonly globals?: readonly GlobalElements[] | undefined;
  /** Takes where the elements of objects begin. */
  readonly places?: WeakMap<object, Place> | undefined;
  /** Takes the items of a list of the root instead of the list, one by one. */
  readonly onItem?: ((property: string, item: unknown) => void) | undefined;
  /** Properties of the root whose items go to `onItem`. */
  readonly streamed?: ReadonlySet<string> | undefined;
}

/** Makes the frame of an element with child elements. */
export type NewElements = (context: ReadContext, tag: StartTag, step: string, compiled: Compiled, deliver: Deliver) => Frame;

// Documents may be nested a million times, and have as many problems.
const mostSteps = 256;

/** The shared state of one reading. */
export class ReadContext {
  readonly settings: ReadSettings;
  readonly stack: Frame[] = [];
  readonly ids = new Set<string>();
  /** What tells a strict reading from a lenient one. */
  readonly newElements: NewElements;
  #source: XmlSource | undefined;

  constructor(settings: ReadSettings, newElements: NewElements) {
    this.settings = settings;
    this.newElements = newElements;
  }

  attach(source: XmlSource): void {
    this.#source = source;
  }

  get source(): XmlSource {
    if (this.#source === undefined) throw new TypeError("the reader has no source yet");
    return this.#source;
  }

  /** Whether what wildcards match is validated as well. */
  get looksInside(): boolean {
    return this.settings.globals !== undefined;
  }

  /** Reports a problem at a mark of the source, by default where the current token begins. */
  report(code: ParseErrorCode, reason: string, mark?: number, step?: string): void {
    const { lenient, onProblem } = this.settings;
    const describe = (): Problem => this.#problem(code, reason, mark, step);
    if (lenient !== undefined) lenient.add(code, describe);
    else if (onProblem !== undefined) onProblem(code, describe);
    else throw this.error(code, reason, mark, step);
  }

  /** The error for a problem that ends the reading. */
  error(code: ParseErrorCode, reason: string, mark?: number, step?: string): ParseError {
    return new ParseError(code, reason, this.#problem(code, reason, mark, step));
  }

  #problem(code: ParseErrorCode, reason: string, mark: number | undefined, step: string | undefined): Problem {
    const { line, column } = this.source.place(mark);
    return { code, reason, line, column, path: this.path(step) };
  }

  /** The elements that are open, `Poll_Response/Content_Block[2]`, and one step more. Of very many, those in the middle are left out. */
  path(step?: string): string {
    const { stack } = this;
    const half = mostSteps / 2;
    const frames = stack.length <= mostSteps ? stack : [...stack.slice(0, half), ...stack.slice(-half)];
    const steps = frames.map((frame) => frame.step);
    if (stack.length > mostSteps) steps.splice(half, 0, "…");
    if (step !== undefined) steps.push(step);
    return steps.join("/");
  }

  /** The global element of this name, if the reading knows its schema. */
  globalElement(namespace: string, local: string): Target | undefined {
    const schema = this.settings.globals?.find((globals) => globals.namespace === namespace);
    return schema !== undefined && Object.hasOwn(schema.elements, local) ? schema.elements[local] : undefined;
  }
}
