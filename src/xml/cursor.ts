/**
 * Walks over markup that is known to be well-formed, several times as fast as a parser that has to find out: content that a reader
 * of this package cut from a document. Names, values and characters are taken as they are; only what it needs to find its way is
 * looked at, so that markup that is not well-formed ends in an error or in some sequence of tokens, never beyond its end.
 */

import { isXmlText } from "../characters.js";
import { ParseError } from "../errors.js";

/** What stands at a place: the start of an element, its end, characters, or nothing more. An empty element has both. */
export type Token = "start" | "end" | "text" | "done";

const tab = 0x09;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const exclamation = 0x21;
const doubleQuote = 0x22;
const quote = 0x27;
const slash = 0x2f;
const colon = 0x3a;
const less = 0x3c;
const equals = 0x3d;
const greater = 0x3e;
const question = 0x3f;

/** A place in markup, moved from token to token. Elements may stand beside each other, and text beside them. */
export class MarkupCursor {
  readonly #markup: string;
  /** Where what was not looked at yet begins. */
  #at = 0;
  /** Whether that is within a start tag. */
  #isInTag = false;
  /** Whether the tag that was just left is that of an empty element. */
  #isEmpty = false;
  /** Names of open elements, as written. */
  readonly #open: string[] = [];
  /** Of the name read last: where it begins, and where behind its prefix. */
  #nameStart = 0;
  #localStart = 0;
  #nameEnd = 0;
  /** Of the characters or the value read last. */
  #valueStart = 0;
  #valueEnd = 0;
  #isLiteral = false;

  /** @param markup content as readers give it, without DOCTYPE and XML declaration */
  constructor(markup: string) {
    this.#markup = markup;
  }

  /**
   * Goes on to the next token; attributes that were not asked for are passed over, and so are comments and instructions.
   *
   * @param withText whether characters are tokens; otherwise they are passed over as well
   */
  next(withText: boolean): Token {
    if (this.#isInTag) this.#skipAttributes();
    if (this.#isEmpty) return this.#endEmpty();
    const markup = this.#markup;
    for (;;) {
      const from = this.#at;
      const at = markup.charCodeAt(from) === less ? from : markup.indexOf("<", from);
      if (at !== from && (at < 0 || withText)) return this.#text(from, at, withText);
      const code = markup.charCodeAt(at + 1);
      if (code === slash) return this.#end(at + 2);
      if (code === exclamation && markup.startsWith("<![CDATA[", at)) {
        this.#literal(at + 9);
        if (withText) return "text";
      } else if (code === exclamation || code === question) this.#skip(at);
      else return this.#start(at + 1);
    }
  }

  /** Goes on to the next attribute of the tag of which the start was told; false when there are no more. */
  nextAttribute(): boolean {
    if (!this.#isInTag) return false;
    const markup = this.#markup;
    let at = this.#at;
    while (isSpace(markup.charCodeAt(at))) at++;
    const code = markup.charCodeAt(at);
    if (code === greater || code === slash) return this.#leaveTag(at, code === slash);
    at = this.#name(at);
    while (isSpace(markup.charCodeAt(at))) at++;
    if (markup.charCodeAt(at) !== equals) throw this.#fault("expected = and a value behind the name of an attribute", at);
    at++;
    while (isSpace(markup.charCodeAt(at))) at++;
    const mark = markup.charCodeAt(at);
    if (mark !== doubleQuote && mark !== quote) throw this.#fault("expected the value of an attribute in quotes", at);
    const end = markup.indexOf(mark === quote ? "'" : '"', at + 1);
    if (end < 0) throw this.#fault("the value of an attribute has no end", at);
    this.#valueStart = at + 1;
    this.#valueEnd = end;
    this.#at = end + 1;
    return true;
  }

  /** Passes over the rest of a tag: values in quotes, and what is between them. */
  #skipAttributes(): void {
    const markup = this.#markup;
    let at = this.#at;
    for (let code = markup.charCodeAt(at); code !== greater; code = markup.charCodeAt(at)) {
      const end = code === doubleQuote ? markup.indexOf('"', at + 1) : code === quote ? markup.indexOf("'", at + 1) : at;
      // Behind the end there is no character.
      if (end < 0 || Number.isNaN(code) || code === less) throw this.#fault("a tag has no end", this.#at);
      at = end + 1;
    }
    const isEmpty = markup.charCodeAt(at - 1) === slash;
    this.#leaveTag(isEmpty ? at - 1 : at, isEmpty);
  }

  /** The name of the element or attribute read last, without its prefix. */
  get local(): string {
    return this.#markup.slice(this.#localStart, this.#nameEnd);
  }

  /** Whether the attribute read last declares a namespace. */
  get isDeclaration(): boolean {
    const at = this.#nameStart;
    const isPrefixed = this.#localStart === at + 6;
    return (isPrefixed || this.#nameEnd === at + 5) && this.#markup.startsWith("xmlns", at);
  }

  /** The value of the attribute read last, normalized as XML says, references resolved. */
  get value(): string {
    const written = this.#markup.slice(this.#valueStart, this.#valueEnd);
    if (!/[&\t\n\r]/.test(written)) return written;
    return this.#resolved(written.replace(/\r\n|[\t\n\r]/g, " "), this.#valueStart);
  }

  /** The characters read last, line ends as XML says, references resolved. Text in several pieces comes in several tokens. */
  get text(): string {
    const written = this.#markup.slice(this.#valueStart, this.#valueEnd);
    const lines = written.includes("\r") ? written.replace(/\r\n?/g, "\n") : written;
    return this.#isLiteral || !lines.includes("&") ? lines : this.#resolved(lines, this.#valueStart);
  }

  /** @param end where the next tag begins; negative when there is none */
  #text(start: number, end: number, wanted: boolean): Token {
    const { length } = this.#markup;
    this.#isLiteral = false;
    this.#valueStart = start;
    this.#valueEnd = this.#at = end < 0 ? length : end;
    if (wanted && this.#valueEnd > start) return "text";
    if (this.#open.length > 0) throw this.#fault(`<${this.#open.at(-1)}> has no end`, length);
    return "done";
  }

  #literal(at: number): void {
    const end = this.#markup.indexOf("]]>", at);
    if (end < 0) throw this.#fault("a CDATA section has no end", at);
    this.#isLiteral = true;
    this.#valueStart = at;
    this.#valueEnd = end;
    this.#at = end + 3;
  }

  /** Passes over a comment or a processing instruction. */
  #skip(at: number): void {
    const markup = this.#markup;
    const isComment = markup.startsWith("<!--", at);
    if (!isComment && markup.charCodeAt(at + 1) !== question) throw this.#fault("expected a comment, a CDATA section or an element", at);
    const end = isComment ? markup.indexOf("-->", at + 4) : markup.indexOf("?>", at + 2);
    if (end < 0) throw this.#fault(isComment ? "a comment has no end" : "a processing instruction has no end", at);
    this.#at = end + (isComment ? 3 : 2);
  }

  #start(at: number): Token {
    this.#at = this.#name(at);
    this.#open.push(this.#markup.slice(at, this.#nameEnd));
    this.#isInTag = true;
    return "start";
  }

  #end(at: number): Token {
    const markup = this.#markup;
    const name = this.#open.pop();
    if (name === undefined) throw this.#fault("an end tag without a start", at);
    if (!markup.startsWith(name, at)) throw this.#fault(`expected the end of <${name}>`, at);
    let end = at + name.length;
    while (isSpace(markup.charCodeAt(end))) end++;
    if (markup.charCodeAt(end) !== greater) throw this.#fault(`expected the end of <${name}>`, at);
    this.#at = end + 1;
    return "end";
  }

  #endEmpty(): Token {
    this.#isEmpty = false;
    this.#open.pop();
    return "end";
  }

  #leaveTag(at: number, isEmpty: boolean): boolean {
    if (isEmpty && this.#markup.charCodeAt(at + 1) !== greater) throw this.#fault("expected > behind /", at);
    this.#isInTag = false;
    this.#isEmpty = isEmpty;
    this.#at = at + (isEmpty ? 2 : 1);
    return false;
  }

  /** Reads a name, and gives the place behind it. */
  #name(start: number): number {
    const markup = this.#markup;
    let at = start;
    let local = start;
    for (let code = markup.charCodeAt(at); isInName(code); code = markup.charCodeAt(++at)) {
      // Names count from behind their first colon on; well-formed ones have no more than one.
      if (code === colon && local === start) local = at + 1;
    }
    if (local === at) throw this.#fault("expected a name", start);
    this.#nameStart = start;
    this.#localStart = local;
    this.#nameEnd = at;
    return at;
  }

  #resolved(text: string, at: number): string {
    return text.replace(/&([^;]*);?/g, (written, name: string) => {
      const character = written.endsWith(";") ? characterOf(name) : undefined;
      if (character === undefined) throw this.#fault(`expected a reference, found ${JSON.stringify(written.slice(0, 20))}`, at);
      return character;
    });
  }

  #fault(reason: string, at: number): ParseError {
    const before = this.#markup.slice(0, at).split(/\r\n?|\n/);
    return new ParseError("XML_MALFORMED", reason, { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, path: "" });
  }
}

function isSpace(code: number): boolean {
  return code === space || code === lineFeed || code === tab || code === carriageReturn;
}

/** Whether a character may belong to a name; none does behind the end. */
function isInName(code: number): boolean {
  return code > space && code !== greater && code !== slash && code !== equals;
}

const named: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** The character a reference means; undefined when it means none. */
function characterOf(name: string): string | undefined {
  if (Object.hasOwn(named, name)) return named[name];
  const [, hex, decimal] = /^#(?:x0*([0-9a-fA-F]{1,6})|0*([0-9]{1,7}))$/.exec(name) ?? [];
  const code = hex === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hex, 16);
  if (!(code <= 0x10_ffff)) return undefined;
  const character = String.fromCodePoint(code);
  return isXmlText(character) ? character : undefined;
}
