/** One open element each: what may come within it, and what becomes of it. */

import { type Symbol as ModelSymbol, pathTo, type State } from "../binding/automaton.js";
import { type Content, checkedXml } from "../binding/content.js";
import type { Wildcard } from "../binding/content-model.js";
import { id, type Leaf, type Shape } from "../binding/index.js";
import { collapse, isBlank } from "../characters.js";
import { overLimit } from "../xml/limits.js";
import { xsiNamespace } from "../xml/names.js";
import type { Attribute, Capture, StartTag } from "../xml/source.js";
import { type Child, type Compiled, compile, findChild, wildcardAt } from "./compiled.js";
import { markDefaulted } from "./defaulted.js";
import type { ReadContext } from "./read-context.js";

/** A value under construction. */
export type Draft = Record<string, unknown>;

/** What takes the value of an element when it ends. */
export type Deliver = (value: unknown) => void;

const discard: Deliver = () => {};

const captureInner: Capture = { outer: false, events: false };
const captureOuter: Capture = { outer: true, events: false };
const watchInner: Capture = { outer: false, events: true };
const watchOuter: Capture = { outer: true, events: true };

/** An open element. */
export abstract class Frame {
  /** This element in a path: its name, numbered where it may repeat. */
  readonly step: string;
  protected readonly context: ReadContext;
  protected readonly deliver: Deliver;

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
      return new ElementsFrame(context, tag, step, compiled, deliver);
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
    if (tag.attributes.length > 0)
      checkForeignAttributes(context, tag, step, leaf.name, leaf.name.startsWith("xs:") ? xsdNamespace : tag.namespace);
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
    else parseLeaf(this.context, this.#leaf, this.#text, this.tag, this.#mark, this.deliver);
  }
}

/** A frame with a draft and attributes. */
export abstract class ShapeFrame extends Frame {
  protected readonly compiled: Compiled;
  /** The value so far. */
  readonly draft: Draft = {};

  constructor(context: ReadContext, tag: StartTag, step: string, compiled: Compiled, deliver: Deliver) {
    super(context, step, deliver);
    this.compiled = compiled;
    if (compiled.shape.role === "message") this.draft["$type"] = compiled.shape.name;
    context.settings.places?.set(this.draft, context.source.place());
    this.#readAttributes(tag, step);
  }

  #readAttributes(tag: StartTag, step: string): void {
    const { attributes } = tag;
    let known = 0;
    for (const field of this.compiled.attributes) {
      const attribute = plainAttribute(attributes, field.wire);
      if (attribute !== undefined) {
        known++;
        parseLeaf(
          this.context,
          field.leaf,
          attribute.value,
          `the attribute ${field.wire} of <${tag.local}>`,
          undefined,
          (value) => {
            this.draft[field.property] = value;
          },
          step,
        );
      } else if (field.required) {
        this.context.report(
          "MISSING_ATTRIBUTE",
          `<${tag.local}> lacks the attribute ${field.wire}; expected ${field.leaf.expected}`,
          undefined,
          step,
        );
      } else if (field.default !== undefined) {
        this.draft[field.property] = field.default;
        markDefaulted(this.draft, field.property);
      }
    }
    if (known < attributes.length) {
      const { shape } = this.compiled;
      checkForeignAttributes(this.context, tag, step, shape.type, shape.namespace, this.compiled);
    }
  }
}

function plainAttribute(attributes: StartTag["attributes"], name: string): Attribute | undefined {
  for (const attribute of attributes) if (attribute.local === name && attribute.namespace === "") return attribute;
  return undefined;
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
    this.context.report("UNEXPECTED_ELEMENT", `<${tag.local}> cannot come here; expected ${expected}`, undefined, tag.local);
    if (child === undefined) return new SkippedFrame(this.context, tag.local);
    const path = pathTo(this.#state, child.local);
    if (path !== undefined) this.#state = [...path, child.local].reduce((state, symbol) => state.after(symbol) ?? state, this.#state);
    return this.child(tag, child, this.#step(child));
  }
}

/** An element with child elements and nothing else. */
class ElementsFrame extends ModelFrame {
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
    return new OpaqueFrame(this.context, tag.local, (value) => this.#push(taker.property, taker.tagged ? { any: value } : value));
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
    if (items !== undefined) return (value) => this.#push(items, { [property]: value });
    if (field.many) return (value) => this.#push(property, value);
    return (value) => {
      this.draft[property] = value;
    };
  }

  #push(property: string, value: unknown): void {
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
      parseLeaf(this.context, field.leaf, this.#text, this.tag, this.#mark, (value) => {
        this.draft[field.property] = value;
      });
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
    const content: Content = markup ? checkedXml(characters) : { text: characters };
    this.draft[this.#property] = content;
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

/** An element kept whole, its type not looked at. */
class OpaqueFrame extends Frame {
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
class WatchedFrame extends Frame {
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

function keptWhole(context: ReadContext, tag: StartTag, step: string, target: Leaf<unknown> | Shape, deliver: Deliver): Frame {
  if (!context.looksInside) return new OpaqueFrame(context, step, deliver);
  return new WatchedFrame(context, frameFor(context, tag, step, target, discard), deliver);
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

function parseLeaf(
  context: ReadContext,
  leaf: Leaf<unknown>,
  text: string,
  what: string,
  mark: number | undefined,
  deliver: Deliver,
  step?: string,
): void {
  const value = leaf.parse(text);
  if (value === undefined) {
    context.report("BAD_VALUE", `${what} is ${quote(text)}; expected ${leaf.expected}`, mark, step);
  } else if (value === Number.POSITIVE_INFINITY) {
    context.report("LIMIT_EXCEEDED", `${what} is ${quote(text)}; numbers go up to ${Number.MAX_SAFE_INTEGER}`, mark, step);
  } else {
    if (leaf === id && context.looksInside) checkUnique(context, id.normalize(text), what, mark, step);
    deliver(value);
  }
}

function checkUnique(context: ReadContext, value: string, what: string, mark: number | undefined, step: string | undefined): void {
  if (context.ids.has(value))
    context.report("BAD_VALUE", `${what} is ${quote(value)}, which an element before it has; expected an id of its own`, mark, step);
  context.ids.add(value);
}

const xsdNamespace = "http://www.w3.org/2001/XMLSchema";

/** Attributes no type declares: those of XML Schema itself are understood, all others are wrong. */
function checkForeignAttributes(
  context: ReadContext,
  tag: StartTag,
  step: string,
  type: string,
  namespace: string,
  compiled?: Compiled,
): void {
  for (const attribute of tag.attributes) {
    if (attribute.namespace === "" && compiled?.attributes.some(({ wire }) => wire === attribute.local)) continue;
    if (attribute.namespace !== xsiNamespace) {
      context.report("UNEXPECTED_ATTRIBUTE", `<${tag.local}> cannot have the attribute ${attribute.local}`, undefined, step);
    } else if (attribute.local === "type") {
      checkType(context, collapse(attribute.value), tag, step, type, namespace);
    } else if (attribute.local === "nil") {
      context.report("UNEXPECTED_ATTRIBUTE", `<${tag.local}> cannot be nil`, undefined, step);
    } else if (attribute.local !== "schemaLocation" && attribute.local !== "noNamespaceSchemaLocation") {
      context.report("UNEXPECTED_ATTRIBUTE", `xsi:${attribute.local} means nothing`, undefined, step);
    }
  }
}

function checkType(context: ReadContext, value: string, tag: StartTag, step: string, type: string, namespace: string): void {
  const colon = value.indexOf(":");
  const found = context.source.resolve(colon < 0 ? "" : value.slice(0, colon)) ?? "";
  const plain = type.startsWith("xs:") ? type.slice(3) : type;
  const same = value.slice(colon + 1) === plain && found === namespace;
  if (!same) context.report("BAD_TYPE", `<${tag.local}> has xsi:type ${quote(value)}; expected ${plain} or no xsi:type`, undefined, step);
}

function tooLong(context: ReadContext, mark: number, what: string): Error {
  return overLimit("maxTextLength", context.settings.limits, `${what} is too long`, {
    ...context.source.place(mark),
    path: context.path(),
  });
}

function describeSymbol(symbol: ModelSymbol): string {
  if (typeof symbol === "string") return `<${symbol}>`;
  return symbol.namespace === "##any" ? "any element" : "an element of another namespace";
}

/** `text` in quotes, shortened, with control characters made visible. */
export function quote(text: string): string {
  return JSON.stringify(shortened(text));
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
