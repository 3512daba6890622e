/** Encodings with one byte for each character. */

/** Bytes of ISO-8859-1. TextDecoder("iso-8859-1") is windows-1252 by the WHATWG's table, which moves 0x80 to 0x9f. */
export function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}

/** Bytes that mean nothing in windows-1252. */
export const unassigned1252: ReadonlySet<number> = new Set([0x81, 0x8d, 0x8f, 0x90, 0x9d]);
const high1252 = "€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ";

/**
 * Bytes of windows-1252; those it leaves unassigned are control characters. TextDecoder("windows-1252") of Node 20 gives
 * ISO-8859-1 for a document in one piece.
 */
export function windows1252(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[\x80-\x9f]/g, (character) => high1252[character.charCodeAt(0) - 0x80] ?? character);
}
