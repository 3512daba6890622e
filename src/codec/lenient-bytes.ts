/** Bytes that are not in the encoding of their document. */

import { type ChunkDecoder, concatenate, incompleteLength } from "../xml/decode.js";
import type { Encoding } from "../xml/encoding.js";
import { unassigned1252, windows1252 } from "../xml/single-byte.js";

const replacement = "\ufffd";

/**
 * What decodes a document from the first byte on that does not belong. Where UTF-8 or US-ASCII were expected, what is UTF-8 is
 * read so, and every other byte as windows-1252, which is what such documents were made in. Bytes that mean nothing in it, and
 * lone halves of UTF-16, become U+FFFD.
 */
export function tolerantDecoder(encoding: Encoding): ChunkDecoder {
  if (encoding === "utf-16le" || encoding === "utf-16be") {
    const decoder = new TextDecoder(encoding, { ignoreBOM: true });
    return (chunk, end, sink) => sink(decoder.decode(chunk, { stream: !end }));
  }
  if (encoding === "windows-1252" || encoding === "iso-8859-1") return (chunk, _, sink) => sink(tolerant1252(chunk));
  return mixedDecoder();
}

function mixedDecoder(): ChunkDecoder {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let rest: Uint8Array = new Uint8Array(0);
  return (chunk, end, sink) => {
    const bytes = concatenate(rest, chunk);
    const cut = end ? bytes.length : bytes.length - incompleteLength(bytes, "utf-8");
    rest = bytes.slice(cut);
    sink(mixed(bytes.subarray(0, cut), utf8));
  };
}

function mixed(bytes: Uint8Array, utf8: TextDecoder): string {
  let text = "";
  let from = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = lengthAt(bytes, at);
    at += Math.max(length, 1);
    if (length > 0) continue;
    text += utf8.decode(bytes.subarray(from, at - 1)) + tolerant1252(bytes.subarray(at - 1, at));
    from = at;
  }
  return text + utf8.decode(bytes.subarray(from));
}

/** How many bytes the UTF-8 of a character has that begins at `at`; 0 when none does (Unicode, table 3-7). */
function lengthAt(bytes: Uint8Array, at: number): number {
  const first = bytes[at] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  const second = bytes[at + 1] ?? 0;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  for (let next = at + 2; next < at + length; next++) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return 0;
  return length;
}

function tolerant1252(bytes: Uint8Array): string {
  const text = windows1252(bytes);
  return bytes.some((byte) => unassigned1252.has(byte)) ? text.replace(/[\x81\x8d\x8f\x90\x9d]/g, replacement) : text;
}
