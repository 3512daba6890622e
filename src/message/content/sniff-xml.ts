/** Whether a text is XML, and which element it begins with. */

import { isBlank } from "../../characters.js";
import { ParseError } from "../../errors.js";
import { defaultLimits } from "../../xml/limits.js";
import { SaxesSource } from "../../xml/saxes-source.js";
import type { StartTag } from "../../xml/source.js";
import type { Excerpt } from "./excerpt.js";

const pieceLength = 1024;

/**
 * The element that markup begins with, which may have comments and instructions before it. Undefined when it begins with
 * text, or when no start tag is whole in what is looked at.
 */
export function firstElement(markup: string): StartTag | undefined {
  return startTag(markup, true);
}

/** The root of an XML document; undefined when the text is none, or has a DOCTYPE, behind which nobody looks (SEC-XML-001). */
export function documentRoot({ head, tail, whole }: Excerpt): StartTag | undefined {
  if (!head.startsWith("<") || !tail.endsWith(">")) return undefined;
  const root = startTag(head, false);
  if (root === undefined) return undefined;
  return (whole ? problemOfDocument(head) === undefined : endsWith(tail, root.name)) ? root : undefined;
}

/** Why `document` is no XML document that may be handed on, or undefined when it is one. Parses all of it. */
export function problemOfDocument(document: string): ParseError | undefined {
  const source = new SaxesSource({ start: () => undefined, text() {}, captured() {}, end() {} }, { limits: defaultLimits });
  try {
    for (let at = 0; at < document.length; at += 64 * pieceLength) source.write(document.slice(at, at + 64 * pieceLength));
    source.close();
    return undefined;
  } catch (error) {
    if (error instanceof ParseError) return error;
    throw error;
  }
}

function startTag(characters: string, isFragment: boolean): StartTag | undefined {
  let found: StartTag | undefined;
  let inside = !isFragment;
  let afterText = false;
  const source = new SaxesSource(
    {
      start(tag) {
        if (inside) found ??= tag;
        inside = true;
        return undefined;
      },
      text(text) {
        if (found === undefined && !isBlank(text)) afterText = true;
      },
      captured() {},
      end() {},
    },
    { limits: defaultLimits },
  );
  try {
    if (isFragment) source.write("<fragment>");
    for (let at = 0; at < characters.length && found === undefined && !afterText; at += pieceLength)
      source.write(characters.slice(at, at + pieceLength));
  } catch (error) {
    // What comes behind the tag may be wrong, or cut off.
    if (!(error instanceof ParseError)) throw error;
  }
  return afterText ? undefined : found;
}

/** Whether the last tag ends the element `name`; comments and instructions may follow. */
function endsWith(tail: string, name: string): boolean {
  let end = tail;
  for (let before = ""; before !== end; ) {
    before = end;
    if (end.endsWith("-->")) end = end.slice(0, Math.max(end.lastIndexOf("<!--"), 0)).trimEnd();
    else if (end.endsWith("?>")) end = end.slice(0, Math.max(end.lastIndexOf("<?"), 0)).trimEnd();
  }
  const last = end.slice(end.lastIndexOf("</"));
  return last.startsWith(`</${name}`) && /^[\t\n\r ]*>$/.test(last.slice(name.length + 2));
}
