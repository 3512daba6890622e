/** The engine against libxml2, where an XPath says the same thing as a query. */

import fc from "fast-check";
import { XmlXPath } from "libxml2-wasm";
import { expect, it } from "vitest";
import type { Criteria } from "../../generated/default-query/index.js";
import { compileQuery } from "../../src/query/index.js";
import { parseXml } from "../support/libxml2.js";
import { criteriaOf, plainElement, plainRelationship, target } from "./arbitrary.js";
import { plainStixCase } from "./stix-arbitrary.js";
import { xpathOf } from "./to-xpath.js";
import { criteria, criterion, queryOf, record } from "./worked.js";

const runs = Number(process.env["TAXII_QUERY_RUNS"] ?? "2000");

function byLibxml2(query: Criteria, markup: string): boolean {
  const document = parseXml(markup);
  const expression = XmlXPath.compile(xpathOf(query));
  try {
    const verdict = document.eval(expression);
    if (typeof verdict !== "boolean") throw new TypeError(`${xpathOf(query)} gives no verdict`);
    return verdict;
  } finally {
    expression.dispose();
    document.dispose();
  }
}

/** Both ask the same; both verdicts have to be common. */
function agree<T>(cases: fc.Arbitrary<T>, caseOf: (one: T) => { query: Criteria; markup: string }): void {
  let matching = 0;
  fc.assert(
    fc.property(cases, (one) => {
      const { query, markup } = caseOf(one);
      const expected = byLibxml2(query, markup);
      if (expected) matching++;
      expect(compileQuery(queryOf(query)).matches(markup)).toBe(expected);
    }),
    { numRuns: runs },
  );
  expect(matching).toBeGreaterThan(runs / 5);
  expect(matching).toBeLessThan((runs * 4) / 5);
}

// [QRY-EVAL-001] [QRY-EVAL-002] [QRY-EVAL-003] [QRY-EVAL-006] [QRY-EVAL-007] [QRY-TE-002] [QRY-TE-003] [QRY-TE-005] [QRY-STX-005]
// [QRY-CORE-002] [QRY-CORE-003] [QRY-CORE-004] [QRY-CORE-005] [QRY-CORE-006] [QRY-CORE-007] [QRY-CORE-008] [QRY-CORE-009] [QRY-CORE-010] [QRY-CORE-011] [QRY-CORE-012]
it("agrees with libxml2 on random records", () => {
  agree(fc.tuple(criteriaOf(fc.tuple(target, plainRelationship)), plainElement), ([query, { markup }]) => ({ query, markup }));
});

// [QRY-EVAL-004] [QRY-STX-002] [QRY-STX-003] [QRY-STX-004]
it("agrees with libxml2 on records of STIX", () => {
  agree(plainStixCase, ({ query, written: { markup } }) => ({ query, markup }));
});

it.each([
  ["STIX_Package/Indicators/Indicator/Title", 2],
  ["STIX_Package/*", 5],
  ["**/@id", 3],
  ["STIX_Package/**/@id", 3],
  ["STIX_Package/Indicators/Indicator/**", 12],
  ["STIX_Package/Indicators/**", 14],
  ["**", 22],
  ["**/Indicator/*", 11],
  ["**/STIX_Package", 1],
  ["Indicators/Indicator", 0],
])("%s says as XPath what it means: %i nodes", (expression, count) => {
  const document = parseXml(record);
  try {
    // Without the boolean(…) around the nodes.
    const paths = xpathOf(criteria("AND", criterion(expression, "exists"))).slice("(boolean(".length, -"))".length);
    expect(document.find(paths)).toHaveLength(count);
  } finally {
    document.dispose();
  }
});
