/** Valid values of any shape, by walking its table. */

import fc from "fast-check";
import type { Model, Wildcard } from "../../src/binding/content-model.js";
import type { Content, ElementContent, Leaf, Shape } from "../../src/binding/index.js";
import { type Child, type Compiled, compile } from "../../src/codec/compiled.js";
import { toXml } from "../../src/codec/xml.js";
import { escapeText } from "../../src/xml/escape.js";
import { leafValue } from "./leaves.js";
import { taxii10, taxii11, xmldsig } from "./modules.js";
import { foreignElement, openContent, unknownElement } from "./open-content.js";

/** One child of an element: a declared one, or what a wildcard takes. */
type Item = { readonly child: Child; readonly value: unknown } | { readonly any: ElementContent };

/** Shapes that are open around a part, and how many messages may still be put within messages. */
interface Place {
  readonly open: readonly Shape[];
  readonly level: number;
}

const made = new Map<string, fc.Arbitrary<object>>();

/** Values of `shape`. Within open content, messages and signatures are at most `level` deep. */
export function valuesOf(shape: Shape<object>, level = 1): fc.Arbitrary<object> {
  const key = `${shape.name} ${level}`;
  const known = made.get(key);
  if (known !== undefined) return known;
  const values = shapeValue(shape, { open: [], level });
  made.set(key, values);
  return values;
}

function shapeValue(shape: Shape, { open, level }: Place): fc.Arbitrary<object> {
  const compiled = compile(shape);
  const place = { open: [...open, shape], level };
  return fc.tuple(attributesOf(compiled), insideOf(compiled, place)).map(([attributes, inside]) => ({
    ...(shape.role === "message" ? { $type: shape.name } : {}),
    ...attributes,
    ...inside,
  }));
}

function attributesOf({ attributes }: Compiled): fc.Arbitrary<object> {
  const entries = attributes.map(({ property, leaf, required, default: fallback }) => {
    const values = leafValue(leaf);
    return [property, required || fallback !== undefined ? values : fc.option(values, { nil: undefined })] as const;
  });
  return fc.record(Object.fromEntries(entries));
}

function insideOf(compiled: Compiled, place: Place): fc.Arbitrary<object> {
  switch (compiled.kind) {
    case "empty":
      return fc.constant({});
    case "value": {
      const { value } = compiled;
      return value === undefined ? fc.constant({}) : leafValue(value.leaf).map((found) => ({ [value.property]: found }));
    }
    case "mixed": {
      const property = compiled.content?.property ?? "content";
      return contentOf(compiled, place).map((content) => ({ [property]: content }));
    }
    case "elements":
      return itemsOf(compiled.shape.model, compiled, place).map((items) => gather(compiled, items));
  }
}

/** Children as the properties they are. */
function gather(compiled: Compiled, items: readonly Item[]): object {
  const lists: Record<string, unknown[]> = Object.fromEntries(compiled.lists.map((property) => [property, []]));
  const single: Record<string, unknown> = {};
  for (const item of items) {
    if ("any" in item) {
      const { wildcard } = compiled;
      lists[wildcard?.property ?? ""]?.push(wildcard?.tagged === true ? { any: item.any } : item.any);
      continue;
    }
    const { field, items: tagged } = item.child;
    if (tagged !== undefined) lists[tagged]?.push({ [field.property]: item.value });
    else if (field.many) lists[field.property]?.push(item.value);
    else single[field.property] = item.value;
  }
  for (const { field, items: tagged } of compiled.children) {
    if (tagged === undefined && !field.many && field.default !== undefined) single[field.property] ??= field.default;
  }
  return { ...single, ...lists };
}

/** Sequences of children a content model allows. */
function itemsOf(model: Model | undefined, compiled: Compiled, place: Place): fc.Arbitrary<readonly Item[]> {
  const of = (part: Model): fc.Arbitrary<readonly Item[]> => itemsOf(part, compiled, place);
  if (model === undefined) return fc.constant([]);
  if (typeof model === "string") return childOf(model, compiled, place);
  switch (model.op) {
    case "any":
      return wildcardElement(model, compiled.shape.namespace, place).map((any) => [{ any }]);
    case "seq":
      return fc.tuple(...model.parts.map(of)).map((parts) => parts.flat());
    case "alt":
      return fc.oneof(...model.parts.filter((part) => !recurs(part, compiled, place)).map(of));
    case "opt":
      return fc.oneof(fc.constant([]), of(model.part));
    case "many":
      return fc.array(of(model.part), { maxLength: 2 }).map((parts) => parts.flat());
    case "some":
      return fc.array(of(model.part), { minLength: 1, maxLength: 2 }).map((parts) => parts.flat());
  }
}

/** Whether an alternative leads into a shape that is open twice already. */
function recurs(part: Model, compiled: Compiled, { open }: Place): boolean {
  const target = typeof part === "string" ? compiled.children.find(({ local }) => local === part)?.target : undefined;
  return open.filter((shape) => shape === target).length > 1;
}

function childOf(local: string, compiled: Compiled, place: Place): fc.Arbitrary<readonly Item[]> {
  const child = compiled.children.find((candidate) => candidate.local === local);
  if (child === undefined) throw new Error(`${compiled.shape.name} has no child ${local}`);
  return childValue(child, place).map((value) => [{ child, value }]);
}

function childValue({ field, target }: Child, place: Place): fc.Arbitrary<unknown> {
  if (target.kind === "leaf") return leafValue(target);
  if (field.keep === "inner") return contentOf(compile(target), place);
  return field.keep === "outer" ? wholeElement(target, place.level).map((xml): ElementContent => ({ xml })) : shapeValue(target, place);
}

function wholeElement(shape: Shape, level: number): fc.Arbitrary<string> {
  if (!isObjectShape(shape)) throw new Error(`${shape.name} is no shape of objects`);
  return valuesOf(shape, level).map((value) => toXml(shape, value, { declaration: false }));
}

function contentOf(compiled: Compiled, place: Place): fc.Arbitrary<Content> {
  const { model } = compiled.shape;
  const elements = itemsOf(model, compiled, place).map((items) =>
    items.map((item) => ("any" in item ? item.any.xml : childMarkup(item.child, item.value))),
  );
  return openContent({ elements, mayBeText: compiled.start.complete });
}

/** A child that open content names, as markup. */
function childMarkup({ local, namespace, target }: Child, value: unknown): string {
  if (target.kind === "leaf")
    return `<c:${local} xmlns:c="${namespace}">${target.accepts(value) ? escapeText(target.format(value)) : ""}</c:${local}>`;
  if (!isObjectShape(target) || typeof value !== "object" || value === null) throw new Error(`${local} has no value`);
  return toXml(target, value, { declaration: false, element: local });
}

const globals = [
  ...taxii11.messages,
  ...taxii10.messages,
  xmldsig.KeyInfo,
  xmldsig.Signature,
  xmldsig.Manifest,
  xmldsig.SignatureProperties,
].filter(isObjectShape);

function wildcardElement({ namespace, process }: Wildcard, target: string, { level }: Place): fc.Arbitrary<ElementContent> {
  const fitting = globals.filter((shape) => namespace === "##any" || shape.namespace !== target);
  const known = fc
    .nat({ max: fitting.length - 1 })
    .chain((index) => wholeElement(fitting[index] ?? taxii11.DiscoveryRequest, level - 1).map((xml) => ({ xml })));
  const unknown = namespace === "##any" ? unknownElement : foreignElement;
  if (process === "strict")
    return level > 0 ? known : fc.constant({ xml: `<m:Discovery_Request xmlns:m="${taxii11.globals.namespace}" message_id="1"/>` });
  return level > 0 ? fc.oneof({ weight: 6, arbitrary: unknown }, { weight: 1, arbitrary: known }) : unknown;
}

/** Every shape is one of objects. */
export function isObjectShape(shape: Shape | Leaf<unknown>): shape is Shape<object> {
  return shape.kind === "shape";
}
