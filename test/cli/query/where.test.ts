/** The language of --where. */

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DefaultQuery } from "../../../generated/default-query/index.js";
import { capabilityModules, relationships } from "../../../src/constants.js";
import { validate } from "../../../src/message/validate.js";
import { query } from "../../../src/query/build/query.js";
import { parseCondition } from "../../../src/query/text/parse.js";
import { QueryTextError } from "../../../src/query/text/problem.js";

const vocabulary = "urn:stix.mitre.org:xml:1.1.1";

function parse(text: string, ignoreCase = false): DefaultQuery {
  return query(vocabulary, parseCondition(text, { vocabulary, ignoreCase }).condition);
}

/** A query in few words: `AND(**​/Title contains x)`. */
function outline({ criteria }: DefaultQuery): string {
  const parts = criteria.items.map((item) => {
    if ("criteria" in item) return outline({ targetingExpressionId: "", criteria: item.criteria });
    const { negate, target, test } = item.criterion;
    const parameters = test.parameters.map(({ value }) => value).join(",");
    return `${negate ? "!" : ""}${target} ${test.capabilityId.split(":").at(-1)} ${test.relationship}(${parameters})`;
  });
  return `${criteria.operator}[${parts.join("; ")}]`;
}

function fault(text: string): string {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof QueryTextError) return error.message;
    throw error;
  }
  throw new Error("it was understood");
}

describe("tests", () => {
  it.each([
    ["**/Title contains beacon", "**/Title core-1 contains(beacon,true)"],
    ["**/Title contains 'two words'", "**/Title core-1 contains(two words,true)"],
    [`**/Title contains "it's" nocase`, "**/Title core-1 contains(it's,false)"],
    ["**/Title contains 'it''s'", "**/Title core-1 contains(it's,true)"],
    ["**/Title equals ''", "**/Title core-1 equals(,case_sensitive_string)"],
    ["**/Title = X nocase", "**/Title core-1 equals(X,case_insensitive_string)"],
    ["**/Size_In_Bytes != 10240 number", "**/Size_In_Bytes core-1 not_equals(10240,number)"],
    ["**/Size_In_Bytes >= 9007199254740993", "**/Size_In_Bytes core-1 greater_than_or_equal(9007199254740993)"],
    ["**/@id exists", "**/@id core-1 exists()"],
    ["  **/@id   does_not_exist  ", "**/@id core-1 does_not_exist()"],
    ["**/Title ~ '^a(b|c)\\d+$' nocase", "**/Title regex-1 matches(^a(b|c)\\d+$,false)"],
    ["STIX_Package/@timestamp < 2014-01-01T00:00:00Z", "STIX_Package/@timestamp timestamp-1 less_than(2014-01-01T00:00:00Z)"],
    ["STIX_Package/@timestamp >= 2014-01-01T00:00:00Z", "STIX_Package/@timestamp timestamp-1 greater_than_or_equals(2014-01-01T00:00:00Z)"],
    ["**/@timestamp timestamp:equals 2014-01-01T00:00:00+01:00", "**/@timestamp timestamp-1 equals(2014-01-01T00:00:00+01:00)"],
    ["**/@timestamp equals 2014-01-01T00:00:00Z", "**/@timestamp core-1 equals(2014-01-01T00:00:00Z,case_sensitive_string)"],
    ["**/@timestamp timestamp:>= 2014-01-01T00:00:00Z", "**/@timestamp timestamp-1 greater_than_or_equals(2014-01-01T00:00:00Z)"],
    [
      "**/@timestamp timestamp:less_than_or_equals 2014-01-01T00:00:00Z",
      "**/@timestamp timestamp-1 less_than_or_equals(2014-01-01T00:00:00Z)",
    ],
    ["'not' exists", "not core-1 exists()"],
  ])("%s", (text, expected) => expect(outline(parse(text))).toBe(`AND[${expected}]`));

  it("[QRY-STR-006] know every relationship of every module, and make each a valid query", () => {
    const values = { core: "1", regex: "a+", timestamp: "2014-01-01T00:00:00Z" };
    for (const module of ["core", "regex", "timestamp"] as const) {
      for (const name of relationships[module]) {
        const value = name.endsWith("exist") || name.endsWith("exists") ? "" : values[module];
        const query = parse(`**/Title ${module}:${name} ${value}`);
        expect(validate(DefaultQuery, query).issues).toEqual([]);
        const [item] = query.criteria.items;
        expect(item).toMatchObject({ criterion: { test: { capabilityId: capabilityModules[module], relationship: name } } });
      }
    }
  });

  it("[QRY-CORE-010] [QRY-CORE-014] heed case unless they are told otherwise, and always say so", () => {
    expect(outline(parse("**/Title contains x"))).toContain("contains(x,true)");
    expect(outline(parse("**/Title contains x", true))).toContain("contains(x,false)");
    expect(outline(parse("**/Title contains x case", true))).toContain("contains(x,true)");
    expect(outline(parse("**/Title equals x", true))).toContain("equals(x,case_insensitive_string)");
  });
});

describe("conditions", () => {
  it.each([
    ["A = 1 and B = 2 or C = 3", "OR[AND[A; B]; C]"],
    ["A = 1 or B = 2 and C = 3", "OR[AND[B; C]; A]"],
    ["(A = 1 or B = 2) and C = 3", "AND[OR[A; B]; C]"],
    ["A = 1 AND (B = 2 AND (C = 3))", "AND[A; B; C]"],
    ["not A = 1", "AND[!A]"],
    ["not not A = 1", "AND[A]"],
    ["not (A = 1 and B = 2)", "OR[!A; !B]"],
    ["not (A = 1 or not (B = 2 and C = 3))", "AND[!A; B; C]"],
    ["(((A = 1)))", "AND[A]"],
  ])("%s is %s", (text, expected) => expect(outline(parse(text)).replace(/ core-1 equals\([^)]*\)/g, "")).toBe(expected));

  it("[QRY-STR-003] put groups before single tests", () => {
    const { criteria } = parse("A = 1 and (B = 2 or C = 3)");
    expect(criteria.items.map((item) => Object.keys(item)[0])).toEqual(["criteria", "criterion"]);
  });

  it("mean the same when they are written out and read again", () => {
    const test = fc.record({ target: fc.constantFrom("A", "**/B", "C/@d"), value: fc.string({ unit: "grapheme" }) });
    const tree: fc.Arbitrary<string> = fc.letrec<{ node: string }>((tie) => ({
      node: fc.oneof(
        { depthSize: "small", withCrossShrink: true },
        test.map(({ target, value }) => `${target} contains '${value.replaceAll("'", "''")}'`),
        fc.tuple(tie("node"), fc.constantFrom("and", "or"), tie("node")).map(([one, joint, other]) => `(${one}) ${joint} (${other})`),
        tie("node").map((inner) => `not (${inner})`),
      ),
    })).node;
    const rewrite = ({ operator, items }: DefaultQuery["criteria"]): string =>
      items
        .map((item) => {
          if ("criteria" in item) return `(${rewrite(item.criteria)})`;
          const { negate, target, test } = item.criterion;
          const value = (test.parameters[0]?.value ?? "").replaceAll('"', '""');
          return `${negate ? "not " : ""}${target} contains "${value}"`;
        })
        .join(` ${operator} `);
    fc.assert(
      fc.property(tree, (text) => {
        const query = parse(text);
        expect(parse(rewrite(query.criteria))).toEqual(query);
      }),
    );
  });
});

describe("faults are pointed at", () => {
  it.each([
    ["**/Title contain x", /^expected a relationship: equals, .*matches, =, .*\n {2}\*\*\/Title contain x\n {11}\^{7}$/],
    ["**/Title", /^expected a relationship: .*\n {2}\*\*\/Title\n {10}\^$/],
    ["**/Title contains", /^expected a value for contains\n.*\n {19}\^$/],
    ["", /^expected a target, .*\n {2}\n {2}\^$/],
    ["**/Title contains two words", /^expected and, or, or the end; a value with spaces.*\n.*\n {24}\^{5}$/],
    ["**/Title contains 'x", /^the quote ' has no end\n.*\n {20}\^\^$/],
    ["(A = 1", /^expected and, or, or a closing parenthesis\n.*\n {8}\^$/],
    ["A = 1)", /^expected and, or, or the end.*\n.*\n {7}\^$/],
    ["A = 1 and", /^expected a target, .*\n.*\n {11}\^$/],
    ["/Title = 1", /^a targeting expression cannot begin with a slash\n.*\n {2}\^{6}$/],
    ["stix:Title = 1", /^expected a name, @name, \* or \*\*, found "stix:Title"\n/],
    ["@id/Title = 1", /^nothing can come behind the attribute @id\n/],
    ["A > eleven", /^expected a number\n.*\n {6}\^{6}$/],
    ["A = eleven number", /^expected a number\n.*\n {6}\^{6}$/],
    ["A timestamp:equals yesterday", /^expected a date-time of RFC 3339\n/],
    ["A timestamp:not_equals 2014-01-01T00:00:00Z", /^expected a relationship: .*timestamp: may stand before it\n/],
    ["A ~ '(?<=x)y'", /^a group of this kind at position 2 is not in the common subset of regular expressions\n/],
    ["A > 1 nocase", /^greater_than cannot be told nocase\n.*\n {8}\^{6}$/],
    ["A contains 1 number", /^contains cannot be told number\n/],
    ["A exists 1", /^expected and, or, or the end/],
  ])("%s", (text, expected) => expect(fault(text)).toMatch(expected));

  it("also deep in a long text, which is shortened, and with control characters, which are shown", () => {
    const [, shown = "", mark = ""] = fault(`${"A = 1 and ".repeat(30)}B\u001b[2J = \u001b[2J ${"x ".repeat(100)}`).split("\n");
    expect(shown).not.toContain("\u001b");
    expect(shown.length).toBeLessThan(150);
    expect(shown.slice(mark.indexOf("^"), mark.lastIndexOf("^") + 1)).toBe("B\\u001b[2J");
  });

  it("and depth has an end", () => expect(fault(`${"(".repeat(100_000)}A = 1`)).toMatch(/^expected at most 200 levels\n/));

  it("whatever is given", () => {
    const piece = fc.constantFrom("(", ")", "'", '"', " ", "and", "or", "not", "**/A", "=", "~", "x", "exists", "nocase", "[");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        try {
          expect(validate(DefaultQuery, parse(pieces.join(" "))).valid).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(QueryTextError);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
