/** Texts of peers, made fit to be shown. */

const longest = 300;

/** `text` on one line, cut, with what a terminal would act on made visible. */
export function shown(text: string): string {
  const line = text
    .slice(0, 4 * longest)
    .replace(/\s+/g, " ")
    .trim();
  const cut = line.length > longest ? `${line.slice(0, longest).replace(/[\ud800-\udbff]$/, "")}…` : line;
  return cut.replace(
    /[\0-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** As {@link shown}, in quotation marks. */
export function quoted(text: string): string {
  return `"${shown(text)}"`;
}

/** `text` with what XML 1.0 does not have replaced, and markup escaped: for text and for attributes. */
export function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"\t\n\r]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A random word that occurs nowhere else. */
export function uniqueWord(): string {
  return crypto.randomUUID();
}
