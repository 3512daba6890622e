/** Open content: text and markup of every kind a sender may put in it. */

import fc from "fast-check";
import type { Content, ElementContent } from "../../src/binding/index.js";
import { escapeAttribute, escapeText } from "../../src/xml/escape.js";
import { text } from "./leaves.js";

const names = ["a", "b", "STIX_Package", "Content", "Criteria", "é", "_", "x-y.z", "Signature", "Poll_Request"];
const prefixes = ["p", "q", "taxii_11", "ds", "é", "ns1"];
const namespaces = ["urn:x", "urn:y?a=1&b='2'", "http://stix.mitre.org/stix-1", "http://example.com/"];

/** Namespace and prefix of an element; both empty for none. */
interface ElementName {
  readonly prefix: string;
  readonly namespace: string;
  readonly local: string;
}

const unqualified: fc.Arbitrary<ElementName> = fc.constantFrom(...names).map((local) => ({ prefix: "", namespace: "", local }));
const qualified: fc.Arbitrary<ElementName> = fc.record({
  prefix: fc.constantFrom("", ...prefixes),
  namespace: fc.constantFrom(...namespaces),
  local: fc.constantFrom(...names),
});

const anyName = fc.oneof(unqualified, qualified);

/** An attribute, with the declaration of its prefix where it has one. */
interface AttributeSource {
  readonly name: string;
  readonly source: string;
  readonly declares?: string;
}

const attribute: fc.Arbitrary<AttributeSource> = fc.oneof(
  fc
    .tuple(fc.constantFrom("a", "id", "__proto__", "constructor", "type", "é"), text)
    .map(([name, value]) => ({ name, source: ` ${name}="${escapeAttribute(value)}"` })),
  fc.constantFrom(" xml:lang='en'", ' xml:space = "preserve"').map((source) => ({ name: source.slice(1, 9), source })),
  fc.constantFrom(...prefixes).map((prefix) => ({
    name: prefix,
    declares: prefix,
    source: ` xmlns:${prefix}="urn:z:${encodeURIComponent(prefix)}" ${prefix}:a="1"`,
  })),
);

const attributes = fc.uniqueArray(attribute, { maxLength: 2, selector: ({ name }) => name });

const characters = fc.oneof(
  { weight: 4, arbitrary: text.map(escapeText) },
  { weight: 1, arbitrary: text.map((raw) => `<![CDATA[${raw.replaceAll("]]>", "")}]]>`) },
  { weight: 1, arbitrary: fc.constantFrom("&lt;", "&#38;", "&#x1F600;", "&quot;", "&apos;&gt;", "&#13;", "\r\n", "\n  ") },
);

const beside = fc.oneof(
  fc.constantFrom("", " - ", "<a>", "&amp;", "é").map((comment) => `<!--${comment}-->`),
  fc.constantFrom("", " data", ' version="1"', "<?").map((data) => `<?target${data === "" ? "" : ` ${data}`}?>`),
);

/** Elements that declare what they use, some of them other than by their first tag. */
function elementWith(name: fc.Arbitrary<ElementName>, inside: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.tuple(name, attributes, inside).map(([{ prefix, namespace, local }, list, content]) => {
    const tag = prefix === "" ? local : `${prefix}:${local}`;
    const declaration = ` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${escapeAttribute(namespace)}"`;
    const others = list.map(({ declares, source }) => (declares === prefix ? "" : source)).join("");
    return content === "" ? `<${tag}${declaration}${others}/>` : `<${tag}${others}${declaration}>${content}</${tag} >`;
  });
}

/** Text, comments, instructions and, to `depth` levels, elements. */
function mixedContent(depth: number): fc.Arbitrary<string> {
  const parts = depth === 0 ? fc.oneof(characters, beside) : fc.oneof(characters, beside, elementWith(anyName, mixedContent(depth - 1)));
  return fc.array(parts, { maxLength: 3 }).map((list) => list.join(""));
}

const mixed = mixedContent(2);

/** One element no schema knows, in a namespace. */
export const foreignElement: fc.Arbitrary<ElementContent> = elementWith(qualified, mixed).map((xml) => ({ xml }));

/** One element no schema knows, perhaps without a namespace, for wildcards that take any. */
export const unknownElement: fc.Arbitrary<ElementContent> = elementWith(anyName, mixed).map((xml) => ({ xml }));

/** What may stand in open content. */
export interface OpenOptions {
  /** Elements in the order the content model wants them. */
  readonly elements: fc.Arbitrary<readonly string[]>;
  /** Whether there may be nothing but text. */
  readonly mayBeText: boolean;
}

/** Open content with these elements, and with text, comments and instructions between them. */
export function openContent({ elements, mayBeText }: OpenOptions): fc.Arbitrary<Content> {
  const between = fc.array(fc.oneof(characters, beside), { maxLength: 2 }).map((parts) => parts.join(""));
  const markup = fc
    .tuple(elements, fc.infiniteStream(between))
    .map(([list, gaps]) => [...list, ""].map((element) => `${gaps.next().value ?? ""}${element}`).join(""))
    .map((xml): Content => ({ xml: hasMarkup(xml) ? xml : `${xml}<?end?>` }));
  return mayBeText
    ? fc.oneof(
        text.map((characters): Content => ({ text: characters })),
        markup,
      )
    : markup;
}

/** Whether there is more than text: an element, a comment or an instruction. */
function hasMarkup(xml: string): boolean {
  return xml.replace(/<!\[CDATA\[.*?\]\]>/gsu, "").includes("<");
}
