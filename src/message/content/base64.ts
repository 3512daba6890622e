/** Base64: whether a text is, and what it stands for. */

import { type Excerpt, excerptOf } from "./excerpt.js";

/** A text that may be base64. */
export interface Base64Text {
  /** What it stands for, read as UTF-8. */
  readonly decoded: Excerpt;
  /** Whether it is base64 by its looks alone; short words, names and hashes are not. */
  readonly evident: boolean;
}

const telling = 64;
const alphabet = /^[A-Za-z0-9+/]+$/;
const lastLine = /^[A-Za-z0-9+/]*={0,2}$/;

/**
 * What is known of a text that can be decoded; undefined for every other text. Its lines are of one length, as encoders make
 * them, but for the last.
 */
export function base64Of({ head, tail, whole }: Excerpt): Base64Text | undefined {
  const lines = head.split("\n").map((line) => line.trim());
  const last = lines.pop() ?? "";
  const [{ length } = last] = lines;
  if (!lines.every((line) => line.length === length && alphabet.test(line)) || last.length > length || !lastLine.test(last))
    return undefined;
  const packed = lines.join("") + last;
  const end = tail.replace(/[\t\n\r ]+/g, "");
  if (whole ? packed.length % 4 !== 0 : !lastLine.test(end)) return undefined;
  const beginning = utf8(packed.slice(0, packed.length - (packed.length % 4)));
  // Four characters are three bytes, counted from the end as well.
  const ending = whole ? beginning : utf8(end.slice(end.length % 4));
  if (beginning === undefined || ending === undefined) return undefined;
  const evident = packed.length >= telling && /[A-Z]/.test(packed) && /[a-z]/.test(packed) && /[0-9+/]/.test(packed);
  return { decoded: whole ? excerptOf(beginning) : { head: beginning.trimStart(), tail: ending.trimEnd(), whole }, evident };
}

/** The bytes a base64 text stands for, with white space anywhere; undefined when it is none. */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const characters = attempt(text);
  if (characters === undefined) return undefined;
  const bytes = new Uint8Array(characters.length);
  for (let at = 0; at < bytes.length; at++) bytes[at] = characters.charCodeAt(at);
  return bytes;
}

function attempt(text: string): string | undefined {
  try {
    return atob(text);
  } catch {
    return undefined;
  }
}

function utf8(text: string): string | undefined {
  const bytes = decodeBase64(text);
  return bytes && new TextDecoder().decode(bytes);
}
