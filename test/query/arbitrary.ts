/** Random records and queries. */

import fc from "fast-check";
import type { Criteria, Criterion } from "../../generated/default-query/index.js";
import type { Node } from "./reference.js";
import { criteria, criterion } from "./worked.js";

/** A tree, and the markup that says it. */
export interface Written {
  readonly node: Node;
  readonly markup: string;
}

export const name = fc.constantFrom("a", "b", "c", "Long_Name-1.x");
const text = fc.constantFrom("", " ", "\n\t", "x", "X", "xyz", "10", " 010 ", "-3", "Äx", "1<2 & 3", "x\ny");

/** Characters as they stand in markup, in values as well as between tags. */
export function escaped(value: string): string {
  return value
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\t", "&#9;");
}

/** The value of an element (QRY-EVAL-008). */
export function valueOf(own: string, hasChildren: boolean): string | undefined {
  return hasChildren && /^[\t\n\r ]*$/.test(own) ? undefined : own;
}

/** Elements in which characters stand between others, or only in those that have no others. */
function elements(mixed: boolean): fc.Arbitrary<Written> {
  return fc.letrec<{ element: Written }>((tie) => ({
    element: fc
      .record({
        name,
        prefix: fc.constantFrom("", "p:", "q:"),
        attributes: fc.uniqueArray(fc.record({ name, value: text }), { selector: ({ name: key }) => key, maxLength: 2 }),
        parts: fc.array(fc.oneof({ maxDepth: 4 }, text, tie("element")), { maxLength: 4 }),
        cdata: fc.boolean(),
      })
      .map(({ name: local, prefix, attributes, parts: given, cdata }) => {
        const children = given.flatMap((part) => (typeof part === "string" ? [] : [part.node]));
        const parts = mixed || children.length === 0 ? given : given.map((part) => (typeof part === "string" ? "\n " : part));
        const inner = parts.map((part) => {
          if (typeof part !== "string") return part.markup;
          return cdata ? `<![CDATA[${part}]]><!-- a note -->` : escaped(part);
        });
        const own = parts.filter((part) => typeof part === "string").join("");
        const nodes = attributes.map(({ name: key, value }): Node => ({ name: key, isAttribute: true, value, children: [] }));
        const written = attributes.map(({ name: key, value }) => ` ${key}="${escaped(value)}"`).join("");
        return {
          node: { name: local, isAttribute: false, value: valueOf(own, children.length > 0), children: [...nodes, ...children] },
          markup: `<${prefix}${local} xmlns:p="urn:p" xmlns:q="urn:q"${written}>${inner.join("")}</${prefix}${local}>`,
        };
      }),
  })).element;
}

/** Elements with anything in them. */
export const mixedElement = elements(true);
/** Elements with either others or characters in them. */
export const plainElement = elements(false);

const step = fc.oneof(name, fc.constant("*"), fc.constant("**"));

/** Targets over the names of these elements. */
export const target = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 4 }), fc.option(name.map((local) => `@${local}`)))
  .map(([steps, last]) => [...steps, ...(last === null ? [] : [last])].join("/"));

/** A relationship and its parameters. */
export interface Asked {
  readonly relationship: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** What can be asked of texts, with values like this one. */
export function textRelationship(value: fc.Arbitrary<string>): fc.Arbitrary<Asked> {
  return fc.oneof(
    fc.record({
      relationship: fc.constantFrom("equals", "not_equals"),
      parameters: fc.record({ value, match_type: fc.constantFrom("case_sensitive_string", "case_insensitive_string") }),
    }),
    fc.record({
      relationship: fc.constantFrom("begins_with", "ends_with", "contains"),
      parameters: fc.record({ value, case_sensitive: fc.constantFrom("true", "false") }),
    }),
    fc.record({ relationship: fc.constantFrom("exists", "does_not_exist"), parameters: fc.constant({}) }),
  );
}

/** What can be asked of numbers. */
export function numberRelationship(value: fc.Arbitrary<string>): fc.Arbitrary<Asked> {
  return fc.oneof(
    fc.record({
      relationship: fc.constantFrom("greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"),
      parameters: fc.record({ value }),
    }),
    fc.record({
      relationship: fc.constantFrom("equals", "not_equals"),
      parameters: fc.record({ value, match_type: fc.constant("number") }),
    }),
  );
}

/** What can be asked of the texts of these elements, as every evaluator can tell. */
export const plainRelationship = fc.oneof(textRelationship(text), numberRelationship(fc.constantFrom("10", "-3", "9")));

/** What can be asked of them altogether. */
export const relationship = fc.oneof(
  { weight: 4, arbitrary: plainRelationship },
  numberRelationship(fc.constantFrom("+9", "10")),
  fc.record({
    relationship: fc.constant("regex:matches"),
    parameters: fc.record({ value: fc.constantFrom("^x", "y$", "[0-9]+", "x.?z", "^$") }),
  }),
);

/** Criteria within criteria, each of a target and what is asked there. */
export function criteriaOf(asked: fc.Arbitrary<readonly [target: string, Asked]>): fc.Arbitrary<Criteria> {
  return fc.letrec<{ tree: Criteria; leaf: Criterion }>((tie) => ({
    tree: fc
      .tuple(
        fc.constantFrom("AND" as const, "OR" as const),
        fc.array(fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("tree")), { minLength: 1, maxLength: 4 }),
      )
      .map(([operator, parts]) => criteria(operator, ...parts)),
    leaf: fc
      .tuple(asked, fc.boolean())
      .map(([[at, { relationship: what, parameters }], negate]) => criterion(at, what, parameters, negate)),
  })).tree;
}
