/** File names out of what peers say. */

import { createHash } from "node:crypto";

// The least that file systems in use allow is 255 bytes, and some encrypting ones take a part of that.
const longest = 200;
const longestExtension = 20;

/** Names that mean devices on Windows, whatever stands behind a dot. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?=\.|$)/i;

/**
 * One path segment that every file system takes, out of any text. Letters and digits of any script stay, everything else but
 * `-`, `_`, `.`, `,`, `+`, `=`, `@` becomes `_`. Never empty, never hidden, at most 200 bytes of UTF-8; a longer one is shortened
 * and gets a hash of the text, its extension stays. Safe names are left as they are.
 */
export function safeFileName(text: string): string {
  const clean = text
    .toWellFormed()
    .normalize("NFC")
    .replace(/[^\p{L}\p{M}\p{Nd}\-_.,+=@]+/gu, "_")
    .replace(/^[.\p{M}]+|\.+$/gu, "_")
    .replace(reserved, "_$&");
  if (clean === "") return "_";
  return Buffer.byteLength(clean) <= longest ? clean : shorten(clean, text);
}

function shorten(name: string, text: string): string {
  const [extension = ""] = /\.[A-Za-z0-9]+$/.exec(name) ?? [];
  const ending = extension.length <= longestExtension ? extension : "";
  const mark = `-${createHash("sha256").update(text).digest("hex").slice(0, 16)}`;
  let beginning = "";
  let bytes = mark.length + ending.length;
  for (const character of name) {
    bytes += Buffer.byteLength(character);
    if (bytes > longest) break;
    beginning += character;
  }
  return `${beginning}${mark}${ending}`;
}
