/** The frames of elements whose type is known: what may come within, and what becomes of it. */

import { type Symbol as ModelSymbol, pathTo, type State } from "../binding/automaton.js";
import { checkedText, checkedXml } from "../binding/content.js";
import type { Wildcard } from "../binding/content-model.js";
import type { Leaf, Shape } from "../binding/index.js";
import { isBlank } from "../characters.js";
import { overLimit } from "../xml/limits.js";
import type { Capture, StartTag } from "../xml/source.js";
import { checkForeignAttributes, namespaceOfLeaf } from "./attributes.js";
import { type Child, type Compiled, compile, findChild, wildcardAt } from "./compiled.js";
import { markDefaulted } from "./defaulted.js";
import { type Deliver, discard, Frame, OpaqueFrame, SkippedFrame, WatchedFrame } from "./frame.js";
import { parseLeaf, tooLong } from "./leaf-reader.js";
import { quote } from "./quote.js";
import type { ReadContext } from "./read-context.js";
import { ShapeFrame } from "./shape-frame.js";

export { quote };

const captureInner: Capture = { outer: false, events: false };
const watchInner: Capture = { outer: false, events: true };

/** The frame for an element of a known type. */
export function frameFor(
  context: ReadContext,
  tag: StartTag,
  step: string,
  target: Leaf<unknown> | Shape,
  deliver: Deliver,
  fallback?: unknown,
): Frame {
  if (target.kind === "leaf") return new LeafFrame(context, tag, step, target, deliver, fallback);
  const compiled = compile(target);
  switch (compiled.kind) {
    case "mixed":
      return new MixedFrame(context, tag, step, compiled, deliver);
    case "value":
      return new ValueFrame(context, tag, step, compiled, deliver);
    default:
      return context.newElements(context, tag, step, compiled, deliver);
  }
}

/** An element of a simple type. */
class LeafFrame extends Frame {
  readonly #leaf: Leaf<unknown>;
  readonly #mark: number;
  readonly #fallback: unknown;
  #text = "";

  constructor(context: ReadContext, tag: StartTag, step: string, leaf: Leaf<unknown>, deliver: Deliver, fallback: unknown) {
    super(context, step, deliver);
    this.#leaf = leaf;
    this.#fallback = fallback;
    this.#mark = context.source.mark();
    if (tag.attributes.length > 0) checkForeignAttributes(context, tag, step, leaf.name, namespaceOfLeaf(leaf.name, tag.namespace));
  }

  open(tag: StartTag): Frame {
    this.context.report("UNEXPECTED_ELEMENT", `<${tag.local}> cannot come here; expected text only`, undefined, tag.local);
    return new SkippedFrame(this.context, tag.local);
  }

  text(text: string): void {
    this.#text += text;
    if (this.#text.length > this.context.settings.limits.maxTextLength) throw tooLong(this.context, this.#mark, this.tag);
  }

  close(): void {
    if (this.#text === "" && this.#fallback !== undefined) this.deliver(this.#fallback);
    else parseLeaf(this.context, this.#leaf, this.#text, () => this.tag, this.#mark, this.deliver);
  }
}

/** A frame whose children follow a content model. */
abstract class ModelFrame extends ShapeFrame {
  #state: State = this.compiled.start;
  #counts: Map<Child, number> | undefined;

  open(tag: StartTag): Frame {
    const child = findChild(this.compiled, tag.namespace, tag.local);
    if (child !== undefined) {
      const next = this.#state.after(child.local);
      if (next !== undefined) {
        this.#state = next;
        return this.child(tag, child, this.#step(child));
      }
    }
    const wildcard = wildcardAt(this.#state, tag.namespace, this.compiled.shape.namespace);
    if (wildcard !== undefined) {
      this.#state = this.#state.after(wildcard) ?? this.#state;
      return this.matched(tag, wildcard);
    }
    return this.#misplaced(tag, child);
  }

  /** The frame of a declared child in its place. */
  protected abstract child(tag: StartTag, child: Child, step: string): Frame;
  /** The frame of an element that a wildcard takes. */
  protected abstract matched(tag: StartTag, wildcard: Wildcard): Frame;

  protected finishModel(): void {
    if (this.#state.complete) return;
    const missing = this.#state.next.map(describeSymbol).join(" or ");
    this.context.report("MISSING_ELEMENT", `${this.tag} ends too early; expected ${missing}`);
  }

  #step(child: Child): string {
    if (!child.field.many && child.items === undefined) return child.local;
    this.#counts ??= new Map();
    const count = (this.#counts.get(child) ?? 0) + 1;
    this.#counts.set(child, count);
    return `${child.local}[${count}]`;
  }

  /** Reports an element that cannot come here, and goes on behind it as if what it lacked had been there. */
  #misplaced(tag: StartTag, child: Child | undefined): Frame {
    const { next } = this.#state;
    const expected = next.length === 0 ? `the end of ${this.tag}` : next.map(describeSymbol).join(", ");
    const made = this.context.settings.lenient === undefined ? "" : child === undefined ? " and is left out" : " but is read";
    this.context.report("UNEXPECTED_ELEMENT", `<${tag.local}> cannot come here${made}; expected ${expected}`, undefined, tag.local);
    if (child === undefined) return new SkippedFrame(this.context, tag.local);
    const path = pathTo(this.#state, child.local);
    if (path !== undefined) this.#state = [...path, child.local].reduce((state, symbol) => state.after(symbol) ?? state, this.#state);
    return this.child(tag, child, this.#step(child));
  }
}

/** An element with child elements and nothing else. */
export class ElementsFrame extends ModelFrame {
  constructor(context: ReadContext, tag: StartTag, step: string, compiled: Compiled, deliver: Deliver) {
    super(context, tag, step, compiled, deliver);
    for (const property of compiled.lists) this.draft[property] = [];
  }

  protected child(tag: StartTag, child: Child, step: string): Frame {
    const { field, target } = child;
    const put = this.#putter(child);
    if (field.keep === "outer") return keptWhole(this.context, tag, step, target, put);
    if (field.keep === "inner" && target.kind === "shape") return new MixedFrame(this.context, tag, step, compile(target), put, true);
    return frameFor(this.context, tag, step, target, put, field.default);
  }

  protected matched(tag: StartTag, wildcard: Wildcard): Frame {
    const taker = this.compiled.wildcard;
    if (this.context.looksInside || taker === undefined) return frameForWildcard(this.context, tag, wildcard.process);
    return new OpaqueFrame(this.context, tag.local, (value) => this.push(taker.property, taker.tagged ? { any: value } : value));
  }

  text(text: string): void {
    const empty = this.compiled.kind === "empty";
    if (empty || !isBlank(text)) {
      this.context.report("UNEXPECTED_TEXT", `text cannot come within ${this.tag}; expected ${empty ? "nothing" : "elements only"}`);
    }
  }

  close(): void {
    this.finishModel();
    for (const { field } of this.compiled.children) {
      if (field.default === undefined || field.property in this.draft) continue;
      this.draft[field.property] = field.default;
      markDefaulted(this.draft, field.property);
    }
    this.deliver(this.draft);
  }

  #putter({ field, items }: Child): Deliver {
    const { property } = field;
    if (items !== undefined) return (value) => this.push(items, { [property]: value });
    if (field.many) return (value) => this.push(property, value);
    return (value) => {
      this.draft[property] = value;
    };
  }

  /** Puts an item into a list, or hands it out. */
  protected push(property: string, value: unknown): void {
    const { settings, stack } = this.context;
    if (settings.onItem !== undefined && stack[0] === this && settings.streamed?.has(property)) {
      settings.onItem(property, value);
      return;
    }
    const list = this.draft[property];
    if (!Array.isArray(list)) return;
    list.push(value);
    const { limits } = settings;
    if (list.length > limits.maxItems) {
      const at = { ...this.context.source.place(), path: this.context.path() };
      throw overLimit("maxItems", limits, `${this.tag} has too many ${property}`, at);
    }
  }
}

/** An element with text and attributes. */
class ValueFrame extends ShapeFrame {
  readonly #mark = this.context.source.mark();
  #text = "";

  open(tag: StartTag): Frame {
    this.context.report("UNEXPECTED_ELEMENT", `<${tag.local}> cannot come here; expected text only`, undefined, tag.local);
    return new SkippedFrame(this.context, tag.local);
  }

  text(text: string): void {
    this.#text += text;
    if (this.#text.length > this.context.settings.limits.maxTextLength) throw tooLong(this.context, this.#mark, this.tag);
  }

  close(): void {
    const field = this.compiled.value;
    if (field !== undefined) {
      const read = parseLeaf(
        this.context,
        field.leaf,
        this.#text,
        () => this.tag,
        this.#mark,
        (value) => {
          this.draft[field.property] = value;
        },
      );
      if (!read && this.context.settings.lenient !== undefined) {
        this.giveUp("BAD_VALUE", `${this.tag} is ${quote(this.#text)}; expected ${field.leaf.expected}`);
      }
    }
    this.deliver(this.draft);
  }
}

/** An element with open content. */
class MixedFrame extends ModelFrame {
  /** Whether the content alone is the value, not an object with it. */
  readonly #bare: boolean;

  constructor(context: ReadContext, tag: StartTag, step: string, compiled: Compiled, deliver: Deliver, bare = false) {
    super(context, tag, step, compiled, deliver);
    this.#bare = bare;
    this.draft[this.#property] = { text: "" };
  }

  override get capture(): Capture {
    return this.context.looksInside ? watchInner : captureInner;
  }

  protected child(tag: StartTag, child: Child, step: string): Frame {
    return frameFor(this.context, tag, step, child.target, discard, child.field.default);
  }

  protected matched(tag: StartTag, wildcard: Wildcard): Frame {
    return frameForWildcard(this.context, tag, wildcard.process);
  }

  text(): void {}

  override captured(markup: boolean, characters: string): void {
    this.draft[this.#property] = markup ? checkedXml(characters) : checkedText(characters);
  }

  close(): void {
    // What stands within was only looked at when the reader was asked to.
    if (this.context.looksInside) this.finishModel();
    this.deliver(this.#bare ? this.draft[this.#property] : this.draft);
  }

  get #property(): string {
    return this.compiled.content?.property ?? "content";
  }
}

function keptWhole(context: ReadContext, tag: StartTag, step: string, target: Leaf<unknown> | Shape, deliver: Deliver): Frame {
  if (!context.looksInside) return new OpaqueFrame(context, step, deliver);
  return new WatchedFrame(context, frameFor(context, tag, step, target, discard), deliver);
}

/** An element a lax wildcard took and no schema knows: what is in it is looked at laxly again. */
class LaxFrame extends SkippedFrame {
  override open(tag: StartTag): Frame {
    return frameForWildcard(this.context, tag, "lax");
  }
}

function frameForWildcard(context: ReadContext, tag: StartTag, process: Wildcard["process"]): Frame {
  if (process === "skip") return new SkippedFrame(context, tag.local);
  const target = context.globalElement(tag.namespace, tag.local);
  if (target !== undefined) return frameFor(context, tag, tag.local, typeof target === "function" ? target() : target, discard);
  if (process === "strict") {
    context.report(
      "UNEXPECTED_ELEMENT",
      `<${tag.local}> cannot come here; expected an element that a schema declares`,
      undefined,
      tag.local,
    );
    return new SkippedFrame(context, tag.local);
  }
  return new LaxFrame(context, tag.local);
}

function describeSymbol(symbol: ModelSymbol): string {
  if (typeof symbol === "string") return `<${symbol}>`;
  return symbol.namespace === "##any" ? "any element" : "an element of another namespace";
}
