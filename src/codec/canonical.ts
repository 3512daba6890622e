/** Markup in a form in which equal meaning is equal text. */

import { ParseError } from "../errors.js";
import { escapeAttribute, escapeText } from "../xml/escape.js";
import { defaultLimits } from "../xml/limits.js";
import { SaxesSource } from "../xml/saxes-source.js";

/**
 * `xml`, the inside of an element, by expanded names, sorted attributes and resolved text. Prefixes, comments, processing
 * instructions and CDATA marks are not part of it. Markup that is not well-formed is its own canonical form.
 */
export function canonicalMarkup(xml: string): string {
  let out = "";
  const source = new SaxesSource(
    {
      start({ namespace, local, attributes }) {
        const sorted = attributes
          .map((attribute) => `{${attribute.namespace}}${attribute.local}="${escapeAttribute(attribute.value)}"`)
          .sort();
        out += `<{${namespace}}${[local, ...sorted].join(" ")}>`;
        return undefined;
      },
      text(text) {
        out += escapeText(text);
      },
      captured() {},
      end() {
        out += "</>";
      },
    },
    { limits: defaultLimits },
  );
  try {
    source.write(`<content>${xml}</content>`);
    source.close();
    return out;
  } catch (error) {
    if (error instanceof ParseError) return xml;
    throw error;
  }
}
