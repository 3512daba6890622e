/** Records of STIX, changed here and there, and queries made from what is in them. */

import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import type { Criteria } from "../../generated/default-query/index.js";
import { defaultLimits } from "../../src/xml/limits.js";
import { parseTree, type XmlElement } from "../../src/xml/tree.js";
import { type Asked, criteriaOf, escaped, numberRelationship, textRelationship, valueOf, type Written } from "./arbitrary.js";
import type { Node } from "./reference.js";
import { record } from "./worked.js";

/** An element that can be changed. */
interface Draft {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly text: string;
  readonly children: readonly Draft[];
}

const samples = new URL("../../samples/stix/", import.meta.url);
const documents: readonly Draft[] = [record, ...readdirSync(samples).map((file) => readFileSync(new URL(file, samples), "utf8"))].map(
  (markup) => draftOf(parseTree(markup, { limits: defaultLimits })),
);

function draftOf({ name, attributes, text, children }: XmlElement): Draft {
  return {
    name,
    attributes: attributes.map(({ namespace, local, value }) => [namespace.endsWith("XMLSchema-instance") ? `xsi:${local}` : local, value]),
    text: children.length > 0 ? text.replaceAll(/[^\t\n\r ]/g, "") : text,
    children: children.map(draftOf),
  };
}

/** The change after which characters may stand beside elements. */
const mixing = "text beside children";

/** What a change does to an element somewhere in a document. */
const changes: Readonly<Record<string, (element: Draft) => Draft>> = {
  "no children": (element) => ({ ...element, children: [] }),
  "children twice": (element) => ({ ...element, children: [...element.children, ...element.children.slice(0, 2)] }),
  "children backwards": (element) => ({ ...element, children: element.children.toReversed() }),
  "first child gone": (element) => ({ ...element, children: element.children.slice(1) }),
  "an attribute gone": (element) => ({ ...element, attributes: element.attributes.slice(1) }),
  "other case": (element) => ({ ...element, text: element.text.toUpperCase() }),
  "no text": (element) => ({ ...element, text: "" }),
  "white space around": (element) => ({ ...element, text: ` ${element.text}\n` }),
  [mixing]: (element) => ({ ...element, text: `${element.text}beside` }),
  "one level more": (element) => ({ ...element, text: "", children: [element] }),
};

function changed(element: Draft, at: number, change: (element: Draft) => Draft): Draft {
  if (at === 0) return change(element);
  let before = 1;
  for (const [index, child] of element.children.entries()) {
    const size = sizeOf(child);
    if (at < before + size) return { ...element, children: element.children.with(index, changed(child, at - before, change)) };
    before += size;
  }
  return element;
}

function sizeOf({ children }: Draft): number {
  return children.reduce((sum, child) => sum + sizeOf(child), 1);
}

const localOf = (name: string): string => name.slice(name.indexOf(":") + 1);

function nodeOf({ name, attributes, text, children }: Draft): Node {
  const nodes = attributes.map(([key, value]): Node => ({ name: localOf(key), isAttribute: true, value, children: [] }));
  return {
    name: localOf(name),
    isAttribute: false,
    value: valueOf(text, children.length > 0),
    children: [...nodes, ...children.map(nodeOf)],
  };
}

/** Its text stands before its children or behind them, which is the same for its value. */
function markupOf({ name, attributes, text, children }: Draft, declarations = ""): string {
  const written = attributes.map(([key, value]) => ` ${key}="${escaped(value)}"`).join("");
  const inner = children.map((child) => markupOf(child)).join("");
  const content = children.length % 2 === 0 ? `${escaped(text)}${inner}` : `${inner}${escaped(text)}`;
  return content === "" ? `<${name}${declarations}${written}/>` : `<${name}${declarations}${written}>${content}</${name}>`;
}

function prefixesOf({ name, attributes, children }: Draft): Set<string> {
  const own = [name, ...attributes.map(([key]) => key)].filter((key) => key.includes(":")).map((key) => key.slice(0, key.indexOf(":")));
  return new Set([...own, ...children.flatMap((child) => [...prefixesOf(child)])]);
}

function writtenOf(draft: Draft): Written {
  const declarations = [...prefixesOf(draft)].map((prefix) => ` xmlns:${prefix}="urn:example:${prefix}"`).join("");
  return { node: nodeOf(draft), markup: markupOf(draft, declarations) };
}

/** Every node's path and value. */
function nodesOf(
  { name, isAttribute, value, children }: Node,
  above: readonly string[] = [],
): { path: readonly string[]; value: string }[] {
  const path = [...above, isAttribute ? `@${name}` : name];
  return [{ path, value: value ?? "" }, ...children.flatMap((child) => nodesOf(child, path))];
}

function changedDocument(names: readonly string[]): fc.Arbitrary<Written> {
  const edit = fc.tuple(fc.nat(), fc.constantFrom(...names));
  return fc.tuple(fc.constantFrom(...documents), fc.array(edit, { maxLength: 3 })).map(([draft, edits]) => {
    const after = edits.reduce((before, [at, name]) => changed(before, at % sizeOf(before), changes[name] ?? ((same) => same)), draft);
    return writtenOf(after);
  });
}

/** Steps of a path, some of them as wildcards, so that most of the results denote the path still. */
function targetFrom(path: readonly string[], choices: readonly number[]): string {
  const steps = path.map((step, index) => (((choices[index] ?? 0) & 7) === 1 && !step.startsWith("@") ? "*" : step));
  const [from = 0, length = 0, kind = 0] = choices.slice(-3);
  if (kind % 3 === 0) steps.splice(from % steps.length, length % 4, "**");
  if (kind % 7 === 1) steps[from % steps.length] = steps[from % steps.length]?.startsWith("@") === true ? "@other" : "Other";
  // An attribute may have been made the last step's neighbour only, never one with steps behind it.
  return steps.filter((step, index) => !step.startsWith("@") || index === steps.length - 1).join("/") || "**";
}

/** A value that is like another: the same, a part of it, in other case, or another. */
function valueFrom(value: string, [from = 0, length = 0, kind = 0]: readonly number[]): string {
  const start = from % (value.length + 1);
  const forms = [
    value,
    value.slice(start),
    value.slice(0, start),
    value.slice(start, start + (length % 12)),
    value.toUpperCase(),
    value.toLowerCase(),
    ` ${value}`,
    "",
  ];
  return forms[kind % forms.length] ?? value;
}

const choices = fc.array(fc.nat(1000), { minLength: 12, maxLength: 12 });

/** A record, and criteria about it. */
export interface StixCase {
  readonly written: Written;
  readonly query: Criteria;
}

function casesOf(documentsToAsk: fc.Arbitrary<Written>): fc.Arbitrary<StixCase> {
  return documentsToAsk.chain((written) => {
    const node = fc.constantFrom(...nodesOf(written.node));
    // Mostly a value is looked for where it is.
    const asked = fc.tuple(node, choices, choices, fc.option(node, { freq: 4 })).chain(([there, steps, cuts, other]) => {
      const value = valueFrom((other ?? there).value, cuts);
      const what: fc.Arbitrary<Asked> = fc.oneof(
        { weight: 5, arbitrary: textRelationship(fc.constant(value)) },
        numberRelationship(fc.constantFrom("0", "10240", "48128", "-1", "2000")),
      );
      return fc.tuple(fc.constant(targetFrom(there.path, steps)), what);
    });
    return criteriaOf(asked).map((query) => ({ written, query }));
  });
}

/** Any records of STIX. */
export const stixCase = casesOf(changedDocument(Object.keys(changes)));
/** Those in which no characters stand beside elements. */
export const plainStixCase = casesOf(changedDocument(Object.keys(changes).filter((name) => name !== mixing)));
