import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileQuery } from "../../src/query/index.js";
import { indexDefinition, queryIndexer } from "../../src/server/query-index.js";
import { narrowingOf } from "../../src/server/query-narrowing.js";
import type { IndexComparison, IndexEntry, IndexedContent, NarrowingCondition } from "../../src/storage/index.js";
import { criteria, criterion, queryOf } from "../query/worked.js";
import { markup, tree } from "./query-arbitraries.js";

const binding = "urn:example:records";

function indexed(...scopes: string[]): IndexedContent {
  const content = queryIndexer.read(indexDefinition([{ id: binding, preferredScopes: scopes }]) ?? "");
  if (content === undefined) throw new Error("expected a definition that is understood");
  return content;
}

function entriesOf(content: IndexedContent, xml: string): readonly IndexEntry[] | undefined {
  return content.entriesOf({ contentBinding: { bindingId: binding }, content: { xml } });
}

function compares({ text, number, instant }: IndexEntry, value: IndexComparison | undefined): boolean {
  if (value === undefined) return true;
  if (value.kind === "equal") return value.texts.includes(text);
  if (value.kind === "prefix") return text.startsWith(value.text);
  const found = value.kind === "number" ? number : instant;
  return found !== undefined && found >= (value.from ?? -Infinity) && found <= (value.to ?? Infinity);
}

/** Whether a block with these entries meets a condition, so far as the index covers what it asks for. */
function meets(condition: NarrowingCondition, entries: readonly IndexEntry[], content: IndexedContent): boolean {
  if ("all" in condition) return condition.all.every((part) => meets(part, entries, content));
  if ("any" in condition) return condition.any.some((part) => meets(part, entries, content));
  if (!content.covers(condition.target, [binding])) return true;
  const { target, value } = condition;
  if (value !== undefined && "apart" in value && value.apart === true)
    return [{ from: value.from }, { to: value.to }].every((bound) =>
      meets({ target, value: { kind: value.kind, ...bound } }, entries, content),
    );
  const denotes = content.denotes(target);
  return entries.some((entry) => (entry.path === undefined || denotes(entry.path)) && compares(entry, value));
}

describe("what is known of records that match", () => {
  it("holds for every record that does, whatever is in the index", () => {
    const contents = [indexed("**"), indexed("a/**", "**/@b"), indexed("a/*", "*", "b/c")];
    let [matching, telling] = [0, 0];
    fc.assert(
      fc.property(tree, markup, (asked, xml) => {
        const query = queryOf(asked);
        const narrowing = narrowingOf(query, [binding]);
        const matches = compileQuery(query).matches(xml);
        if (matches) matching++;
        for (const content of contents) {
          if (narrowing === undefined) continue;
          const met = meets(narrowing.condition, entriesOf(content, xml) ?? [], content);
          if (matches) expect(met).toBe(true);
          else if (!met) telling++;
        }
      }),
      { numRuns: 10_000 },
    );
    // Both are common: records that match, and others that can be told from them.
    expect(matching).toBeGreaterThan(1000);
    expect(telling).toBeGreaterThan(1000);
  });

  const narrowed = (...parts: Parameters<typeof criteria>): NarrowingCondition | undefined =>
    narrowingOf(queryOf(criteria(...parts)), [binding])?.condition;
  const absent = criterion("a", "does_not_exist");
  const equal = (value: string) => criterion("a/b", "equals", { value, match_type: "case_sensitive_string" });

  it("is nothing where something is not to be there", () => {
    expect(narrowed("AND", absent)).toBeUndefined();
    expect(narrowed("OR", equal("x"), absent)).toBeUndefined();
    expect(narrowed("AND", criterion("a", "exists", {}, true))).toBeUndefined();
    expect(narrowed("AND", criterion("a", "does_not_exist", {}, true))).toEqual({ all: [{ target: "a", value: undefined }] });
  });

  it("is what the parts of AND know, the most telling first, and what all parts of OR know", () => {
    expect(narrowed("AND", criterion("a", "contains", { value: "y" }), absent, equal("X"))).toEqual({
      all: [
        { target: "a/b", value: { kind: "equal", texts: ["x"] } },
        { target: "a", value: undefined },
      ],
    });
    expect(narrowed("OR", equal("x"), equal("y"), criterion("c", "begins_with", { value: "Z" }))).toEqual({
      any: [
        { target: "a/b", value: { kind: "equal", texts: ["x", "y"] } },
        { target: "c", value: { kind: "prefix", text: "z" } },
      ],
    });
  });

  it("is a range where there is a bound at either end, which different nodes may keep", () => {
    const at = (relationship: string, value: string) => criterion("a", relationship, { value });
    expect(narrowed("AND", at("less_than", "9"), at("greater_than", "1"), at("less_than_or_equal", "8"))).toEqual({
      all: [{ target: "a", value: { kind: "number", from: 1, to: 8, apart: true } }],
    });
    expect(narrowed("AND", at("less_than", "9"), at("less_than", "8"))).toEqual({
      all: [{ target: "a", value: { kind: "number", from: undefined, to: 8, apart: false } }],
    });
  });

  it("takes no half characters for characters", () => {
    expect(narrowed("AND", criterion("a", "begins_with", { value: "\ud83d" }))).toEqual({ all: [{ target: "a", value: undefined }] });
  });
});

describe("what is in the index", () => {
  it("is what the scopes of a record's binding denote, and nothing of what cannot be looked into [QRY-EVAL-005]", () => {
    const content = indexed("a/b", "**/@id");
    expect(entriesOf(content, '<a id="1"> <b>Two</b><b><c/></b><d id="x">2</d></a>')).toEqual([
      { path: "a/@id", text: "1", number: 1, instant: undefined },
      { path: "a/b", text: "two", number: undefined, instant: undefined },
      { path: "a/b", text: "", number: undefined, instant: undefined },
      { path: "a/d/@id", text: "x", number: undefined, instant: undefined },
    ]);
    const of = (bindingId: string, text: string) => content.entriesOf({ contentBinding: { bindingId }, content: { text } });
    expect(of("urn:other", "<a id='1'/>")).toEqual([]);
    expect(of(binding, "<a id='1'>")).toEqual([]);
    expect(of(binding, "a < b")).toEqual([]);
    expect(of(binding, "<a id='1'/>")).toHaveLength(1);
  });

  it("is not more of a record than can be kept: such a record is always looked at", () => {
    const content = indexed("**");
    const many = Array.from({ length: 10_001 }, (_, index) => `<b>${index}</b>`).join("");
    expect(entriesOf(content, `<a>${many}</a>`)).toBeUndefined();
    expect(entriesOf(content, `<a>${"<b>1</b>".repeat(20_000)}</a>`)).toHaveLength(2);
    const deep = entriesOf(content, `${"<long_name>".repeat(200)}x${"</long_name>".repeat(200)}`) ?? [];
    expect(deep.filter(({ path }) => path === undefined).map(({ text }) => text)).toEqual(["x", ""]);
    expect(Math.max(...deep.map(({ path = "" }) => path.length))).toBeLessThanOrEqual(500);
  });

  it("is defined alike by vocabularies in any order, and not by those whose markup is made", () => {
    const one = { id: "urn:1", preferredScopes: ["b/**", "a"], bindings: ["urn:x", "urn:y"] };
    const other = { id: "urn:x", preferredScopes: ["c", " a "] };
    expect(indexDefinition([one, other])).toBe(indexDefinition([other, { ...one, preferredScopes: ["a", "b/**"] }]));
    expect(indexDefinition([one, other])).toBe('{"version":1,"records":[["urn:x",["a","b/**","c"]],["urn:y",["a","b/**"]]]}');
    expect(indexDefinition([{ id: "urn:1", allowedScopes: ["**"] }])).toBeUndefined();
    expect(indexDefinition([{ ...one, markup: () => "<a/>" }])).toBeUndefined();
    expect(indexDefinition([{ ...other, expression: (scope) => scope.toUpperCase() }])).toBe(
      '{"version":1,"records":[["urn:x",["A","C"]]]}',
    );
  });

  it("is not guessed from definitions of other versions", () => {
    expect(queryIndexer.read('{"version":2,"records":[]}')).toBeUndefined();
    expect(queryIndexer.read("null")).toBeUndefined();
    expect(queryIndexer.read("…")).toBeUndefined();
  });
});
