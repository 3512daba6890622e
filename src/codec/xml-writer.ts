/** Typed values to XML: schema-valid, or an error before the first character. */

import type { State } from "../binding/automaton.js";
import { type Content, isChecked, isContent, isXmlContent } from "../binding/content.js";
import type { Leaf, Shape } from "../binding/index.js";
import { type Issue, ValidationError } from "../errors.js";
import { escapeAttribute, escapeText, isPlainText } from "../xml/escape.js";
import { defaultLimits } from "../xml/limits.js";
import { type Child, type Compiled, compile } from "./compiled.js";
import { isDefaulted } from "./defaulted.js";
import { parseFragment, problemOf } from "./fragment.js";
import { isKept, rememberWritten, writtenAs } from "./kept.js";
import { prefixesFor } from "./prefixes.js";

export interface WriteOptions {
  /** Local name of the root, for components that have several. Default: the shape's own. */
  readonly element?: string;
  /** Whether elements stand on lines of their own, indented by two spaces; open content is left as it is. Default: false. */
  readonly pretty?: boolean;
  /** Whether an XML declaration comes first. Default: true. */
  readonly declaration?: boolean;
}

const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

// More are of no use to anyone.
const mostIssues = 100;

/**
 * Writes one value. `document` writes it at once; `open`, then `item` for each element of one list of the root, then
 * `close` write it in pieces.
 */
export class XmlWriter {
  readonly #shape: Shape;
  readonly #compiled: Compiled;
  readonly #rootTag: string;
  readonly #prefixes: ReadonlyMap<string, string>;
  readonly #options: WriteOptions;
  #out = "";
  #depth = 0;
  /** Properties from the root to what is being written. */
  readonly #path: (string | number)[] = [];
  #issues: Issue[] = [];
  /** Of the list that is written in pieces: its place among the children, the state before its next item, their number. */
  #pieces: { readonly index: number; state: State; count: number } | undefined;

  constructor(shape: Shape, options: WriteOptions = {}) {
    this.#shape = shape;
    this.#compiled = compile(shape);
    this.#options = options;
    this.#prefixes = prefixesFor(shape);
    this.#rootTag = this.#tag(shape.namespace, options.element ?? shape.element);
  }

  /** The whole document. @throws ValidationError */
  document(value: object): string {
    this.#begin();
    this.#shaped(this.#rootTag, this.#compiled, value, this.#declarations());
    if (this.#options.pretty === true) this.#out += "\n";
    return this.#take();
  }

  /** Everything before the items of the list `property`. @throws ValidationError */
  open(value: object, property: string): string {
    const index = this.#compiled.children.findIndex(({ field }) => field.property === property && field.many);
    if (index < 0) throw new TypeError(`${this.#shape.name} has no list ${property}`);
    this.#begin();
    this.#startTag(this.#rootTag, this.#compiled, value, this.#declarations());
    this.#out += ">";
    this.#depth++;
    const state = this.#children(this.#compiled.children.slice(0, index), value, this.#compiled.start);
    this.#pieces = { index, state, count: 0 };
    return this.#take();
  }

  /** One item of the list. @throws ValidationError */
  item(item: unknown): string {
    const pieces = this.#opened();
    const child = this.#compiled.children[pieces.index];
    if (child === undefined) throw new TypeError("the list is gone");
    this.#path.push(child.field.property, pieces.count++);
    pieces.state = this.#child(child, item, pieces.state);
    this.#path.length -= 2;
    return this.#take();
  }

  /** Everything behind the items. @throws ValidationError */
  close(value: object): string {
    const { index, state } = this.#opened();
    this.#finish(this.#children(this.#compiled.children.slice(index + 1), value, state));
    this.#depth--;
    this.#newline();
    this.#out += `</${this.#rootTag}>${this.#options.pretty === true ? "\n" : ""}`;
    return this.#take();
  }

  #opened(): { readonly index: number; state: State; count: number } {
    if (this.#pieces === undefined) throw new TypeError("open() comes first");
    return this.#pieces;
  }

  #begin(): void {
    this.#out = this.#options.declaration === false ? "" : declaration;
  }

  #take(): string {
    if (this.#issues.length > 0) {
      const issues = this.#issues;
      this.#issues = [];
      throw new ValidationError(this.#shape.name, issues);
    }
    const out = this.#out;
    this.#out = "";
    return out;
  }

  #declarations(): string {
    let text = "";
    for (const [namespace, prefix] of this.#prefixes) text += ` xmlns:${prefix}="${escapeAttribute(namespace)}"`;
    return text;
  }

  #tag(namespace: string, local: string): string {
    return `${this.#prefixes.get(namespace) ?? ""}:${local}`;
  }

  /** An element of a complex type. */
  #shaped(tag: string, compiled: Compiled, value: unknown, declarations = ""): void {
    if (!isObject(value)) {
      this.#issue(`expected an object for ${compiled.shape.name}`);
      return;
    }
    this.#startTag(tag, compiled, value, declarations);
    switch (compiled.kind) {
      case "value":
        this.#text(tag, compiled, value);
        return;
      case "mixed":
        this.#content(tag, Reflect.get(value, compiled.content?.property ?? "content"), compiled.content?.property);
        return;
      default:
        this.#elements(tag, compiled, value);
    }
  }

  #text(tag: string, { value: field }: Compiled, value: object): void {
    if (field === undefined) return;
    const text = this.#leaf(field.leaf, Reflect.get(value, field.property), field.property);
    this.#out += `>${escapeText(text)}</${tag}>`;
  }

  #elements(tag: string, compiled: Compiled, value: object): void {
    // No reader would take it, and the stack has an end.
    if (this.#depth >= defaultLimits.maxDepth) {
      this.#issue(`expected at most ${defaultLimits.maxDepth} elements within each other`);
      return;
    }
    // The inside is gathered apart: whether it is empty must be known before the start tag ends.
    const before = this.#out;
    this.#out = "";
    this.#depth++;
    this.#finish(this.#wildcards(compiled, value, this.#children(compiled.children, value, compiled.start)));
    this.#depth--;
    const inside = this.#out;
    this.#out = before;
    if (inside === "") {
      this.#out += "/>";
      return;
    }
    this.#out += ">";
    this.#out += inside;
    this.#newline();
    this.#out += `</${tag}>`;
  }

  /** The start tag without its end. */
  #startTag(tag: string, compiled: Compiled, value: object, declarations: string): void {
    this.#checkKeys(compiled, value);
    this.#out += `<${tag}${declarations}`;
    for (const field of compiled.attributes) {
      const attribute: unknown = Reflect.get(value, field.property);
      if (attribute === undefined) {
        if (field.required) this.#issue(`expected ${field.leaf.expected}, found nothing`, field.property);
        continue;
      }
      if (attribute === field.default && isDefaulted(value, field.property)) continue;
      this.#out += ` ${field.wire}="${escapeAttribute(this.#leaf(field.leaf, attribute, field.property))}"`;
    }
  }

  /** Properties no table knows are mistakes, and would be lost without a word. */
  #checkKeys({ shape, properties }: Compiled, value: object): void {
    for (const key in value) {
      if (!properties.has(key) && Reflect.get(value, key) !== undefined) this.#issue(`${shape.name} has no such property`, key);
    }
    if (shape.role === "message" && Reflect.get(value, "$type") !== shape.name) this.#issue(`expected "${shape.name}"`, "$type");
  }

  #children(children: readonly Child[], value: object, start: State): State {
    let state = start;
    let itemsDone: string | undefined;
    for (const child of children) {
      const { field, items } = child;
      if (items !== undefined) {
        // What may be in one list stands together.
        if (items !== itemsDone) state = this.#items(items, children, Reflect.get(value, items), state);
        itemsDone = items;
        continue;
      }
      const property: unknown = Reflect.get(value, field.property);
      if (property === undefined) continue;
      if (property === field.default && isDefaulted(value, field.property)) continue;
      this.#path.push(field.property);
      state = field.many ? this.#list(child, property, state) : this.#child(child, property, state);
      this.#path.pop();
    }
    return state;
  }

  #list(child: Child, list: unknown, start: State): State {
    if (!Array.isArray(list)) {
      this.#issue("expected a list");
      return start;
    }
    let state = start;
    for (const [index, item] of list.entries()) {
      this.#path.push(index);
      state = this.#child(child, item, state);
      this.#path.pop();
    }
    return state;
  }

  /** A list of tagged items. */
  #items(property: string, children: readonly Child[], list: unknown, start: State): State {
    let state = start;
    this.#path.push(property);
    for (const [index, item] of (Array.isArray(list) ? list : []).entries()) {
      this.#path.push(index);
      const [key, ...others] = isObject(item) ? Object.keys(item) : [];
      const child = children.find((candidate) => candidate.items === property && candidate.field.property === key);
      const value: unknown = key === undefined ? undefined : Reflect.get(item, key);
      if (child !== undefined && others.length === 0) state = this.#child(child, value, state);
      else if (key === "any") state = this.#wild(value, state);
      else this.#issue(`expected one of ${children.map(({ field }) => `{ ${field.property} }`).join(", ")}`);
      this.#path.pop();
    }
    this.#path.pop();
    return state;
  }

  /** Elements that a wildcard of the type takes; they come behind all others. */
  #wildcards({ wildcard }: Compiled, value: object, start: State): State {
    if (wildcard === undefined || wildcard.tagged) return start;
    const list: unknown = Reflect.get(value, wildcard.property);
    return Array.isArray(list) ? list.reduce((state: State, item: unknown) => this.#wild(item, state), start) : start;
  }

  /** An element that a wildcard takes. */
  #wild(item: unknown, state: State): State {
    this.#newline();
    this.#whole(item, undefined);
    const symbol = state.next.find((candidate) => typeof candidate !== "string");
    const next = symbol && state.after(symbol);
    if (next === undefined) this.#issue("no element of another schema can come here");
    return next ?? state;
  }

  #child(child: Child, value: unknown, state: State): State {
    const next = state.after(child.local);
    if (next === undefined) {
      const expected = state.next.map((symbol) => (typeof symbol === "string" ? symbol : "an element of another schema"));
      this.#issue(`${child.local} cannot come here; expected ${expected.length === 0 ? "nothing more" : expected.join(" or ")}`);
    }
    this.#newline();
    const { target, field } = child;
    if (field.keep === "outer") {
      this.#whole(value, child);
      return next ?? state;
    }
    const tag = this.#tag(child.namespace, child.local);
    if (field.keep === "inner") {
      this.#out += `<${tag}`;
      this.#content(tag, value, undefined);
    } else if (target.kind === "leaf") {
      this.#out += `<${tag}>${escapeText(this.#leaf(target, value, undefined))}</${tag}>`;
    } else {
      this.#shapedAgain(tag, compile(target), value);
    }
    return next ?? state;
  }

  /** An element of a complex type, copied when its value is kept and was written before. */
  #shapedAgain(tag: string, compiled: Compiled, value: unknown): void {
    if (!isObject(value) || this.#options.pretty === true || !isKept(value)) {
      this.#shaped(tag, compiled, value);
      return;
    }
    const known = writtenAs(value, this.#shape, tag);
    if (known !== undefined) {
      this.#out += known;
      return;
    }
    const before = this.#out;
    this.#out = "";
    this.#shaped(tag, compiled, value);
    if (this.#issues.length === 0) rememberWritten(value, { shape: this.#shape, tag, text: this.#out });
    this.#out = before + this.#out;
  }

  /** Open content and the end tag, behind a start tag without its end. */
  #content(tag: string, value: unknown, property: string | undefined): void {
    const plain = plainTextOf(value);
    if (plain !== undefined) {
      this.#out += plain === "" ? "/>" : `>${plain}</${tag}>`;
      return;
    }
    if (!isContent(value)) {
      this.#issue("expected { text } or { xml } with characters XML can carry", property);
      return;
    }
    const inner = this.#markup(value, property);
    this.#out += inner === "" ? "/>" : `>${inner}</${tag}>`;
  }

  #markup(content: Content, property: string | undefined): string {
    if (!isXmlContent(content)) return escapeText(content.text);
    const problem = problemOf(content);
    if (problem !== undefined) this.#issue(problem, property);
    return content.xml;
  }

  /** An element that comes whole; with `child`, it has to be that one. */
  #whole(value: unknown, child: Child | undefined): void {
    if (!isContent(value) || !isXmlContent(value)) {
      this.#issue("expected { xml } with one element");
      return;
    }
    if (!isChecked(value)) this.#checkWhole(value.xml, child);
    this.#out += value.xml;
  }

  #checkWhole(xml: string, child: Child | undefined): void {
    try {
      const { elements, text } = parseFragment(xml);
      const [only] = elements;
      const right =
        elements.length === 1 && !text && (child === undefined || (only?.namespace === child.namespace && only.local === child.local));
      if (!right)
        this.#issue(`expected one element${child === undefined ? "" : ` ${child.local} of ${child.namespace}`} and nothing beside it`);
    } catch (error) {
      this.#issue(error instanceof Error ? error.message : String(error));
    }
  }

  #leaf(leaf: Leaf<unknown>, value: unknown, property: string | undefined): string {
    if (leaf.accepts(value)) return leaf.format(value);
    this.#issue(`expected ${leaf.expected}, found ${describe(value)}`, property);
    return "";
  }

  #finish(state: State): void {
    if (state.complete) return;
    const expected = state.next.map((symbol) => (typeof symbol === "string" ? symbol : "an element of another schema"));
    this.#issue(`${expected.join(" or ")} is missing`);
  }

  #newline(): void {
    if (this.#options.pretty === true) this.#out += `\n${"  ".repeat(this.#depth)}`;
  }

  #issue(message: string, property?: string): void {
    if (this.#issues.length >= mostIssues) return;
    const path = property === undefined ? this.#path : [...this.#path, property];
    this.#issues.push({ path: formatPath(path), message, severity: "error" });
  }
}

/** `["contentBlocks", 2, "content"]` → `contentBlocks[2].content`. */
export function formatPath(path: readonly (string | number | symbol)[]): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

/** The text of content that is text and can be written as it is: most content is, and one look at its characters is enough. */
function plainTextOf(value: unknown): string | undefined {
  if (!isObject(value) || !("text" in value) || Object.keys(value).length !== 1) return undefined;
  const { text } = value;
  return typeof text === "string" && isPlainText(text) ? text : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "string") return JSON.stringify(value.length > 60 ? `${value.slice(0, 57)}…` : value);
  return typeof value === "number" || typeof value === "boolean" ? `${value}` : `a ${typeof value}`;
}
