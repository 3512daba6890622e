/** What is open while a document is read: one frame for each element. Here those that do not look at what is in them. */

import { checkedXml } from "../binding/content.js";
import type { Capture, StartTag } from "../xml/source.js";
import { shortened } from "./quote.js";
import type { ReadContext } from "./read-context.js";

/** A value under construction. */
export type Draft = Record<string, unknown>;

/** What takes the value of an element when it ends. */
export type Deliver = (value: unknown) => void;

/** Takes a value nobody wants. */
export const discard: Deliver = () => {};

const captureOuter: Capture = { outer: true, events: false };
const watchOuter: Capture = { outer: true, events: true };

/** An open element. */
export abstract class Frame {
  /** This element in a path: its name, numbered where it may repeat. */
  readonly step: string;
  protected readonly context: ReadContext;
  protected deliver: Deliver;

  constructor(context: ReadContext, step: string, deliver: Deliver) {
    this.context = context;
    this.step = step;
    this.deliver = deliver;
  }

  /** This element in a sentence. */
  protected get tag(): string {
    return `<${this.step.replace(/\[\d+\]$/, "")}>`;
  }

  /** Whether the element's characters are wanted. */
  get capture(): Capture | undefined {
    return undefined;
  }

  /** A child begins. */
  abstract open(tag: StartTag): Frame;
  abstract text(text: string): void;
  captured(_markup: boolean, _characters: string): void {}
  abstract close(): void;
}

/** An element of no interest, with all that is in it. */
export class SkippedFrame extends Frame {
  constructor(context: ReadContext, step: string) {
    super(context, shortened(step), discard);
  }

  open(tag: StartTag): Frame {
    return new SkippedFrame(this.context, tag.local);
  }

  text(): void {}
  close(): void {}
}

/** An element kept whole, its type not looked at. */
export class OpaqueFrame extends Frame {
  #characters = "";

  constructor(context: ReadContext, step: string, deliver: Deliver) {
    super(context, step, deliver);
  }

  override get capture(): Capture {
    return captureOuter;
  }

  open(tag: StartTag): Frame {
    return new SkippedFrame(this.context, tag.local);
  }

  text(): void {}

  override captured(_markup: boolean, characters: string): void {
    this.#characters = characters;
  }

  close(): void {
    this.deliver(checkedXml(this.#characters));
  }
}

/** An element kept whole whose type is looked at as well. */
export class WatchedFrame extends Frame {
  readonly #within: Frame;
  #characters = "";

  constructor(context: ReadContext, within: Frame, deliver: Deliver) {
    super(context, within.step, deliver);
    this.#within = within;
  }

  override get capture(): Capture {
    return watchOuter;
  }

  open(tag: StartTag): Frame {
    return this.#within.open(tag);
  }

  text(text: string): void {
    this.#within.text(text);
  }

  override captured(_markup: boolean, characters: string): void {
    this.#characters = characters;
  }

  close(): void {
    this.#within.close();
    this.deliver(checkedXml(this.#characters));
  }
}
