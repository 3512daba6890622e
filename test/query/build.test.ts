/** The builder: the query that is meant, and refusals of what is none. */

import fc from "fast-check";
import { describe, expect, expectTypeOf, it } from "vitest";
import type { Criteria, Criterion } from "../../generated/default-query/index.js";
import { capabilityModules, contentBindings, relationships } from "../../src/constants.js";
import { ValidationError } from "../../src/errors.js";
import { fromJson, fromXml, toJson, toXml } from "../../src/index.js";
import { validate } from "../../src/message/validate.js";
import * as q from "../../src/query/index.js";
import { anyQuery, odd } from "./arbitrary-query.js";
import { criteria, criterion, queryOf, record } from "./worked.js";

const stix = contentBindings.stix111;
const made = (condition: q.Condition) => q.query(stix, condition);
const sensitive = { match_type: "case_sensitive_string" };
const when = "2014-05-08T09:00:00Z";

// [QRY-STR-001] [QRY-STR-004] [QRY-STR-006] [QRY-CORE-014]
describe("each relationship has its function, which states all parameters", () => {
  const cases: readonly (readonly [q.Condition, Criterion])[] = [
    [q.equals("A", "true"), criterion("A", "equals", { value: "true", ...sensitive })],
    [q.equals("A", "x", { caseSensitive: false }), criterion("A", "equals", { value: "x", match_type: "case_insensitive_string" })],
    [q.equals("A", 10n ** 20n), criterion("A", "equals", { value: "100000000000000000000", match_type: "number" })],
    [q.equals("A", "1.50", { matchType: "number" }), criterion("A", "equals", { value: "1.50", match_type: "number" })],
    [q.notEquals("A", ""), criterion("A", "not_equals", { value: "", ...sensitive })],
    [q.greaterThan("A", 1e21), criterion("A", "greater_than", { value: "1e+21" })],
    [q.greaterThanOrEqual("A", "9007199254740993"), criterion("A", "greater_than_or_equal", { value: "9007199254740993" })],
    [q.lessThan("A", -0.5), criterion("A", "less_than", { value: "-0.5" })],
    [q.lessThanOrEqual("A", 3), criterion("A", "less_than_or_equal", { value: "3" })],
    [q.exists("A"), criterion("A", "exists")],
    [q.doesNotExist("A"), criterion("A", "does_not_exist")],
    [q.startsWith("A", "x"), criterion("A", "begins_with", { value: "x", case_sensitive: "true" })],
    [q.endsWith("A", " x ", { caseSensitive: false }), criterion("A", "ends_with", { value: " x ", case_sensitive: "false" })],
    [q.contains("A", "x", { caseSensitive: true }), criterion("A", "contains", { value: "x", case_sensitive: "true" })],
    [q.matchesPattern("A", "^x|y$"), criterion("A", "regex:matches", { value: "^x|y$", case_sensitive: "true" })],
    [q.at("A", when), criterion("A", "timestamp:equals", { value: when })],
    [q.before("A", new Date(when)), criterion("A", "timestamp:less_than", { value: "2014-05-08T09:00:00.000Z" })],
    [q.atOrBefore("A", when), criterion("A", "timestamp:less_than_or_equals", { value: when })],
    [q.after("A", when), criterion("A", "timestamp:greater_than", { value: when })],
    [q.atOrAfter("A", when), criterion("A", "timestamp:greater_than_or_equals", { value: when })],
  ];

  it.each(
    cases.map(([condition, expected]) => [expected.test.capabilityId.split(":").at(-1), expected.test.relationship, condition, expected]),
  )("%s %s", (_module, _relationship, condition, expected) => {
    const query = made(condition);
    expect(query).toEqual(queryOf(expected));
    expect(validate(q.DefaultQuery, query).issues).toEqual([]);
    expect(fromXml(q.DefaultQuery, toXml(q.DefaultQuery, query))).toEqual(query);
  });

  it("and none is missing", () => {
    const covered = cases.map(([, { test }]) => `${test.capabilityId} ${test.relationship}`);
    for (const module of ["core", "regex", "timestamp"] as const)
      for (const name of relationships[module]) expect(covered).toContain(`${capabilityModules[module]} ${name}`);
  });
});

describe("groups", () => {
  const [a, b, c] = ["a", "b", "c"].map((name) => q.exists(name)) as [q.Condition, q.Condition, q.Condition];
  const is = (name: string, negate = false) => criterion(name, "exists", {}, negate);
  it.each<[string, q.Condition, Criteria]>([
    ["one test", a, criteria("AND", is("a"))],
    ["all and any", q.all(a, q.any(b, c)), criteria("AND", criteria("OR", is("b"), is("c")), is("a"))],
    ["nested groups of one operator are one", q.all(q.all(a, q.any(b)), c), criteria("AND", is("a"), is("b"), is("c"))],
    ["not of a test", q.not(a), criteria("AND", is("a", true))],
    ["not of not", q.not(q.not(q.all(a, b))), criteria("AND", is("a"), is("b"))],
    ["not of all", q.not(q.all(a, q.not(b))), criteria("OR", is("a", true), is("b"))],
    [
      "not of groups in groups",
      q.not(q.any(a, q.all(b, q.not(c)))),
      criteria("AND", criteria("OR", is("b", true), is("c")), is("a", true)),
    ],
  ])("[QRY-STR-002] [QRY-STR-003] %s", (_name, condition, expected) => expect(made(condition)).toEqual(queryOf(expected)));

  it("keep the meaning of any condition, and their opposites have the opposite one", () => {
    const { condition } = fc.letrec<{ condition: q.Condition }>((tie) => ({
      condition: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(q.exists("**/Title"), q.exists("**/None"), q.equals("**/@id", "ex:ind-1"), q.contains("**/Title", "&")),
        fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((parts) => q.all(...parts)),
        fc.array(tie("condition"), { minLength: 1, maxLength: 3 }).map((parts) => q.any(...parts)),
        tie("condition").map(q.not),
      ),
    }));
    const holds = (one: q.Condition): boolean => {
      if ("criterion" in one) return q.matches(queryOf(one.criterion), { xml: record });
      return one.operator === "AND" ? one.of.every(holds) : one.of.some(holds);
    };
    fc.assert(
      fc.property(condition, (one) => {
        expect(q.matches(made(one), { xml: record })).toBe(holds(one));
        expect(q.matches(made(q.not(one)), { xml: record })).toBe(!holds(one));
      }),
      { numRuns: 300 },
    );
  });

  it("are those of any query, taken apart and put together", () => {
    fc.assert(
      fc.property(anyQuery, (query) => {
        const again = q.query(query.targetingExpressionId, q.conditionOf(query.criteria), { modules: [odd] });
        expect(validate(q.DefaultQuery, again).valid).toBe(true);
        expect(q.query(query.targetingExpressionId, q.conditionOf(again.criteria))).toEqual(again);
      }),
    );
  });

  it("need a part", () => {
    expect(() => q.all()).toThrow(new TypeError("all() needs at least one condition"));
    expect(() => q.any()).toThrow(new TypeError("any() needs at least one condition"));
  });
});

describe("what is none is refused, with its place", () => {
  it.each<[() => unknown, string]>([
    [() => q.equals("/Title", "x"), 'equals of "/Title": a targeting expression cannot begin with a slash'],
    [() => q.exists(" "), 'exists of " ": expected a targeting expression, found nothing'],
    [() => q.greaterThan("A", "eleven"), 'greaterThan of "A": expected a number, found "eleven"'],
    [() => q.lessThan("A", Number.NaN), 'lessThan of "A": expected a number, found "NaN"'],
    [() => q.equals("A", "x", { matchType: "number" }), 'equals of "A": expected a number, found "x"'],
    [() => q.before("A", "yesterday"), 'before of "A": expected a date-time of RFC 3339, found "yesterday"'],
    [() => q.after("A", new Date("x")), 'after of "A": expected a date, found one that is none'],
    [() => q.at("A", new Date(8.64e15)), 'at of "A": expected a date-time of RFC 3339, found "+275760-09-13T00:00:00.000Z"'],
    [() => q.matchesPattern("A", "(?<x>a)"), 'matchesPattern of "A": a group of this kind at position 2'],
  ])("%s", (build, message) => {
    expect(build).toThrow(TypeError);
    expect(build).toThrow(message);
  });

  // [QRY-TE-006] [QRY-TE-007]
  it("a target that is none of the vocabulary", () => {
    const build = () => made(q.all(q.exists("A"), q.any(q.exists("B"), q.exists("stix:Title")), q.exists("@*")));
    expect(build).toThrow(ValidationError);
    try {
      build();
    } catch (error) {
      expect(error instanceof ValidationError && error.issues.map(({ path, message }) => [path, message])).toEqual([
        [
          "criteria.items[0].criteria.items[1].criterion.target",
          'the target "stix:Title" is none: expected a name, @name, * or **, found "stix:Title"',
        ],
        ["criteria.items[2].criterion.target", 'the target "@*" is none: expected a name, @name, * or **, found "@*"'],
      ]);
    }
  });

  it("a name that is none of it, where the vocabulary is given with its names", () => {
    const vocabulary = { id: stix, names: q.stixNames("1.1.1") };
    expect(q.query(vocabulary, q.exists("STIX_Package/STIX_Header/Title")).targetingExpressionId).toBe(stix);
    expect(() => q.query(vocabulary, q.exists("STIX_Package/STIX_Haeder"))).toThrow(/criteria\.items\[0\].*perhaps "STIX_Header" is meant/);
  });
});

// [QRY-INF-001] [QRY-INF-002] [QRY-INF-003] [QRY-INF-005]
describe("the information about support", () => {
  const preferred = { id: stix, preferredScopes: ["STIX_Package/STIX_Header/**"] };

  it("has vocabularies with scopes, and modules", () => {
    const info = q.queryInfo({ vocabularies: [preferred, contentBindings.stix12], modules: ["core", odd] });
    expect(info).toEqual({
      targetingExpressionInfos: [
        { targetingExpressionId: stix, preferredScopes: ["STIX_Package/STIX_Header/**"], allowedScopes: [] },
        { targetingExpressionId: contentBindings.stix12, preferredScopes: [], allowedScopes: ["**"] },
      ],
      capabilityModules: [capabilityModules.core, odd.id],
    });
    expect(q.readQueryInfo(q.queryInfoBody(info))).toEqual(info);
    expect(fromJson(q.QueryInfo, toJson(q.QueryInfo, info))).toEqual(info);
    expect(fromXml(q.QueryInfo, toXml(q.QueryInfo, info))).toEqual(info);
    expect(JSON.parse(toJson(q.QueryInfo, info))).toMatchObject({
      targeting_expression_infos: [{ preferred_scope: ["STIX_Package/STIX_Header/**"] }, {}],
    });
  });

  it.each<[string, q.QueryInfoInit, string]>([
    ["no vocabulary", { vocabularies: [] }, "Default Query needs a vocabulary and a capability module"],
    ["no module", { vocabularies: [stix], modules: [] }, "Default Query needs a vocabulary and a capability module"],
    ["no scope", { vocabularies: [{ id: stix, allowedScopes: [] }] }, `the vocabulary ${stix} has no scope; "**" is all of a record`],
    ["a scope that is none", { vocabularies: [{ id: stix, allowedScopes: ["//"] }] }, `the scope "//" of ${stix} is none: `],
    ["a vocabulary twice", { vocabularies: [stix, preferred] }, `the vocabulary ${stix} is there twice`],
    [
      "a module twice",
      { vocabularies: [stix], modules: ["core", "core"] },
      `the capability module ${capabilityModules.core} is there twice`,
    ],
  ])("%s", (_name, init, message) => {
    expect(() => q.queryInfo(init)).toThrow(TypeError);
    expect(() => q.queryInfo(init)).toThrow(message);
  });
});

it("types know what each function takes", () => {
  expectTypeOf(q.equals).parameter(1).toEqualTypeOf<string | number | bigint>();
  expectTypeOf(q.before).parameter(1).toEqualTypeOf<Date | string>();
  // @ts-expect-error no match type of that name
  expect(() => q.equals("A", "1", { matchType: "date" })).toThrow("expected one of case_sensitive_string");
  // @ts-expect-error presence has no value
  expect(() => q.exists("A", "x")).not.toThrow();
});
