/**
 * The tokenizer over saxes. saxes finds the tokens; names, namespaces, limits and the characters of captured elements are
 * handled here, because saxes walks its whole stack for every prefix and takes names that XML does not allow.
 */

import type { SaxesTagPlain } from "saxes";
import { collapse } from "../characters.js";
import { ParseError, type ParseErrorCode } from "../errors.js";
import { CapturedElement } from "./capture.js";
import { type Limits, overLimit } from "./limits.js";
import { NamespaceScope, type QualifiedName, splitName, xsiNamespace } from "./names.js";
import { QuickParser } from "./quick-parser.js";
import type { Attribute, Capture, Place, XmlHandler, XmlSource } from "./source.js";

export interface SaxesSourceOptions {
  readonly limits: Limits;
  /**
   * Takes what is forbidden or over a limit but can be read on behind: a DOCTYPE (skipped, entities and all), XML 1.1,
   * depth, attributes. Each kind is told once. Default: it is thrown.
   */
  readonly onRefused?: (error: ParseError) => void;
  /** Namespaces of the envelope: captured content gets their prefixes only where names use them. Default: none. */
  readonly envelope?: ReadonlySet<string>;
}

/** Characters of declarations from outside that content may get for each character of the document, over many contents. */
const mostAdded = 4;

const doctype = "<!DOCTYPE";
const lineBreak = /\r\n?|\n/;

const noAttributes: readonly Attribute[] = [];
const noNames: readonly string[] = [];
const noNamespaces: ReadonlySet<string> = new Set();

export class SaxesSource implements XmlSource {
  readonly #parser = new QuickParser();
  readonly #handler: XmlHandler;
  readonly #limits: Limits;
  readonly #envelope: ReadonlySet<string>;
  readonly #onRefused: ((error: ParseError) => void) | undefined;
  readonly #refused = new Set<string>();
  readonly #scope = new NamespaceScope();
  /** Of the tag that is being reported: its attributes, and which of them have a prefix. The lists are used again and again. */
  readonly #keys: string[] = [];
  readonly #values: string[] = [];
  #attributeCount = 0;
  readonly #prefixed: QualifiedName[] = [];
  #prefixedCount = 0;
  #depth = 0;
  #capture: CapturedElement | undefined;
  /** Whether tokens are only checked, not reported: within a capture without events. */
  #silent = false;
  #chunk = "";
  #chunkStart = 0;
  /** Characters from the end of the last tag or instruction to the end of the last chunk: the beginning of a token that goes on. */
  #pending = "";
  #tokenEnd = 0;
  /** Whether the root element began, and whether a DOCTYPE was seen before. */
  #rooted = false;
  #doctype = false;
  /** Characters of declarations that captured content got. */
  #added = 0;
  /** Where the token that was asked for last begins and ends, and the place that was. */
  #token = { start: 0, end: -1 };
  #placed: { readonly mark: number; readonly position: number; readonly place: Place } | undefined;
  /** A CR or half a surrogate pair, which belongs with what comes next. */
  #heldBack = "";

  constructor(handler: XmlHandler, options: SaxesSourceOptions) {
    this.#handler = handler;
    this.#limits = options.limits;
    this.#envelope = options.envelope ?? noNamespaces;
    this.#onRefused = options.onRefused;
    // No more than six handlers: with more of them V8 turns the parser's fields into a dictionary, which makes saxes six
    // times slower. For that reason errors are caught, the prolog is looked at when the root begins, and comments are
    // looked for when a capture ends. Attributes are taken one by one because the tag has them in a dictionary.
    const parser = this.#parser;
    parser.on("opentag", (tag) => this.#open(tag));
    parser.on("closetag", () => this.#close());
    parser.on("text", this.#onText);
    parser.on("cdata", this.#onText);
    parser.on("attribute", ({ name, value }) => {
      // Where faults are only told, the tag is read on, for what else is wrong with it.
      if (this.#attributeCount >= this.#limits.maxAttributes && this.#onRefused === undefined)
        throw this.#over("maxAttributes", "an element has too many attributes");
      this.#keys[this.#attributeCount] = name;
      this.#values[this.#attributeCount++] = value;
    });
    parser.on("processinginstruction", ({ target, body }) => this.#instruction(target, body));
  }

  write(characters: string): void {
    const chunk = this.#heldBack + characters;
    const last = chunk.charCodeAt(chunk.length - 1);
    const incomplete = last === 0x0d || (last >= 0xd800 && last <= 0xdbff);
    this.#heldBack = incomplete ? chunk.slice(-1) : "";
    this.#feed(incomplete ? chunk.slice(0, -1) : chunk);
  }

  close(): void {
    if (this.#heldBack !== "") this.#feed(this.#heldBack);
    const cutOff = this.#depth > 0 || (!this.#rooted && (this.#tokenEnd > 0 || this.#pending.trimStart().startsWith("<")));
    try {
      this.#parser.close();
    } catch (error) {
      throw cutOff ? this.#fault("TRUNCATED", "the document ends before its root element does") : this.#translated(error);
    }
  }

  mark(): number {
    return this.#tokenStart();
  }

  place(mark = this.#tokenStart()): Place {
    // One tag may be large and have many problems.
    const { position } = this.#parser;
    if (this.#placed?.mark !== mark || this.#placed.position !== position) this.#placed = { mark, position, place: this.#placeOf(mark) };
    return this.#placed.place;
  }

  #placeOf(mark: number): Place {
    const { line, columnIndex, position } = this.#parser;
    const held = this.#chunkStart - this.#pending.length;
    const start = mark < held ? this.#tokenStart() : mark;
    const since = this.#tail(start, position);
    const lines = since.split(lineBreak);
    if (lines.length === 1) return { line, column: columnIndex - since.length + 1 };
    const before = this.#tail(held, start);
    return { line: line - lines.length + 1, column: before.length - Math.max(before.lastIndexOf("\n"), before.lastIndexOf("\r")) };
  }

  resolve(prefix: string): string | undefined {
    return this.#scope.get(prefix)?.namespace;
  }

  #feed(chunk: string): void {
    this.#chunk = chunk;
    // The decoder took the byte order mark; saxes would skip a second one.
    if (this.#chunkStart === 0 && chunk.startsWith("\ufeff")) throw this.#malformed("the document begins with a second byte order mark");
    try {
      this.#parser.write(chunk);
    } catch (error) {
      throw this.#translated(error);
    }
    this.#checkReference();
    const end = this.#chunkStart + chunk.length;
    this.#capture?.keep(chunk, this.#chunkStart, end);
    this.#pending = this.#tokenEnd > this.#chunkStart ? chunk.slice(this.#tokenEnd - this.#chunkStart) : this.#pending + chunk;
    this.#chunk = "";
    this.#chunkStart = end;
    const { maxTextLength, maxContentLength } = this.#limits;
    if (this.#pending.length > Math.max(maxTextLength, maxContentLength)) throw this.#over("maxTextLength", "a token is too long");
    if (this.#capture !== undefined && this.#capture.length > maxContentLength)
      throw this.#over("maxContentLength", "open content is too long");
  }

  /** Behind an ampersand saxes reads on until there is a semicolon, be it at the end of the document. */
  #checkReference(): void {
    const begun: unknown = Reflect.get(this.#parser, "entity");
    if (typeof begun !== "string" || /^#?[\w.:\-\u0080-\uffff]{0,100}$/.test(begun)) return;
    throw this.#malformed(
      `an ampersand begins no reference: ${JSON.stringify(`&${begun.slice(0, 20)}`)}; expected &amp; for the character`,
    );
  }

  #open(tag: SaxesTagPlain): void {
    const depth = ++this.#depth;
    if (!this.#rooted) this.#checkProlog();
    this.#rooted = true;
    if (depth > this.#limits.maxDepth) this.#refuse("maxDepth", () => this.#over("maxDepth", "elements are nested too deeply"));
    const name = this.#split(tag.name);
    const declares = this.#attributeCount === 0 ? noNames : this.#readNames();
    const capture = this.#capture;
    if (capture?.depth === depth - 1 && !capture.outer) this.#openTop(capture, tag.name, declares);
    const namespace = this.#resolveElement(name);
    if (this.#prefixedCount > 0) this.#checkPrefixed();
    if (!this.#silent) this.#report(tag.name, name, namespace, declares);
    this.#attributeCount = 0;
    this.#prefixedCount = 0;
    this.#tokenEnd = this.#parser.position;
  }

  /** Enters the declarations of a tag into the scope and gathers its prefixed attributes. */
  #readNames(): readonly string[] {
    const keys = this.#keys;
    let declares: string[] | undefined;
    for (let index = 0; index < this.#attributeCount; index++) {
      const attribute = this.#split(keys[index] ?? "");
      if (attribute.declares !== undefined) {
        this.#declare(attribute.declares, this.#values[index] ?? "");
        declares ??= [];
        declares.push(attribute.declares);
      } else if (attribute.prefix !== "") this.#prefixed[this.#prefixedCount++] = attribute;
    }
    if (this.#attributeCount > this.#limits.maxAttributes) {
      this.#refuse("maxAttributes", () => this.#over("maxAttributes", "an element has too many attributes"));
    }
    return declares ?? noNames;
  }

  #report(tagName: string, name: QualifiedName, namespace: string, declares: readonly string[]): void {
    const attributes = this.#attributeCount === declares.length ? noAttributes : this.#attributes();
    const wanted = this.#handler.start({ namespace, local: name.local, name: tagName, attributes });
    if (this.#capture !== undefined) return;
    if (this.#prefixedCount > 0) this.#inherit();
    if (wanted !== undefined) this.#startCapture(wanted, tagName, declares, name);
  }

  #instruction(target: string, body: string): void {
    this.#checkInstruction(target, body);
    this.#capture?.sawMarkup();
    if (!this.#rooted) this.#doctype = this.#hasDoctype(this.#parser.position);
    this.#tokenEnd = this.#parser.position;
  }

  /** Finds what saxes takes and XML does not: a colon in the target, and a question mark right behind it. */
  #checkInstruction(target: string, body: string): void {
    if (target.includes(":")) throw this.#malformed(`the processing instruction ${target} has a colon in its name`);
    if (!body.startsWith("?")) return;
    const { position } = this.#parser;
    // Each line break of the body may be two characters in the document.
    const longest = 2 * (body.length + 3);
    const end = this.#tail(Math.max(position - longest, this.#chunkStart - this.#pending.length), position).replaceAll("\r\n", "\n");
    if (!/\s/.test(end.at(-(body.length + 3)) ?? ""))
      throw this.#malformed(`the processing instruction ${target} has no space behind its name`);
  }

  /** What stands before the root. */
  #checkProlog(): void {
    const { version } = this.#parser.xmlDecl;
    if (version !== undefined && version !== "1.0") {
      this.#refuse("version", () => this.#fault("XML_FORBIDDEN", `XML ${version} is not supported; expected XML 1.0`));
    }
    if (this.#hasDoctype()) this.#refuse("doctype", () => this.#fault("XML_FORBIDDEN", "a DOCTYPE is not allowed"));
  }

  /** Asked before the root element is reported, and while what was not asked about yet is held. */
  #hasDoctype(to = this.#tokenStart()): boolean {
    if (this.#doctype) return true;
    const prolog = this.#tail(Math.max(this.#tokenEnd, this.#chunkStart - this.#pending.length), to);
    return prolog.includes(doctype) && prolog.replace(/<!--[\s\S]*?-->|<\?[\s\S]*?\?>/g, "").includes(doctype);
  }

  #refuse(kind: string, error: () => ParseError): void {
    if (this.#refused.has(kind)) return;
    if (this.#onRefused === undefined) throw error();
    this.#refused.add(kind);
    this.#onRefused(error());
  }

  #openTop(capture: CapturedElement, name: string, declares: readonly string[]): void {
    capture.sawMarkup();
    capture.top(this.#tokenStart(), name, this.#saidBy(declares));
    if (!capture.events) this.#listen(false);
  }

  /** What a tag says itself: the prefixes it declares, and what it would inherit otherwise. */
  #saidBy(declares: readonly string[]): readonly string[] {
    if (this.#prefixedCount === 0) return declares;
    return [...declares, ...this.#keys.slice(0, this.#attributeCount).filter((key) => key.startsWith("xml:"))];
  }

  #startCapture({ outer, events }: Capture, tagName: string, declares: readonly string[], name: QualifiedName): void {
    const { position } = this.#parser;
    const offset = outer ? this.#tokenStart() : position;
    const capture = new CapturedElement({ depth: this.#depth, outer, events, offset });
    this.#capture = capture;
    if (!outer) return;
    capture.keep(this.#tail(offset, position), offset, position);
    capture.top(offset, tagName, this.#saidBy(declares));
    this.#resolveElement(name);
    this.#checkPrefixed();
    if (!events) this.#listen(false);
  }

  #close(): void {
    const capture = this.#capture;
    if (capture?.depth === this.#depth) {
      this.#capture = undefined;
      if (this.#silent) this.#listen(true);
      capture.keep(this.#chunk, this.#chunkStart, this.#parser.position);
      if (capture.length > this.#limits.maxContentLength) throw this.#over("maxContentLength", "open content is too long");
      this.#finish(capture);
    }
    if (!this.#silent) this.#handler.end();
    this.#scope.leave(this.#depth);
    this.#depth--;
    this.#tokenEnd = this.#parser.position;
  }

  /** What declarations add to content must stay in proportion to the document: they may be long, and the contents many. */
  #finish(capture: CapturedElement): void {
    const room = this.#limits.maxContentLength + mostAdded * this.#parser.position - this.#added;
    const captured = capture.finish(this.#scope, this.#envelope, Math.min(room, this.#limits.maxContentLength));
    if (captured === undefined) throw this.#over("maxContentLength", "open content is too long once its prefixes are declared");
    this.#added += captured.added;
    this.#handler.captured(captured.markup, captured.characters);
  }

  readonly #onText = (text: string): void => {
    if (this.#depth === 0) return;
    const capture = this.#capture;
    if (capture === undefined || capture.events) this.#handler.text(text);
    capture?.addText(text);
  };

  /** Reports tokens, or only checks them; saxes gathers no text that nobody listens to. */
  #listen(on: boolean): void {
    this.#silent = !on;
    if (on) {
      this.#parser.on("text", this.#onText);
      this.#parser.on("cdata", this.#onText);
    } else {
      this.#parser.off("text");
      this.#parser.off("cdata");
    }
  }

  #split(name: string): QualifiedName {
    const split = splitName(name);
    if (split === undefined) throw this.#malformed(`${name} is no qualified name`);
    return split;
  }

  #declare(prefix: string, namespace: string): void {
    const problem = this.#scope.declare(prefix, namespace, this.#depth);
    if (problem !== undefined) throw this.#malformed(problem);
  }

  #resolveElement(name: QualifiedName): string {
    const { prefix, local } = name;
    const binding = this.#scope.of(name);
    if (binding === undefined) {
      if (prefix !== "") throw this.#malformed(`the prefix ${prefix} of <${prefix}:${local}> is not declared`);
      return "";
    }
    this.#capture?.uses(prefix, binding.depth);
    return binding.namespace;
  }

  /** Prefixes of attributes are declared, and no two attributes are the same once prefixes are resolved. */
  #checkPrefixed(): void {
    const seen = this.#prefixedCount > 1 ? new Set<string>() : undefined;
    for (let index = 0; index < this.#prefixedCount; index++) {
      const name = this.#prefixed[index];
      if (name === undefined) continue;
      const { prefix, local } = name;
      const binding = this.#scope.of(name);
      if (binding === undefined) throw this.#malformed(`the prefix ${prefix} of the attribute ${prefix}:${local} is not declared`);
      this.#capture?.uses(prefix, binding.depth);
      if (local === "type" && binding.namespace === xsiNamespace) this.#useType(this.#values[this.#keys.indexOf(`${prefix}:type`)] ?? "");
      const expanded = seen && `${binding.namespace} ${local}`;
      if (expanded === undefined) continue;
      if (seen?.has(expanded)) throw this.#malformed(`the attribute ${prefix}:${local} occurs twice under different prefixes`);
      seen?.add(expanded);
    }
  }

  /** The one value that is a name for certain. */
  #useType(value: string): void {
    const name = collapse(value);
    const prefix = name.slice(0, Math.max(name.indexOf(":"), 0));
    const binding = this.#scope.get(prefix);
    if (binding !== undefined) this.#capture?.uses(prefix, binding.depth);
  }

  #attributes(): Attribute[] {
    const list: Attribute[] = [];
    for (let index = 0; index < this.#attributeCount; index++) {
      const key = this.#keys[index] ?? "";
      const name = this.#split(key);
      const { prefix, local, declares } = name;
      if (declares !== undefined) continue;
      const value = this.#values[index] ?? "";
      if (value.length > this.#limits.maxTextLength) throw this.#over("maxTextLength", `the attribute ${key} is too long`);
      list.push({ namespace: prefix === "" ? "" : (this.#scope.of(name)?.namespace ?? ""), local, value });
    }
    return list;
  }

  /** Remembers xml:lang, xml:base and xml:space of the envelope, which hold for the content within as well. */
  #inherit(): void {
    for (let index = 0; index < this.#attributeCount; index++) {
      const key = this.#keys[index] ?? "";
      if (key.startsWith("xml:")) this.#scope.inherit(key, this.#values[index] ?? "", this.#depth);
    }
  }

  /** Offset of the `<` of the tag that is being reported: its values cannot hold another. */
  #tokenStart(): number {
    const { position } = this.#parser;
    if (this.#token.end !== position) this.#token = { start: this.#findTokenStart(position), end: position };
    return this.#token.start;
  }

  #findTokenStart(position: number): number {
    const inChunk = this.#chunk.lastIndexOf("<", position - this.#chunkStart - 1);
    if (inChunk >= 0) return this.#chunkStart + inChunk;
    const inPending = this.#pending.lastIndexOf("<");
    return this.#chunkStart - this.#pending.length + Math.max(inPending, 0);
  }

  /** Characters between two offsets that are not before the end of the last tag. */
  #tail(from: number, to: number): string {
    if (from >= this.#chunkStart) return this.#chunk.slice(from - this.#chunkStart, to - this.#chunkStart);
    const pendingStart = this.#chunkStart - this.#pending.length;
    return (this.#pending + this.#chunk).slice(from - pendingStart, to - pendingStart);
  }

  /** saxes throws plain errors for what is not well-formed. */
  #translated(error: unknown): unknown {
    if (!(error instanceof Error) || Object.getPrototypeOf(error) !== Error.prototype) return error;
    if (error.message === "undefined entity." && this.#mayDeclareEntities()) {
      return this.#fault("XML_FORBIDDEN", "an entity of the document's own is not allowed");
    }
    return this.#malformed(error.message.replace(/\.$/, ""));
  }

  /** Whether there is a DOCTYPE: what it declares is not looked at. */
  #mayDeclareEntities(): boolean {
    return this.#rooted ? this.#refused.has("doctype") : this.#hasDoctype();
  }

  #malformed(reason: string): ParseError {
    return this.#fault("XML_MALFORMED", reason);
  }

  #fault(code: ParseErrorCode, reason: string): ParseError {
    return new ParseError(code, reason, this.#here());
  }

  #over(name: keyof Limits, what: string): ParseError {
    return overLimit(name, this.#limits, what, this.#here());
  }

  #here(): { line: number; column: number; path: string } {
    return { line: this.#parser.line, column: Math.max(this.#parser.columnIndex, 1), path: "" };
  }
}
