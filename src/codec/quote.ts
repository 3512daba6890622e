/** Texts of documents in sentences. */

/** `text` in quotes, shortened, with control characters made visible. */
export function quote(text: string): string {
  return JSON.stringify(shortened(text));
}

/** The beginning of `text`, with an ellipsis where something was cut off. */
export function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
