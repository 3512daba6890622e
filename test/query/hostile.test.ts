/** Queries and records that mean harm: refused with a reason, or answered rightly within bounds. */

import { describe, expect, it, vi } from "vitest";
import { type Criteria, type Criterion, DefaultQuery } from "../../generated/default-query/index.js";
import { ParseError, ValidationError } from "../../src/errors.js";
import { toJson, validate, xmlContent } from "../../src/index.js";
import { queryBody, readQuery } from "../../src/message/query-body.js";
import { StatusError } from "../../src/message/status-error.js";
import { Effort } from "../../src/query/effort.js";
import { checkQuery, compileQuery, defaultQueryLimits, matchesBlock, PatternProblem, type QueryLimits } from "../../src/query/index.js";
import { criteria, criterion, queryOf } from "./worked.js";

const vocabulary = "urn:stix.mitre.org:xml:1.1.1";

function check(part: Criteria | Criterion, limits: Partial<QueryLimits> = {}): void {
  checkQuery(queryOf(part), {
    vocabularies: [{ id: vocabulary }],
    modules: ["core", "regex", "timestamp"],
    limits: { ...defaultQueryLimits, ...limits },
  });
}

function matches(part: Criteria | Criterion, markup: string): boolean {
  return compileQuery(queryOf(part)).matches(markup);
}

const refused = (status: string): unknown => expect.objectContaining({ name: StatusError.name, code: status });

/** As many criteria within each other, the innermost one of them with this criterion. */
function nested(depth: number, innermost: Criterion): Criteria {
  let tree = criteria("AND", innermost);
  for (let level = 1; level < depth; level++) tree = criteria(level % 2 === 0 ? "OR" : "AND", tree);
  return tree;
}

// [QRY-STR-009]
describe("10,000 criteria", () => {
  const many = criteria("OR", ...Array.from({ length: 10_000 }, (_, index) => criterion("**/Value", "equals", { value: `v${index}` })));

  it("are denied", () => expect(() => check(many)).toThrow(refused("DENIED")));

  it("are answered where limits allow them; those that ask for one text each are looked up together", () => {
    check(many, { maxCriteria: 20_000 });
    const query = compileQuery(queryOf(many));
    const values = (from: number): string => Array.from({ length: 5000 }, (_, index) => `<Value>v${from + index}</Value>`).join("");
    const get = vi.spyOn(Map.prototype, "get");
    try {
      expect(query.matches(`<a>${values(10_000)}</a>`)).toBe(false);
      // A few look-ups for each of the 5,000 elements, not one for each criterion.
      expect(get.mock.calls.length).toBeLessThan(10 * 5000);
    } finally {
      get.mockRestore();
    }
    expect(query.matches(`<a>${values(9_999)}</a>`)).toBe(true);
  });

  it("on as many targets are answered as well", () => {
    const targets = criteria("AND", ...Array.from({ length: 10_000 }, (_, index) => criterion(`**/a/**/b${index}`, "exists")));
    const elements = (count: number): string => `<a>${Array.from({ length: count }, (_, index) => `<b${index}/>`).join("")}</a>`;
    const query = compileQuery(queryOf(targets));
    expect(query.matches(elements(200))).toBe(false);
    expect(query.matches(elements(200).replaceAll("a>", "x>"))).toBe(false);
  });
});

// [QRY-STR-009] [QRY-EVAL-002]
describe("criteria nested deeply", () => {
  it.each([1000, 20_000])("%i levels are denied, before anything is done with them", (depth) =>
    expect(() => check(nested(depth, criterion("a", "exists")))).toThrow(refused("DENIED")),
  );

  it.each([1000, 100_000])("%i levels are evaluated without a call for each", (depth) => {
    const tree = nested(depth, criterion("a", "equals", { value: "x" }, true));
    expect(matches(tree, "<a>y</a>")).toBe(true);
    expect(matches(tree, "<a>x</a>")).toBe(false);
  });

  it("100 levels, the most that are allowed, can be written and read", () => {
    const query = queryOf(nested(100, criterion("a", "exists")));
    check(query.criteria);
    expect(readQuery(queryBody(query))).toEqual(query);
  });

  it.each([300, 1000, 20_000])("%i levels are not written, with a reason", (depth) => {
    const query = queryOf(nested(depth, criterion("a", "exists")));
    expect(() => queryBody(query)).toThrow(ValidationError);
    expect(() => toJson(DefaultQuery, query)).toThrow(ValidationError);
  });

  it.each([20_000, 100_000])("%i levels are found invalid, not gone through", (depth) =>
    expect(validate(DefaultQuery, queryOf(nested(depth, criterion("a", "exists")))).issues).toMatchObject([
      { path: "", message: "values are nested too deeply" },
    ]),
  );

  it.each([1000, 20_000])("%i levels are refused with a reason when they are read", (depth) => {
    const open = '<Criteria operator="AND">'.repeat(depth);
    const xml = `<Default_Query xmlns="http://taxii.mitre.org/query/taxii_default_query-1" targeting_expression_id="${vocabulary}">${open}${"</Criteria>".repeat(depth)}</Default_Query>`;
    expect(() => readQuery({ formatId: "urn:taxii.mitre.org:query:default:1.0", content: { xml } })).toThrow(ParseError);
  });
});

// [QRY-STR-009] [QRY-RGX-005]
describe("targets", () => {
  const runs = (count: number): string => Array.from({ length: count }, () => "**/a").join("/");

  it("with many runs or steps are denied", () => {
    expect(() => check(criterion(runs(9), "exists"))).toThrow(refused("DENIED"));
    expect(() => check(criterion(Array.from({ length: 65 }, () => "a").join("/"), "exists"))).toThrow(refused("DENIED"));
  });

  it("with many runs are answered rightly on records as deep as they like", () => {
    const depth = 10_000;
    const deep = (count: number): string => `${"<a>".repeat(count)}${"</a>".repeat(count)}`;
    const query = compileQuery(queryOf(criterion(runs(64), "exists")));
    expect(query.matches(deep(depth))).toBe(true);
    expect(query.matches(deep(64))).toBe(true);
    expect(query.matches(deep(63))).toBe(false);
  });
});

describe("records", () => {
  it("of 1,000,000 different paths are read to their end", () => {
    const markup = Array.from({ length: 1000 }, (_, outer) => {
      const inner = Array.from({ length: 1000 }, (_, index) => `<e${index}/>`).join("");
      return `<o${outer}>${inner}</o${outer}>`;
    }).join("");
    const targets = Array.from({ length: 50 }, (_, index) => criterion(`**/o${index}/**/e${index}/@x`, "exists"));
    expect(matches(criteria("OR", ...targets), `<r>${markup}</r>`)).toBe(false);
    expect(matches(criterion("r/o999/e999", "exists"), `<r>${markup}</r>`)).toBe(true);
  });

  it("with a text of 10 MB or an attribute of 1 MB are compared whole", () => {
    const long = "x".repeat(10_000_000);
    expect(matches(criterion("a", "ends_with", { value: "xy" }), `<a>${long}y</a>`)).toBe(true);
    expect(matches(criterion("a", "equals", { value: long }), `<a>${long}y</a>`)).toBe(false);
    expect(matches(criterion("a/@b", "contains", { value: "y", case_sensitive: "false" }), `<a b="${"é&lt;".repeat(200_000)}Y"/>`)).toBe(
      true,
    );
    expect(matches(criterion("a", "greater_than", { value: "1" }), `<a>${"9".repeat(1_000_000)}</a>`)).toBe(true);
  });

  it("whose text comes in 100,000 pieces have it in one", () => {
    const pieces = "x<!-- -->".repeat(100_000);
    expect(matches(criterion("a", "equals", { value: "x".repeat(100_000) }), `<a>${pieces}</a>`)).toBe(true);
  });

  it("that a vocabulary of a third party makes markup of are not believed to be well-formed", () => {
    const query = compileQuery(queryOf(criterion("a/b", "does_not_exist")));
    const asked = (xml: string): boolean =>
      matchesBlock(query, { contentBinding: { bindingId: "x" }, content: { text: "" } }, { bindings: ["x"], markup: () => xml });
    expect(asked("<a></a>")).toBe(true);
    expect(asked("<a ></a")).toBe(false);
    expect(asked("<a c='1' c='2'></a>")).toBe(false);
  });

  it.each(["<a", "<a b='", "<a>&#x110000;</a>", "<a>&undeclared;</a>", "<a></b>", "</a>", "<a>", "<![CDATA[", "<!DOCTYPE a []><a/>"])(
    "that are not well-formed match nothing: %s",
    (xml) => {
      const query = compileQuery(queryOf(criterion("**", "equals", { value: "nothing" }, true)));
      expect(matchesBlock(query, { contentBinding: { bindingId: "x" }, content: { xml } }, { bindings: ["x"] })).toBe(false);
      expect(() => query.matches(xml)).toThrow(ParseError);
    },
  );
});

describe("documents in pieces", () => {
  const encoder = new TextEncoder();
  const there = compileQuery(queryOf(criterion("**/b", "equals", { value: "x" })));

  it.each(["<a><b>y</b>", "<a></b>", "<!DOCTYPE a []><a/>", "<a>&undeclared;</a>", "", `${"<a>".repeat(300)}`])(
    "that are not well-formed, or forbidden, end in an error: %#",
    async (xml) => await expect(there.matchesStream([encoder.encode(xml)])).rejects.toThrow(ParseError),
  );

  it("are read no further than to the verdict, and nothing but the value at hand is kept", async () => {
    let taken = 0;
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield encoder.encode("<a>");
      for (;;) yield encoder.encode(++taken === 1000 ? "<b>x</b>" : `<c>${"y".repeat(1000)}</c>`);
    }
    expect(await there.matchesStream(endless())).toBe(true);
    expect(taken).toBe(1000);
  });

  it("with a text without end are over a limit", async () => {
    function* endless(): Generator<Uint8Array> {
      yield encoder.encode("<b>");
      for (;;) yield encoder.encode(`${"x".repeat(100_000)}<!-- -->`);
    }
    await expect(there.matchesStream(endless())).rejects.toMatchObject({ code: "LIMIT_EXCEEDED" });
  });
});

// [QRY-RGX-005]
describe("regular expressions", () => {
  const regex = (value: string, target = "**"): Criterion => criterion(target, "regex:matches", { value });

  it.each(["^(a+)+$", "(a|a)*c", "(a*)*c", "(.*a){12}c", "([a-z]+)*c$", "^(([a-z])+.)+[A-Z]([a-z])+$"])("%s comes to an end", (pattern) =>
    expect(matches(regex(pattern), `<a>${"a".repeat(20_000)}!</a>`)).toBe(false),
  );

  it.each([
    ["repetitions of repetitions", "((((a{100}){100}){100}){100})"],
    ["groups within each other", "(".repeat(999)],
    ["very many characters", "x".repeat(1001)],
    ["brackets without end", "[".repeat(1000)],
  ])("with %s are refused", (_, pattern) => expect(() => matches(regex(pattern), "<a/>")).toThrow(PatternProblem));

  it("that are too complex together are refused", () => {
    const some = (count: number): Criteria =>
      criteria("OR", ...Array.from({ length: count }, (_, index) => regex(`(?:[ab]{1,30}){1,25}${index}$`)));
    expect(matches(some(5), "<a>ab</a>")).toBe(false);
    expect(() => matches(some(100), "<a/>")).toThrow(PatternProblem);
    // The same one over and over is one.
    expect(matches(criteria("OR", ...Array.from({ length: 100 }, () => regex("(?:[ab]{1,30}){1,25}$", "a"))), "<a>ab</a>")).toBe(true);
  });

  it("make a record one that cannot be looked into, negated or not, where they would take too long on it", () => {
    const values = `<v>${"c".repeat(500_000)}</v>`;
    const pattern = regex("(?:[ab]{1,30}){1,25}$", "r/v");
    for (const query of [pattern, { ...pattern, negate: true }].map((part) => compileQuery(queryOf(part)))) {
      expect(() => query.matches(`<r>${values}</r>`)).toThrow(expect.objectContaining({ code: "LIMIT_EXCEEDED" }));
      const content = xmlContent(`<r>${values}</r>`);
      expect(matchesBlock(query, { contentBinding: { bindingId: "x" }, content }, { bindings: ["x"] })).toBe(false);
    }
  });

  it("have as much effort for each record as was said, and no more", () => {
    const effort = new Effort(10);
    effort.spend(4);
    effort.spend(6);
    expect(() => effort.spend(1)).toThrow(ParseError);
  });
});
