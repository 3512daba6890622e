/** Changes to valid documents, small enough that many results are valid still. */

import { xmlNamespace, xsiNamespace } from "../../src/xml/names.js";
import type { Dice } from "./dice.js";
import { type Attribute, copyOf, type Element, elementsOf, isElement, type Node, parse, type Text, write } from "./tree.js";
import { attributeNames, elementNames, markupTexts, namespaces, typeNames, valueTexts, xsdNamespace } from "./vocabulary.js";

/** What a mutation of a tree has at hand. */
interface Subject {
  readonly root: Element;
  /** An element, perhaps the root. */
  readonly element: Element;
  /** Elements with children to be changed. */
  readonly parents: readonly Element[];
  readonly dice: Dice;
}

type TreeMutation = (subject: Subject) => void;

const textNode = (text: string, cdata = false): Text => ({ kind: "text", text, cdata });

function insert(element: Element, node: Node, dice: Dice): void {
  element.children.splice(dice.below(element.children.length + 1), 0, node);
}

/** A parent and the index of one of its child elements. */
function someChild({ parents, dice }: Subject): { readonly parent: Element; readonly index: number } | undefined {
  const candidates = parents.filter(({ children }) => children.some(isElement));
  if (candidates.length === 0) return undefined;
  const parent = dice.pick(candidates);
  return { parent, index: dice.pick([...parent.children.keys()].filter((index) => parent.children[index]?.kind === "element")) };
}

function someAttribute({ parents, dice }: Subject): { readonly element: Element; readonly attribute: Attribute } | undefined {
  const candidates = parents.flatMap((element) => element.attributes.map((attribute) => ({ element, attribute })));
  return candidates.length === 0 ? undefined : dice.pick(candidates);
}

function addAttribute(element: Element, attribute: Attribute): void {
  element.attributes = [
    ...element.attributes.filter(({ namespace, local }) => namespace !== attribute.namespace || local !== attribute.local),
    attribute,
  ];
}

const treeMutations: readonly TreeMutation[] = [
  function drop(subject) {
    const found = someChild(subject);
    found?.parent.children.splice(found.index, 1);
  },
  function repeat(subject) {
    const found = someChild(subject);
    const child = found?.parent.children[found.index];
    if (child !== undefined) found?.parent.children.splice(found.index, 0, copyOf(child));
  },
  function swap(subject) {
    const found = someChild(subject);
    if (found === undefined) return;
    const [child] = found.parent.children.splice(found.index, 1);
    if (child !== undefined) insert(found.parent, child, subject.dice);
  },
  function move(subject) {
    const found = someChild(subject);
    const child = found?.parent.children[found.index];
    if (found === undefined || child === undefined) return;
    if (subject.dice.once(2)) found.parent.children.splice(found.index, 1);
    insert(subject.dice.pick(subject.parents), copyOf(child), subject.dice);
  },
  function intoOpenContent(subject) {
    const open = subject.parents.filter(({ local }) =>
      /^(?:Content|Extended_Header|Detail|Query|Supported_Query|Object|KeyInfo)$/.test(local),
    );
    if (open.length > 0) insert(subject.dice.pick(open), copyOf(subject.dice.pick(subject.parents)), subject.dice);
  },
  function rename({ element, dice }) {
    element.local = dice.pick(elementNames);
  },
  function renamespace({ element, dice }) {
    element.namespace = dice.pick(namespaces);
  },
  function renamespaceAll({ element, dice }) {
    const namespace = dice.pick(namespaces);
    for (const within of elementsOf(element)) within.namespace = namespace;
  },
  function retext({ parents, dice }) {
    const candidates = parents.filter(({ children }) => !children.some(isElement));
    if (candidates.length > 0) dice.pick(candidates).children = [textNode(dice.pick(valueTexts))];
  },
  function empty({ element }) {
    element.children = [];
  },
  function unwrap(subject) {
    const found = someChild(subject);
    const child = found?.parent.children[found.index];
    if (child?.kind === "element") found?.parent.children.splice(found.index, 1, ...child.children);
  },
  function wrap(subject) {
    const found = someChild(subject);
    const child = found?.parent.children[found.index];
    if (found === undefined || child === undefined) return;
    const { dice } = subject;
    found.parent.children[found.index] = {
      kind: "element",
      namespace: dice.pick(namespaces),
      local: dice.pick(elementNames),
      attributes: [],
      children: [child],
    };
  },
  function insertText({ element, dice }) {
    insert(element, textNode(dice.pick(valueTexts), dice.once(3)), dice);
  },
  function insertSpace({ element, dice }) {
    insert(element, textNode(dice.pick([" ", "\n  ", "\t", ""]), dice.once(4)), dice);
  },
  function insertOther({ element, dice }) {
    insert(element, { kind: "other", markup: dice.pick(["<!---->", "<!-- a -->", "<?a?>", "<?a b ?>"]) }, dice);
  },
  function insertElement({ element, dice }) {
    insert(
      element,
      { kind: "element", namespace: dice.pick(namespaces), local: dice.pick(elementNames), attributes: [], children: [] },
      dice,
    );
  },
  function dropAttribute(subject) {
    const found = someAttribute(subject);
    if (found !== undefined) found.element.attributes = found.element.attributes.filter((attribute) => attribute !== found.attribute);
  },
  function renameAttribute(subject) {
    const found = someAttribute(subject);
    if (found !== undefined) addAttribute(found.element, { ...found.attribute, local: subject.dice.pick(attributeNames) });
  },
  function renamespaceAttribute(subject) {
    const found = someAttribute(subject);
    if (found !== undefined) found.attribute.namespace = subject.dice.pick(namespaces);
  },
  function revalue(subject) {
    const found = someAttribute(subject);
    if (found !== undefined) found.attribute.value = subject.dice.pick(valueTexts);
  },
  function moveAttribute(subject) {
    const found = someAttribute(subject);
    if (found !== undefined) addAttribute(subject.dice.pick(subject.parents), { ...found.attribute });
  },
  function addAnyAttribute({ element, dice }) {
    addAttribute(element, {
      namespace: dice.once(3) ? dice.pick(namespaces) : "",
      local: dice.pick(attributeNames),
      value: dice.pick(valueTexts),
    });
  },
  function addXmlAttribute({ element, dice }) {
    addAttribute(element, {
      namespace: xmlNamespace,
      local: dice.pick(["lang", "space", "base", "id", "x"]),
      value: dice.pick(["en", "preserve", "", "a"]),
    });
  },
  function addSchemaAttribute({ element, dice }) {
    const local = dice.pick(["schemaLocation", "noNamespaceSchemaLocation", "nil", "x"]);
    addAttribute(element, { namespace: xsiNamespace, local, value: local === "nil" ? dice.pick(["true", "false", "1", "x"]) : "urn:a b" });
  },
];

/** Says that an element has this or another type; its prefix may or may not be bound where it stands. */
function addType({ element, dice }: Subject): void {
  const type = { namespace: xsiNamespace, local: "type", value: dice.pick(typeNames) };
  if (dice.once(3)) addAttribute(element, { ...type, value: dice.pick(["", "t:", "taxii_11:", "x:"]) + type.value });
  else addAttribute(element, { ...type, of: dice.pick([element.namespace, xsdNamespace, ...namespaces]) });
}

/** Changes trees `times` times, and writes the result in some way. */
export function mutateTree(document: string, dice: Dice, times: number): string {
  const root = parse(document);
  for (let done = 0; done < times; done++) {
    const parents = elementsOf(root);
    const mutation = dice.once(40) ? addType : dice.pick(treeMutations);
    // Elements near the root are few, and faults there are the more interesting ones.
    const element = dice.once(3) ? root : dice.pick(parents);
    mutation({ root, element, parents, dice });
  }
  return write(root, dice);
}

const encoder = new TextEncoder();

/** Changes to the characters of a document, and to its bytes. */
export function mutateCharacters(document: string, dice: Dice): Uint8Array {
  const at = dice.below(document.length + 1);
  const until = Math.min(at + 1 + dice.below(dice.pick([1, 8, 64])), document.length);
  switch (dice.below(6)) {
    case 0:
      return encoder.encode(document.slice(0, at));
    case 1:
      return encoder.encode(document.slice(0, at) + document.slice(until));
    case 2:
      return encoder.encode(document.slice(0, until) + document.slice(at));
    case 3:
      return flipped(encoder.encode(document), dice);
    default:
      return encoder.encode(document.slice(0, at) + dice.pick(markupTexts) + document.slice(dice.once(2) ? at : until));
  }
}

function flipped(bytes: Uint8Array, dice: Dice): Uint8Array {
  const index = dice.below(bytes.length);
  bytes[index] = (bytes[index] ?? 0) ^ (1 << dice.below(8));
  return bytes;
}
