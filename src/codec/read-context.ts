/** What all frames of one document share: where problems go, which wildcards are looked into, where items go. */

import type { GlobalElements, Target } from "../binding/index.js";
import { type Location, ParseError, type ParseErrorCode } from "../errors.js";
import type { Limits } from "../xml/limits.js";
import type { Place, XmlSource } from "../xml/source.js";
import type { Frame } from "./frames.js";

/** A problem of structure or value, found while reading. */
export interface Problem extends Location {
  readonly code: ParseErrorCode;
  readonly reason: string;
}

export interface ReadSettings {
  readonly limits: Limits;
  /** Takes a problem and lets the reader go on; absent, the first problem is thrown as a ParseError. */
  readonly onProblem?: ((problem: Problem) => void) | undefined;
  /** Global elements that lax and strict wildcards validate; absent, what wildcards match is not looked into. */
  readonly globals?: readonly GlobalElements[] | undefined;
  /** Takes where the elements of objects begin. */
  readonly places?: WeakMap<object, Place> | undefined;
  /** Takes the items of a list of the root instead of the list, one by one. */
  readonly onItem?: ((property: string, item: unknown) => void) | undefined;
  /** Properties of the root whose items go to `onItem`. */
  readonly streamed?: ReadonlySet<string> | undefined;
}

/** The shared state of one reading. */
export class ReadContext {
  readonly settings: ReadSettings;
  readonly stack: Frame[] = [];
  readonly ids = new Set<string>();
  #source: XmlSource | undefined;

  constructor(settings: ReadSettings) {
    this.settings = settings;
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
    const { line, column } = this.source.place(mark);
    const problem = { code, reason, line, column, path: this.path(step) };
    if (this.settings.onProblem === undefined) throw new ParseError(code, reason, problem);
    this.settings.onProblem(problem);
  }

  /** The elements that are open, `Poll_Response/Content_Block[2]`, and one step more. */
  path(step?: string): string {
    const steps = this.stack.map((frame) => frame.step);
    if (step !== undefined) steps.push(step);
    return steps.join("/");
  }

  /** The global element of this name, if the reading knows its schema. */
  globalElement(namespace: string, local: string): Target | undefined {
    const schema = this.settings.globals?.find((globals) => globals.namespace === namespace);
    return schema !== undefined && Object.hasOwn(schema.elements, local) ? schema.elements[local] : undefined;
  }
}
