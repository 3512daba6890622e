/** The characters of one element as they stand in the document, made self-contained. */

import { isNcName } from "../characters.js";
import { escapeAttribute } from "./escape.js";
import type { NamespaceScope } from "./names.js";

export interface CaptureStart {
  /** Depth of the captured element; the root has 1. */
  readonly depth: number;
  /** Whether the element's own tags belong to it. */
  readonly outer: boolean;
  /** Whether the handler wants the events within. */
  readonly events: boolean;
  /** Offset of the first captured character in the document. */
  readonly offset: number;
}

/** What a captured element holds. */
export interface Captured {
  readonly markup: boolean;
  readonly characters: string;
  /** How many of the characters are declarations from outside. */
  readonly added: number;
}

/** Collects the characters of an element while the document streams by. Offsets count from the start of the document. */
export class CapturedElement {
  readonly depth: number;
  readonly outer: boolean;
  readonly events: boolean;
  readonly #offset: number;
  #kept = "";
  #keptTo: number;
  #markup: boolean;
  #text = "";
  /**
   * The tags at the top: where each one's name ends. There may be millions in a document of some megabytes, so each is a number,
   * and only what some of them declare is kept beside it.
   */
  readonly #tops: number[] = [];
  readonly #declared = new Map<number, readonly string[]>();
  #used: Set<string> | undefined;

  constructor({ depth, outer, events, offset }: CaptureStart) {
    this.depth = depth;
    this.outer = outer;
    this.events = events;
    this.#offset = offset;
    this.#keptTo = offset;
    this.#markup = outer;
  }

  /** Characters collected so far, for limits. */
  get length(): number {
    return this.#keptTo - this.#offset;
  }

  get markup(): boolean {
    return this.#markup;
  }

  /** An element or processing instruction was seen within; comments are looked for at the end. */
  sawMarkup(): void {
    this.#markup = true;
    this.#text = "";
  }

  addText(text: string): void {
    if (!this.#markup) this.#text += text;
  }

  /** An element that stands at the top of the captured characters begins. */
  top(offset: number, name: string, declares: readonly string[]): void {
    if (declares.length > 0) this.#declared.set(this.#tops.length, declares);
    this.#tops.push(offset - this.#offset + 1 + name.length);
  }

  /** A name uses `prefix`, bound at `depth`. */
  uses(prefix: string, depth: number): void {
    if (!this.#isOutside(depth)) return;
    this.#used ??= new Set();
    this.#used.add(prefix);
  }

  /** Keeps what `chunk` adds. */
  keep(chunk: string, chunkStart: number, to: number): void {
    this.#kept += chunk.slice(Math.max(this.#keptTo - chunkStart, 0), to - chunkStart);
    this.#keptTo = to;
  }

  /**
   * The result; everything up to the end of the element's end tag has been kept. Undefined when more than `room` characters
   * of declarations would come to it.
   */
  finish(scope: NamespaceScope, quiet: ReadonlySet<string>, room: number): Captured | undefined {
    const kept = this.#kept;
    const characters = this.outer ? kept : kept.slice(0, Math.max(kept.lastIndexOf("</"), 0));
    if (!this.#markup && !hasComment(characters)) return { markup: false, characters: this.#text, added: 0 };
    const missing = this.#missing(characters, scope, quiet).map(declarationOf);
    const added = this.#added(missing);
    return added > room ? undefined : { markup: true, characters: this.#declare(characters, missing), added };
  }

  /** Characters of declarations that the tags at the top get, those left out that they have already. */
  #added(missing: readonly Declaration[]): number {
    let added = this.#tops.length * lengthOf(missing);
    for (const declares of this.#declared.values()) added -= lengthOf(missing.filter(({ prefix }) => declares.includes(prefix)));
    return added;
  }

  #isOutside(depth: number): boolean {
    return this.outer ? depth < this.depth : depth <= this.depth;
  }

  /**
   * What has to be declared: every prefix that names use, and every one that may be used in a value
   * (`xsi:type="p:T"`, an XPath), because a sender's values cannot be told from QNames.
   */
  #missing(characters: string, scope: NamespaceScope, quiet: ReadonlySet<string>): [string, string][] {
    const outside: [string, string][] = [];
    for (const [prefix, binding] of scope.bindings) {
      if (prefix !== "xml" && binding !== undefined && this.#isOutside(binding.depth)) outside.push([prefix, binding.namespace]);
    }
    const spelled = outside.length > mostLookups ? prefixesIn(characters) : undefined;
    return outside.filter(([prefix, namespace]) => {
      const inherited = prefix.includes(":");
      if (inherited || (namespace !== "" && this.#used?.has(prefix) === true)) return true;
      if (prefix === "") return namespace !== "" && !quiet.has(namespace);
      return (this.outer || !quiet.has(namespace)) && (spelled?.has(prefix) ?? characters.includes(`${prefix}:`));
    });
  }

  #declare(characters: string, missing: readonly Declaration[]): string {
    if (missing.length === 0 || this.#tops.length === 0) return characters;
    let declared = "";
    let from = 0;
    for (const [index, to] of this.#tops.entries()) {
      const declares = this.#declared.get(index);
      declared += characters.slice(from, to);
      for (const { prefix, text } of missing) if (declares?.includes(prefix) !== true) declared += text;
      from = to;
    }
    return declared + characters.slice(from);
  }
}

// Looking for a few prefixes one by one is faster than taking the characters apart; looking for hundreds takes minutes.
const mostLookups = 12;

/** Every name that stands before a colon. */
function prefixesIn(characters: string): Set<string> {
  const found = new Set<string>();
  let from = 0;
  for (let colon = characters.indexOf(":"); colon >= 0; colon = characters.indexOf(":", from)) {
    let start = colon;
    while (start > from && isNamePart(characters.charAt(start - 1))) start--;
    found.add(characters.slice(start, colon).replace(/^[-.0-9\xb7]+/, ""));
    from = colon + 1;
  }
  return found;
}

/** Whether `unit` may be in a name, or is half of a character that may. */
function isNamePart(unit: string): boolean {
  return /[-.\w\ud800-\udfff]/.test(unit) || (unit > "\x7f" && isNcName(`_${unit}`));
}

/** What declares a prefix, or gives an inherited attribute, in a tag. */
interface Declaration {
  readonly prefix: string;
  readonly text: string;
}

function declarationOf([prefix, namespace]: readonly [string, string]): Declaration {
  const name = prefix.includes(":") ? prefix : prefix === "" ? "xmlns" : `xmlns:${prefix}`;
  return { prefix, text: ` ${name}="${escapeAttribute(namespace)}"` };
}

function lengthOf(declarations: readonly Declaration[]): number {
  return declarations.reduce((sum, { text }) => sum + text.length, 0);
}

/** Whether there is a comment in characters without tags: one that is not text of a CDATA section. */
function hasComment(characters: string): boolean {
  let comment = characters.indexOf("<!--");
  for (let from = 0; comment >= 0; ) {
    const cdata = characters.indexOf("<![CDATA[", from);
    if (cdata < 0 || comment < cdata) return true;
    from = characters.indexOf("]]>", cdata);
    if (from < 0) return false;
    if (comment < from) comment = characters.indexOf("<!--", from);
  }
  return false;
}
