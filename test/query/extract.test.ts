import fc from "fast-check";
import { expect, it } from "vitest";
import { Extractor } from "../../src/query/extract.js";
import { mixedElement, target } from "./arbitrary.js";
import { denotes, type Node } from "./reference.js";

function pathsOf(nodes: readonly Node[], above: readonly string[] = []): string[][] {
  return nodes.flatMap(({ name, isAttribute, children }) => {
    const path = [...above, isAttribute ? `@${name}` : name];
    return [path, ...pathsOf(children, path)];
  });
}

// What can be looked up in an index is what the engine would find.
it("finds the nodes that some expression denotes, each with its path", () => {
  fc.assert(
    fc.property(
      fc.array(target, { minLength: 1, maxLength: 3 }),
      fc.array(mixedElement, { minLength: 1, maxLength: 2 }),
      (expressions, forest) => {
        const extractor = new Extractor(expressions);
        const paths = pathsOf(forest.map(({ node }) => node));
        const expected = paths.filter((path) => expressions.some((expression) => denotes(expression.split("/"), path)));
        const found = extractor.nodesOf(forest.map(({ markup }) => markup).join("\n"));
        expect(new Set(found?.map(({ path }) => path))).toEqual(new Set(expected.map((path) => path.join("/"))));
        for (const path of paths) expect(extractor.denotes(path.join("/"))).toBe(expected.includes(path));
      },
    ),
    { numRuns: 1000 },
  );
});

it("leaves out paths that are very long, and gives up on very many nodes", () => {
  const deep = `${"<a>".repeat(300)}${"</a>".repeat(300)}`;
  const nodes = new Extractor(["**"]).nodesOf(deep);
  expect(nodes?.filter(({ path }) => path !== undefined)).toHaveLength(250);
  expect(nodes?.some(({ path }) => path === undefined)).toBe(true);
  expect(
    new Extractor(["a/b"]).nodesOf(`<a>${Array.from({ length: 10_001 }, (_, index) => `<b>${index}</b>`).join("")}</a>`),
  ).toBeUndefined();
});
