/** Characters to XML text. */

const textEscapes: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;" };
const attributeEscapes: Readonly<Record<string, string>> = { ...textEscapes, '"': "&quot;", "\t": "&#9;", "\n": "&#10;" };

/** `text` as character data. */
export function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (character) => textEscapes[character] ?? character) : text;
}

/** Whether `text` can stand in a document as it is: nothing has to be escaped, and nothing is there that XML cannot carry. */
export function isPlainText(text: string): boolean {
  return !/[\0-\x08\x0b-\x1f&<>\ud800-\udfff\ufffe\uffff]/.test(text);
}

/** `text` as an attribute value, to stand in double quotes. White space survives normalization. */
export function escapeAttribute(text: string): string {
  return /[&<>"\t\n\r]/.test(text) ? text.replace(/[&<>"\t\n\r]/g, (character) => attributeEscapes[character] ?? character) : text;
}
