/** Texts of documents in sentences. */

/** `text` in quotes, shortened, with control characters made visible. */
export function quote(text: string): string {
  return JSON.stringify(shortened(text));
}

/** The beginning of `text`, with an ellipsis where something was cut off. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}

/** `text` with what a terminal would act on made visible; line feeds and tabs stay. */
export function visible(text: string): string {
  return text.replace(
    /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
