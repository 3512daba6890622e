/** Content cut from a document says the same alone: every name and every xsi:type resolves as it did within. libxml2 judges. */

import fc from "fast-check";
import { XmlC14NMode, XmlComment, XmlDocument, XmlElement, type XmlNode } from "libxml2-wasm";
import { expect, test } from "vitest";
import { InboxMessage } from "../../generated/taxii11/index.js";
import { isXmlContent } from "../../src/binding/index.js";
import { fromXml } from "../../src/codec/xml.js";
import { readMessageStream } from "../../src/message/stream.js";
import { xsiNamespace } from "../../src/xml/names.js";
import { Dice } from "../fuzz/dice.js";

const taxii = "http://taxii.mitre.org/messages/taxii_xml_binding-1.1";
const dsig = "http://www.w3.org/2000/09/xmldsig#";
const namespaces = ["urn:1", "urn:2?a=1&amp;b='2'", taxii, dsig, "http://taxii.mitre.org/query/taxii_default_query-1"];
const prefixes = ["p", "q", "taxii_11", "é", "p.q", "xs"];

type Scope = ReadonlyMap<string, string>;

/** Some declarations, and the scope within. */
function declare(
  scope: Scope,
  dice: Dice,
  fixed: ReadonlyMap<string, string> = new Map(),
): { readonly text: string; readonly scope: Scope } {
  const declared = new Map(fixed);
  for (const prefix of prefixes) if (!fixed.has(prefix) && dice.once(4)) declared.set(prefix, dice.pick(namespaces));
  if (!fixed.has("") && dice.once(4)) declared.set("", dice.pick([...namespaces, ""]));
  const text = [...declared].map(([prefix, namespace]) => ` ${prefix === "" ? "xmlns" : `xmlns:${prefix}`}="${namespace}"`).join("");
  return { text, scope: new Map([...scope, ...declared]) };
}

const qualified = (prefix: string, local: string): string => (prefix === "" ? local : `${prefix}:${local}`);

/** Elements whose names and values use what is in scope. */
function content(scope: Scope, dice: Dice, depth: number): string {
  let text = "";
  for (let parts = dice.below(4); parts > 0; parts--) {
    if (depth > 0 && !dice.once(3)) text += element(scope, dice, depth);
    else text += dice.pick(["text", "p:text", " ", "<!-- q: -->", "<![CDATA[<p:a>]]>", "&lt;", "<?p q:?>", "é:\r\n"]);
  }
  return text;
}

function element(outer: Scope, dice: Dice, depth: number): string {
  const { text, scope } = declare(outer, dice);
  const bound = [...scope.keys()].filter((prefix) => prefix !== "xsi");
  const attributes = new Map<string, string>();
  if (dice.once(2)) attributes.set("a", dice.pick(["p:b", "1", "q:c d"]));
  const prefix = dice.pick(bound);
  if (prefix !== "" && dice.once(2)) attributes.set(qualified(prefix, "b"), "2");
  if (dice.once(2)) attributes.set("xsi:type", dice.pick([" ", ""]) + qualified(dice.pick(bound), "Type"));
  const name = qualified(dice.pick(bound), dice.pick(["x", "y"]));
  return `<${name}${text}${[...attributes].map(([key, value]) => ` ${key}="${value}"`).join("")}>${content(scope, dice, depth - 1)}</${name}>`;
}

function documentFrom(dice: Dice): string {
  const own = dice.pick(["", "t", "taxii_11"]);
  const tag = (local: string): string => qualified(own, local);
  const fixed = new Map([
    [own, taxii],
    ["xsi", xsiNamespace],
  ]);
  const root = declare(new Map(), dice, fixed);
  // What the envelope's own names need stays as it is.
  const kept = new Map([[own, taxii]]);
  const block = declare(root.scope, dice, kept);
  const within = declare(block.scope, dice, kept);
  const inside = content(within.scope, dice, 3);
  return (
    `<${tag("Inbox_Message")}${root.text} message_id="1"><${tag("Content_Block")}${block.text}><${tag("Content_Binding")} binding_id="urn:c"/>` +
    `<${tag("Content")}${within.text}>${inside}</${tag("Content")}></${tag("Content_Block")}></${tag("Inbox_Message")}>`
  );
}

/** What nodes are, by exclusive canonical XML, with what every xsi:type names beside it. */
function meaning(nodes: readonly XmlNode[]): unknown[] {
  const result: unknown[] = [];
  for (const node of nodes) {
    const last = result.at(-1);
    if (node instanceof XmlElement) {
      const typed = node.find("descendant-or-self::*[@xsi:type]", { xsi: xsiNamespace }).filter((found) => found instanceof XmlElement);
      result.push([node.canonicalizeToString({ mode: XmlC14NMode.XML_C14N_EXCLUSIVE_1_0, withComments: true }), typed.map(typeOf)]);
    } else if (node.find("self::text()").length > 0) {
      if (typeof last === "string") result[result.length - 1] = last + node.content;
      else result.push(node.content);
    } else result.push({ comment: node instanceof XmlComment, content: node.content });
  }
  return result;
}

function typeOf(element: XmlElement): string {
  const type = element.attrs.find(({ name, namespaceUri }) => name === "type" && namespaceUri === xsiNamespace);
  const name = (type?.value ?? "").trim();
  const prefix = name.includes(":") ? name.slice(0, name.indexOf(":")) : "";
  return `{${element.namespaces[prefix] ?? ""}}${name}`;
}

const seeds = fc.noBias(fc.integer({ min: 0, max: 2 ** 32 - 1 }));
const contentPath = `//*[local-name() = 'Content' and namespace-uri() = '${taxii}'][1]/node()`;

test("captured content means what it meant", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const source = documentFrom(new Dice(seed));
      const captured = fromXml(InboxMessage, source).contentBlocks[0]?.content;
      if (captured === undefined || !isXmlContent(captured)) return;
      using original = XmlDocument.fromString(source);
      using alone = XmlDocument.fromString(`<alone>${captured.xml}</alone>`);
      expect(meaning(alone.find("/alone/node()")), source).toEqual(meaning(original.find(contentPath)));
    }),
    { seed: 7, numRuns: 2000 },
  );
});

test("captured signatures mean what they meant", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const dice = new Dice(seed);
      const root = declare(
        new Map(),
        dice,
        new Map([
          ["t", taxii],
          ["ds", dsig],
          ["xsi", xsiNamespace],
        ]),
      );
      const own = declare(root.scope, dice, new Map([["ds", dsig]]));
      const source = `<t:Inbox_Message${root.text} message_id="1"><ds:Signature${own.text}><ds:SignedInfo/><ds:Object>${content(own.scope, dice, 2)}</ds:Object></ds:Signature></t:Inbox_Message>`;
      const captured = fromXml(InboxMessage, source).signature?.xml ?? "";
      using original = XmlDocument.fromString(source);
      using alone = XmlDocument.fromString(captured);
      expect(meaning([alone.root]), source).toEqual(meaning(original.find("/*/*")));
    }),
    { seed: 8, numRuns: 1000 },
  );
});

test("content is captured alike from pieces", async () => {
  await fc.assert(
    fc.asyncProperty(seeds, async (seed) => {
      const dice = new Dice(seed);
      const bytes = new TextEncoder().encode(documentFrom(dice));
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < bytes.length; at += pieces.at(-1)?.length ?? 1) pieces.push(bytes.subarray(at, at + 1 + dice.below(40)));
      const { message, blocks } = await readMessageStream(InboxMessage, pieces);
      for await (const block of blocks) message.contentBlocks.push(block);
      expect(message).toEqual(fromXml(InboxMessage, bytes));
    }),
    { seed: 9, numRuns: 300 },
  );
});
