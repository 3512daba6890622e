/** Which characters XML 1.0 can carry, and the names it allows. */

const suspicious = /[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]/;
const forbidden = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Whether every character of `text` may stand in an XML 1.0 document (XML-GEN-015): no controls, no lone surrogates. */
export function isXmlText(text: string): boolean {
  return !suspicious.test(text) || (!forbidden.test(text) && text.isWellFormed());
}

const nameStart =
  "A-Z_a-z\\xc0-\\xd6\\xd8-\\xf6\\xf8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";
const ncName = new RegExp(`^[${nameStart}][-.0-9\\xb7\\u0300-\\u036f\\u203f\\u2040${nameStart}]*$`, "u");

/** Whether `text` is a name without a colon, as Namespaces in XML 1.0 defines it. */
export function isNcName(text: string): boolean {
  return ncName.test(text);
}

const beyondAscii = /[^\0-\x7f]/;
const encoder = new TextEncoder();

/** Bytes of `text` in UTF-8. */
export function utf8Length(text: string): number {
  return beyondAscii.test(text) ? encoder.encode(text).length : text.length;
}

/** Replaces runs of XML white space by one space and drops it at both ends (whiteSpace="collapse"). */
export function collapse(text: string): string {
  if (!/[\t\n\r ]/.test(text)) return text;
  return text.replace(/[\t\n\r ]+/g, " ").replace(/^ | $/g, "");
}

/** Whether `text` holds nothing but XML white space. */
export function isBlank(text: string): boolean {
  return !/[^\t\n\r ]/.test(text);
}
