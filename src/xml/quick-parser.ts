/**
 * saxes, made quicker: it asks for each character by itself. Here runs of characters that mean nothing to it are found by
 * patterns, and it goes on behind them. What it finds, and where, stays the same.
 */

import { SaxesParser } from "saxes";

/** What of the parser's state says where it is, and what it has gathered. */
interface Scan {
  readonly chunk: string;
  readonly chunkPosition: number;
  i: number;
  column: number;
  line: number;
  positionAtNewLine: number;
  forbiddenState: number;
  text: string;
  name: string;
  readonly textHandler: unknown;
}

// Line feeds are the one control character among them. Surrogates, and what XML forbids, saxes looks at itself.
const plainText = /[^<&>\]\0-\x09\x0b-\x1f\ud800-\udfff\ufffe\uffff]+/y;
const plainValue = /[^<&"'\0-\x1f\ud800-\udfff\ufffe\uffff]+/y;
const plainName = /[A-Za-z0-9_.:-]+/y;

/** Where the run ends that matches from `scan.i` on. */
function endOf(run: RegExp, { chunk, i }: Scan): number {
  run.lastIndex = i;
  return run.test(chunk) ? run.lastIndex : i;
}

function skipText(scan: Scan): void {
  const { chunk, i } = scan;
  const end = endOf(plainText, scan);
  if (end === i) return;
  const text = chunk.slice(i, end);
  if (scan.textHandler !== undefined) scan.text += text;
  scan.i = end;
  // No "]" is pending any more that a ">" could follow.
  scan.forbiddenState = 0;
  let last = -1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) {
    scan.line++;
    last = at;
  }
  scan.column = last < 0 ? scan.column + text.length : text.length - last - 1;
  if (last >= 0) scan.positionAtNewLine = scan.chunkPosition + i + last + 1;
}

function skipValue(scan: Scan): void {
  const { chunk, i } = scan;
  const end = endOf(plainValue, scan);
  scan.text += chunk.slice(i, end);
  scan.column += end - i;
  scan.i = end;
}

function skipName(scan: Scan): void {
  const { chunk, i } = scan;
  const end = endOf(plainName, scan);
  scan.name += chunk.slice(i, end);
  scan.column += end - i;
  scan.i = end;
}

/** Has `skip` go ahead of a method of saxes. */
function ahead(method: string, skip: (scan: Scan) => void): void {
  const standard: unknown = Reflect.get(SaxesParser.prototype, method);
  if (typeof standard !== "function") throw new TypeError(`saxes has no ${method}; expected the version this package names`);
  Object.defineProperty(QuickParser.prototype, method, {
    value(this: Scan): unknown {
      skip(this);
      return standard.call(this);
    },
  });
}

/** A SaxesParser without namespaces and positions, as the tokenizer uses it. */
export class QuickParser extends SaxesParser<{ xmlns: false; position: false }> {
  constructor() {
    super({ xmlns: false, position: false });
  }
}

ahead("handleTextInRoot", skipText);
ahead("sAttribValueQuoted", skipValue);
ahead("captureNameChars", skipName);
