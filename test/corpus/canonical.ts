/** XML documents as plain data, made by libxml2, for comparing them: prefixes, namespace declarations and order of attributes do not count. */

import { XmlCData, XmlComment, XmlDocument, XmlElement, type XmlNode, XmlText } from "libxml2-wasm";

/** An element, or the content of a comment or processing instruction; text is a string. */
export type Canonical =
  | string
  | { readonly name: string; readonly attributes: Readonly<Record<string, string>>; readonly children: readonly Canonical[] }
  | { readonly other: string };

/** The root of `xml`. */
export function canonical(xml: string): Canonical {
  const document = XmlDocument.fromString(xml);
  try {
    return canonicalNode(document.root);
  } finally {
    document.dispose();
  }
}

/** The inside of an element. */
export function canonicalFragment(xml: string): Canonical {
  return canonical(`<fragment>${xml}</fragment>`);
}

function canonicalNode(node: XmlNode): Canonical {
  if (node instanceof XmlText || node instanceof XmlCData) return node.content;
  if (!(node instanceof XmlElement)) return { other: `${node instanceof XmlComment ? "comment" : "instruction"} ${node.content}` };
  const attributes = Object.fromEntries(
    node.attrs.map((attribute) => [`{${attribute.namespaceUri}}${attribute.name}`, attribute.value] as const).sort(),
  );
  return { name: `{${node.namespaceUri}}${node.name}`, attributes, children: merged(node.find("node()").map(canonicalNode)) };
}

/** Text in one piece, however it was cut by CDATA sections. */
function merged(children: readonly Canonical[]): Canonical[] {
  const result: Canonical[] = [];
  for (const child of children) {
    const last = result.at(-1);
    if (typeof child === "string" && typeof last === "string") result[result.length - 1] = last + child;
    else if (child !== "") result.push(child);
  }
  return result;
}
