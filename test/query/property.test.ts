/** The engine against the evaluator that goes by the letter, on random records and queries. */

import fc from "fast-check";
import { expect, it } from "vitest";
import type { Criteria, Criterion } from "../../generated/default-query/index.js";
import { compileQuery, isWithinScopes } from "../../src/query/index.js";
import { denotes, evaluate, type Node } from "./reference.js";
import { criteria, criterion, queryOf } from "./worked.js";

const name = fc.constantFrom("a", "b", "c", "Long_Name-1.x");
const text = fc.constantFrom("", " ", "\n\t", "x", "X", "xyz", "10", " 010 ", "-3", "Äx", "1<2 & 3", "x\ny");

/** A tree, and the markup that says it. */
interface Written {
  readonly node: Node;
  readonly markup: string;
}

const escaped = (value: string): string =>
  value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");

const { element } = fc.letrec<{ element: Written }>((tie) => ({
  element: fc
    .record({
      name,
      prefix: fc.constantFrom("", "p:", "q:"),
      attributes: fc.uniqueArray(fc.record({ name, value: text }), { selector: ({ name: key }) => key, maxLength: 2 }),
      parts: fc.array(fc.oneof({ maxDepth: 4 }, text, tie("element")), { maxLength: 4 }),
      cdata: fc.boolean(),
    })
    .map(({ name: local, prefix, attributes, parts, cdata }) => {
      const inner = parts.map((part) => {
        if (typeof part !== "string") return part.markup;
        return cdata ? `<![CDATA[${part}]]><!-- a note -->` : escaped(part);
      });
      const children = parts.flatMap((part) => (typeof part === "string" ? [] : [part.node]));
      const own = parts.filter((part) => typeof part === "string").join("");
      const nodes = attributes.map(({ name: key, value }): Node => ({ name: key, isAttribute: true, value, children: [] }));
      const written = attributes.map(({ name: key, value }) => ` ${key}="${escaped(value)}"`).join("");
      const value = children.length > 0 && /^[\t\n\r ]*$/.test(own) ? undefined : own;
      return {
        node: { name: local, isAttribute: false, value, children: [...nodes, ...children] },
        markup: `<${prefix}${local} xmlns:p="urn:p" xmlns:q="urn:q"${written}>${inner.join("")}</${prefix}${local}>`,
      };
    }),
}));

const forest = fc.array(element, { minLength: 1, maxLength: 2 });
const step = fc.oneof(name, fc.constant("*"), fc.constant("**"));
const target = fc
  .tuple(fc.array(step, { minLength: 1, maxLength: 4 }), fc.option(name.map((local) => `@${local}`)))
  .map(([steps, last]) => [...steps, ...(last === null ? [] : [last])].join("/"));

const relationship = fc.oneof(
  fc.record({
    relationship: fc.constantFrom("equals", "not_equals"),
    parameters: fc.record({ value: text, match_type: fc.constantFrom("case_sensitive_string", "case_insensitive_string") }),
  }),
  fc.record({
    relationship: fc.constantFrom("begins_with", "ends_with", "contains"),
    parameters: fc.record({ value: text, case_sensitive: fc.constantFrom("true", "false") }),
  }),
  fc.record({
    relationship: fc.constantFrom("greater_than", "greater_than_or_equal", "less_than", "less_than_or_equal"),
    parameters: fc.record({ value: fc.constantFrom("10", "-3", "+9") }),
  }),
  fc.record({ relationship: fc.constantFrom("exists", "does_not_exist"), parameters: fc.constant({}) }),
  fc.record({
    relationship: fc.constant("regex:matches"),
    parameters: fc.record({ value: fc.constantFrom("^x", "y$", "[0-9]+", "x.?z", "^$") }),
  }),
);

const { tree } = fc.letrec<{ tree: Criteria; leaf: Criterion }>((tie) => ({
  tree: fc
    .tuple(
      fc.constantFrom("AND" as const, "OR" as const),
      fc.array(fc.oneof({ maxDepth: 3 }, tie("leaf"), tie("tree")), { minLength: 1, maxLength: 4 }),
    )
    .map(([operator, parts]) => criteria(operator, ...parts)),
  leaf: fc
    .tuple(target, relationship, fc.boolean())
    .map(([at, { relationship: what, parameters }, negate]) => criterion(at, what, parameters, negate)),
}));

const runs = Number(process.env["TAXII_QUERY_RUNS"] ?? "5000");

// [QRY-EVAL-004]
it("agrees with the obvious evaluator", () => {
  let matching = 0;
  fc.assert(
    fc.property(tree, fc.array(forest, { minLength: 1, maxLength: 3 }), (query, forests) => {
      const compiled = compileQuery(queryOf(query));
      for (const written of forests) {
        const expected = evaluate(
          query,
          written.map(({ node }) => node),
        );
        if (expected) matching++;
        expect(compiled.matches(written.map(({ markup }) => markup).join(" "))).toBe(expected);
      }
    }),
    { numRuns: runs },
  );
  // Both verdicts are common.
  expect(matching).toBeGreaterThan(runs / 4);
});

// [QRY-INF-006]
it("what is within scopes denotes nothing outside of them, and what is not denotes something", () => {
  const path = fc.tuple(
    fc.array(name, { minLength: 1, maxLength: 5 }),
    fc.option(
      name.map((local) => `@${local}`),
      { freq: 2 },
    ),
  );
  fc.assert(
    fc.property(target, fc.array(target, { minLength: 1, maxLength: 3 }), path, (inner, scopes, [elements, attribute]) => {
      const names = [...elements, ...(attribute === null ? [] : [attribute])];
      const denoted = denotes(inner.split("/"), names);
      if (!isWithinScopes(inner, scopes) || !denoted) return;
      expect(scopes.some((scope) => denotes(scope.split("/"), names))).toBe(true);
    }),
    { numRuns: runs },
  );
});
