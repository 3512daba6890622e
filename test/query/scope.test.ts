/** Whether targets lie within scopes. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isWithinScopes } from "../../src/query/scope.js";

const indicator = "STIX_Package/Indicators/Indicator";

describe("[QRY-INF-004] a target and scopes", () => {
  it.each([
    [`${indicator}/Title`, [`${indicator}/**`], true],
    [`${indicator}/Title/**`, [`${indicator}/**`], true],
    [indicator, [`${indicator}/**`], false],
    ["**/Title", [`${indicator}/**`], false],
    ["**/Title", ["**"], true],
    ["STIX_Package/Indicators/**", [`${indicator}/**`], false],
    [`${indicator}/@id`, ["**/@id"], true],
    ["STIX_Package/*/@id", ["**/@id"], true],
    ["**/@idref", ["**/@id"], false],
    ["STIX_Package/**", ["STIX_Package/*"], false],
    ["STIX_Package/**/@id", ["STIX_Package/@id", "STIX_Package/*/**/@id"], true],
    ["**", ["*", "*/**"], true],
    ["**", [], false],
  ])("%s in %j: %s", (target, scopes, expected) => expect(isWithinScopes(target, scopes)).toBe(expected));

  const step = fc.constantFrom("a", "b", "*", "**");
  const last = fc.constantFrom("a", "b", "@i", "*", "**");
  const expression = fc.tuple(fc.array(step, { maxLength: 3 }), last).map(([steps, end]) => [...steps, end].join("/"));

  /** The expression as a regular expression over paths in which each node begins with a slash; `c` and `@j` stand for other names. */
  const pattern = (text: string): RegExp => {
    const steps = text.split("/");
    const parts = steps.map((name, index) => {
      if (name === "*") return "/@?[a-z]";
      if (name === "**") return index === steps.length - 1 ? "(/@?[a-z])+" : "(/[a-z])*";
      return `/${name}`;
    });
    return new RegExp(`^${parts.join("")}$`);
  };
  const paths: string[] = [];
  const grow = (path: string): void => {
    for (const name of ["@i", "@j"]) paths.push(`${path}/${name}`);
    for (const name of ["a", "b", "c"]) {
      paths.push(`${path}/${name}`);
      if (path.length < 8) grow(`${path}/${name}`);
    }
  };
  grow("");

  it("agree with a list of all paths of up to five nodes", () => {
    fc.assert(
      fc.property(expression, fc.array(expression, { maxLength: 3 }), (target, scopes) => {
        const patterns = scopes.map(pattern);
        const inside = paths.filter((path) => pattern(target).test(path)).every((path) => patterns.some((scope) => scope.test(path)));
        expect(isWithinScopes(target, scopes)).toBe(inside);
      }),
      { numRuns: 300 },
    );
  });

  it("do not take for ever", () => {
    const scopes = Array.from({ length: 20 }, (_, index) => `**/a/${"*/".repeat(index + 5)}b`);
    expect(isWithinScopes("**", ["**", ...scopes])).toBe(true);
  });
});
