/** Checks markup that did not come from a reader before it is put into a document. */

import { checkedXml, isChecked, type XmlContent } from "../binding/content.js";
import { ParseError } from "../errors.js";
import { defaultLimits, type Limits } from "../xml/limits.js";
import { SaxesSource } from "../xml/saxes-source.js";

/** An element at the top of a fragment. */
export interface TopElement {
  readonly namespace: string;
  readonly local: string;
}

/** What is in a fragment. */
export interface Fragment {
  readonly elements: readonly TopElement[];
  /** Whether there is more than white space beside the elements. */
  readonly text: boolean;
}

const wrapper = "fragment";

/**
 * Parses `xml` as the inside of an element: balanced, every prefix declared within, no DOCTYPE, no XML declaration.
 *
 * @throws ParseError with the place within the fragment
 */
export function parseFragment(xml: string, limits: Limits = defaultLimits): Fragment {
  const elements: TopElement[] = [];
  let text = false;
  let depth = 0;
  const source = new SaxesSource(
    {
      start({ namespace, local }) {
        if (++depth === 2) elements.push({ namespace, local });
        return undefined;
      },
      text(characters) {
        if (depth === 1 && characters.trim() !== "") text = true;
      },
      captured() {},
      end() {
        depth--;
      },
    },
    { limits },
  );
  try {
    source.write(`<${wrapper}>`);
    source.write(xml);
    source.write(`</${wrapper}>`);
    source.close();
  } catch (error) {
    throw error instanceof ParseError ? withoutWrapper(error) : error;
  }
  return { elements, text };
}

/** The fault as seen from the fragment: the wrapper is on its first line and must not be named. */
function withoutWrapper(error: ParseError): ParseError {
  const column = error.line === 1 ? Math.max(error.column - wrapper.length - 2, 1) : error.column;
  const reason = error.code === "TRUNCATED" || error.reason.includes(wrapper) ? "the elements are not balanced" : error.reason;
  return new ParseError(error.code, reason, { line: error.line, column, path: "" }, { cause: error });
}

/**
 * Content from a document of your own: drops the XML declaration and a byte order mark, checks the rest, and gives content
 * that writers take without checking it again.
 *
 * @throws ParseError when the document is not well-formed or has a DOCTYPE
 */
export function xmlContent(document: string): XmlContent {
  const xml = document.replace(/^\ufeff?(?:<\?xml[\t\n\r ][^>]*\?>)?[\t\n\r ]*/, "");
  parseFragment(xml);
  return checkedXml(xml);
}

/** What is wrong with `content`, or undefined. Content from readers and from {@link xmlContent} is not looked at again. */
export function problemOf(content: XmlContent): string | undefined {
  if (isChecked(content)) return undefined;
  try {
    parseFragment(content.xml);
    return undefined;
  } catch (error) {
    return error instanceof ParseError ? `the markup cannot be embedded: ${error.message}` : String(error);
  }
}
