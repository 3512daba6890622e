/** Rules that both versions share, found by the tables: markup, services, order of time, nesting. */

import { isContent, isXmlContent } from "../binding/content.js";
import type { Field, Shape } from "../binding/index.js";
import { compile } from "../codec/compiled.js";
import { parseFragment, problemOf } from "../codec/fragment.js";
import { quote } from "../codec/frames.js";
import { draft111, protocols } from "../constants.js";
import { ParseError } from "../errors.js";
import { isNesting } from "./content-binding.js";
import { shapesWithin } from "./plan.js";
import { type Report, type Rule, rule } from "./rule.js";
import { identifierRules } from "./rules-identifiers.js";
import { compareTimestamps } from "./timestamp.js";

/** The rules that need no more than the tables of a module's messages. */
export function commonRules(module: string, messages: readonly Shape[]): Rule[] {
  const perShape = [...shapesWithin(...messages)].flatMap((shape) => [
    ...markupRules(module, shape),
    ...signatureRules(module, shape),
    ...messageBindingRules(module, shape),
    ...addressRules(module, shape),
    ...outsideNestingRules(module, shape),
  ]);
  return [...identifierRules(module, messages), ...perShape];
}

const partOf = (value: unknown, property: string): unknown =>
  typeof value === "object" && value !== null ? Reflect.get(value, property) : undefined;

function markupRules(module: string, shape: Shape): Rule[] {
  const properties = shape.fields.filter(isOpenContent).map(({ property }) => property);
  if (properties.length === 0) return [];
  return [
    rule(shape, `${module}/content-is-well-formed`, ["XML-CBK-003", "XML-GEN-015"], (value, report) => {
      for (const property of properties) {
        const content = partOf(value, property);
        if (!isContent(content) || !isXmlContent(content)) continue;
        const problem = problemOf(content);
        if (problem !== undefined) report(problem, property);
      }
    }),
  ];
}

const isOpenContent = (field: Field): boolean => field.kind === "content" || (field.kind === "element" && field.keep === "inner");

function signatureRules(module: string, shape: Shape): Rule[] {
  const signature = compile(shape).children.find(({ field }) => field.keep === "outer");
  if (signature === undefined) return [];
  const { property } = signature.field;
  return [
    rule(shape, `${module}/signature-is-one-element`, ["SIG-MSG-001", "SIG-MSG-002"], (value, report) => {
      const content = partOf(value, property);
      if (!isContent(content) || !isXmlContent(content)) return;
      const problem = problemOfWhole(content.xml, signature.namespace, signature.local);
      if (problem !== undefined) report(problem, property);
    }),
  ];
}

function problemOfWhole(xml: string, namespace: string, local: string): string | undefined {
  try {
    const { elements, text } = parseFragment(xml);
    const [only] = elements;
    const right = elements.length === 1 && !text && only?.namespace === namespace && only.local === local;
    return right ? undefined : `expected one element ${local} of ${namespace} and nothing beside it`;
  } catch (error) {
    if (error instanceof ParseError) return error.message;
    throw error;
  }
}

function messageBindingRules(module: string, shape: Shape): Rule[] {
  if (!shape.fields.some(({ property }) => property === "messageBindings")) return [];
  return [
    rule(shape, `${module}/message-bindings-differ`, "XML-DSC-004", (value, report) => {
      const bindings = partOf(value, "messageBindings");
      if (Array.isArray(bindings)) reportRepeated(bindings, report, "messageBindings");
    }),
  ];
}

/** Reports every value that has been in the list before. */
export function reportRepeated(values: readonly unknown[], report: Report, property: string, within?: string): void {
  const seen = new Set<unknown>();
  for (const [index, value] of values.entries()) {
    if (seen.has(value)) report(`${quote(String(value))} is there already`, property, index, ...(within === undefined ? [] : [within]));
    seen.add(value);
  }
}

const schemes: ReadonlyMap<unknown, string> = new Map([
  [protocols.http, "http"],
  [protocols.https, "https"],
  [draft111.http, "http"],
  [draft111.https, "https"],
]);

function addressRules(module: string, shape: Shape): Rule[] {
  if (!shape.fields.some(({ property }) => property === "address")) return [];
  return [
    rule(
      shape,
      `${module}/address-suits-protocol`,
      "XML-DSC-012",
      (value, report) => {
        const scheme = schemes.get(partOf(value, "protocolBinding"));
        const address = String(partOf(value, "address"));
        if (scheme !== undefined && !isUrl(address.trim(), scheme))
          report(`expected an absolute ${scheme} URL, found ${quote(address)}`, "address");
      },
      "tolerated",
    ),
  ];
}

function isUrl(address: string, scheme: string): boolean {
  return new RegExp(`^${scheme}://[^/?#\\s]+[^\\s]*$`, "i").test(address) && URL.canParse(address);
}

/** Everywhere but in content blocks a binding is one format. */
function outsideNestingRules(module: string, shape: Shape): Rule[] {
  const isBlock = shape.type === "ContentBlockType" || shape.type === "ContentInstanceType";
  const property = ["bindingId", "contentBindings"].find((name) => shape.fields.some((field) => field.property === name));
  if (isBlock || property === undefined) return [];
  return [
    rule(shape, `${module}/nesting-stays-in-blocks`, "CB-NEST-006", (value, report) => {
      const found = partOf(value, property);
      const ids: readonly unknown[] = Array.isArray(found) ? found : [found];
      for (const [index, id] of ids.entries()) {
        const wrong = typeof id === "string" && isNesting(id);
        if (wrong)
          report(
            `only content blocks can have a nesting expression, found ${quote(id)}`,
            property,
            ...(Array.isArray(found) ? [index] : []),
          );
      }
    }),
  ];
}

/** Reports a range that ends where it begins, or before (XML-PRQ-002). */
export function reportEmptyRange(begin: string | undefined, end: string | undefined, report: Report, property: string): void {
  if (begin === undefined || end === undefined || compareTimestamps(begin, end) < 0) return;
  report(`the range ends at ${end}; expected an end later than its begin, ${begin}`, property);
}
