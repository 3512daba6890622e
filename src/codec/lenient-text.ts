/** What a lenient reading changes in the characters of a document before they are parsed. */

import { isXmlText } from "../characters.js";
import { ParseError } from "../errors.js";
import { advance, start, type TextPlace } from "../xml/decode.js";
import type { XmlSource } from "../xml/source.js";
import { quote } from "./quote.js";

const replacement = "\ufffd";
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g;

const declaration = makeDeclaration();

function makeDeclaration(): RegExp {
  const pseudo = (name: string, value: string): string => `[\\t\\n\\r ]+${name}[\\t\\n\\r ]*=[\\t\\n\\r ]*(?:"${value}"|'${value}')`;
  const encoding = pseudo("encoding", "[A-Za-z][A-Za-z0-9._\\-]*");
  return new RegExp(`^<\\?xml${pseudo("version", "1\\.0")}(?:${encoding})?(?:${pseudo("standalone", "(?:yes|no)")})?[\\t\\n\\r ]*\\?>$`);
}

// Longer than every declaration, and every reference, that means something.
const mostHeldBack = 1024;

/** Sections in which references are none, and what ends them. */
const closers: ReadonlyMap<string, string> = new Map([
  ["<![CDATA[", "]]>"],
  ["<!--", "-->"],
  ["<?", "?>"],
]);
const token = /<!\[CDATA\[|<!--|<\?|&#(?:x[0-9A-Fa-f]+|[0-9]+);/g;
/** What may be the beginning of a token, or of a pair, at the end of a piece. */
const incomplete = /(?:<(?:!(?:-|\[[A-Z]{0,5})?)?|&(?:#(?:x[0-9A-Fa-f]*|[0-9]*))?|[\ud800-\udbff])$/;

/**
 * Stands between a document and its tokenizer:
 *
 * - characters XML does not have (most controls, U+FFFE, U+FFFF, lone halves of pairs), and references to such, become U+FFFD;
 * - a byte order mark that is not at the very beginning, and a declaration behind it or behind white space, become spaces.
 *
 * What a strict reading takes passes as it is. Each of the two is reported once, where it comes first. Columns of what comes
 * behind a replaced reference, in its line, count one character for it.
 */
export class LenientText {
  readonly #source: Pick<XmlSource, "write" | "close">;
  readonly #tolerate: (error: ParseError) => void;
  /** What was read and waits for what comes next. */
  #held = "";
  /** Whether nothing but white space came so far, and whether there was any. */
  #leading = true;
  #blank = false;
  /** What ends the section that is open; undefined outside of such. */
  #closer: string | undefined;
  /** Where the source is, until something was replaced. */
  #place: TextPlace = start;
  #replaced = false;

  constructor(source: Pick<XmlSource, "write" | "close">, tolerate: (error: ParseError) => void) {
    this.#source = source;
    this.#tolerate = tolerate;
  }

  write(characters: string): void {
    this.#read(this.#held + characters, false);
  }

  close(): void {
    this.#read(this.#held, true);
    this.#source.close();
  }

  #read(text: string, end: boolean): void {
    this.#held = "";
    const body = this.#leading ? this.#readBeginning(text, end) : text;
    if (body !== "") this.#readBody(body, end);
  }

  /** White space, and the declaration behind it. @returns what is behind that */
  #readBeginning(text: string, end: boolean): string {
    const blanks = /^[\t\n\r \ufeff]*/.exec(text)?.[0] ?? "";
    const rest = text.slice(blanks.length);
    this.#blank ||= blanks !== "";
    const spaces = blanks.replaceAll("\ufeff", " ");
    if (spaces !== blanks) this.#report("a byte order mark is not at the very beginning and counts as a space");
    this.#pass(spaces);
    const close = rest.slice(0, mostHeldBack).indexOf("?>");
    const goesOn = "<?xml".startsWith(rest.slice(0, 5)) && close < 0 && rest.length < mostHeldBack && !end;
    if (rest === "" || (this.#blank && goesOn)) {
      this.#held = rest;
      return "";
    }
    this.#leading = false;
    const head = this.#blank ? rest.slice(0, close + 2) : "";
    if (!declaration.test(head)) return rest;
    this.#report("the XML declaration stands behind white space; expected it at the very beginning");
    this.#pass(head.replace(/[^\n\r]/g, " "));
    return rest.slice(head.length);
  }

  /** Everything else: looks for references, but not in sections. */
  #readBody(text: string, end: boolean): void {
    let mended = "";
    let from = 0;
    let at = 0;
    for (let found = this.#next(text, at); found !== undefined; found = this.#next(text, at)) {
      at = found.end;
      this.#closer = closers.get(found.token);
      if (this.#closer !== undefined || refersToCharacter(found.token)) continue;
      mended += text.slice(from, at - found.token.length);
      from = at;
      if (!this.#replaced) {
        this.#pass(mended);
        mended = "";
        this.#reportReplacement(`${quote(found.token)} refers to`);
      }
      mended += replacement;
    }
    const to = end ? text.length : text.length - this.#heldBack(text, at);
    this.#held = text.slice(to);
    this.#pass(mended + text.slice(from, to));
  }

  /** The next token behind the section that is open, if any; undefined when `text` ends before it. */
  #next(text: string, at: number): { readonly token: string; readonly end: number } | undefined {
    const close = this.#closer === undefined ? at : text.indexOf(this.#closer, at);
    if (close < 0) return undefined;
    token.lastIndex = close + (this.#closer?.length ?? 0);
    this.#closer = undefined;
    const [found] = token.exec(text) ?? [];
    return found === undefined ? undefined : { token: found, end: token.lastIndex };
  }

  /** How many characters at the end of `text` belong to what may come; all before `at` was understood. */
  #heldBack(text: string, at: number): number {
    if (this.#closer !== undefined) {
      const held = Math.min(this.#closer.length - 1, text.length - at);
      // Nor is a pair to be cut, which has room before what may be a closer.
      return held < text.length - at && isHighSurrogate(text.charCodeAt(text.length - held - 1)) ? held + 1 : held;
    }
    const [found = ""] = incomplete.exec(text.slice(Math.max(at, text.length - mostHeldBack))) ?? [];
    return found.length;
  }

  #pass(text: string): void {
    if (isXmlText(text)) {
      this.#forward(text);
      return;
    }
    const mended = text.replace(forbidden, replacement).toWellFormed();
    let first = 0;
    while (!this.#replaced && mended[first] === text[first]) first++;
    this.#forward(mended.slice(0, first));
    this.#reportReplacement(`U+${text.charCodeAt(first).toString(16).toUpperCase().padStart(4, "0")} is`);
    this.#forward(mended.slice(first));
  }

  #forward(text: string): void {
    if (text === "") return;
    if (!this.#replaced) this.#place = advance(text, this.#place);
    this.#source.write(text);
  }

  #reportReplacement(what: string): void {
    if (this.#replaced) return;
    this.#replaced = true;
    this.#report(`${what} no character of XML; U+FFFD stands for it, and for others like it`);
  }

  #report(reason: string): void {
    this.#tolerate(new ParseError("XML_MALFORMED", reason, { ...this.#place, path: "" }));
  }
}

function refersToCharacter(reference: string): boolean {
  const digits = reference.slice(2, -1);
  const code = digits.startsWith("x") ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  return code <= 0x10ffff && isXmlText(String.fromCodePoint(code));
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
