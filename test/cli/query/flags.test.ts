/** Conditions out of flags. */

import { Command } from "commander";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Criteria, DefaultQuery } from "../../../generated/default-query/index.js";
import { UsageError } from "../../../src/cli/failure.js";
import { addQueryFlags, conditionOfFlags } from "../../../src/cli/query/flags.js";
import { conditionOf, type ShorthandName, shorthands } from "../../../src/cli/query/shorthands.js";
import { validate } from "../../../src/message/validate.js";
import { query as queryFor } from "../../../src/query/build/query.js";

const vocabulary = "urn:stix.mitre.org:xml:1.2";

function query(...args: string[]): DefaultQuery {
  const command = new Command().exitOverride().action(() => undefined);
  const given = addQueryFlags(command);
  command.parse(args, { from: "user" });
  return queryFor(vocabulary, conditionOfFlags(given, { vocabulary, ignoreCase: false }).condition);
}

/** Ids are compared with one test each, which makes them good to tell structures apart. */
const ids = (...parts: string[]): string =>
  outline(query(...parts.flatMap((part) => (/^[a-z]$/.test(part) ? ["--id", part] : [part]))).criteria);

function outline({ operator, items }: Criteria): string {
  const parts = items.map((item) => {
    if ("criteria" in item) return outline(item.criteria);
    const { negate, test } = item.criterion;
    return `${negate ? "!" : ""}${test.parameters[0]?.value}`;
  });
  return `${operator}[${parts.join(" ")}]`;
}

describe("flags side by side", () => {
  it.each([
    [["a"], "AND[a]"],
    [["a", "b", "c"], "OR[a b c]"],
    [["a", "--and", "b"], "AND[a b]"],
    [["a", "--or", "b"], "OR[a b]"],
    [["a", "--where", "X = 1", "b"], "AND[a 1 b]"],
    [["a", "b", "--where", "X = 1"], "AND[OR[a b] 1]"],
    [["a", "--where", "X = 1", "--or", "b", "--where", "X = 2"], "OR[AND[a 1] AND[b 2]]"],
    [["--not", "a"], "AND[!a]"],
    [["--not", "a", "b"], "AND[!a !b]"],
    [["a", "--not", "b"], "AND[a !b]"],
    [["a", "--and", "--not", "b", "--or", "--not", "c"], "OR[AND[a !b] !c]"],
    [["--not", "--not", "a"], "AND[a]"],
    [["--where", "X = 1", "--where", "X = 2"], "AND[1 2]"],
    [["--where", "X = 1 or X = 2", "--where", "X = 3"], "AND[OR[1 2] 3]"],
    [["--not", "--where", "X = 1 or X = 2"], "AND[!1 !2]"],
  ])("%j", (flags, expected) => expect(ids(...flags)).toBe(expected));

  it.each([
    [[], "a query needs a condition"],
    [["--and"], "found --and"],
    [["a", "--and"], "expected a condition next to --and, such as --ip 192.0.2.9; found the end"],
    [["--or", "a"], "found --or"],
    [["a", "--or"], "expected a condition next to --or"],
    [["a", "--not"], "expected a condition next to --not"],
    [["a", "--and", "--or", "b"], "found --or"],
    [["--id", ""], "--id is empty; expected id of any object"],
    [["a", "--id", ""], "--id is empty"],
    [["--where", "X contain 1"], "--where: expected a relationship"],
  ])("%j is wrong usage", (flags, expected) => {
    expect(() => ids(...flags)).toThrow(UsageError);
    expect(() => ids(...flags)).toThrow(expected);
  });

  it("make a valid query of any order", () => {
    const flag = fc.constantFrom(
      ["--id", "x"],
      ["--ip", "192.0.2.1"],
      ["--where", "A = 1 or not B exists"],
      ["--and"],
      ["--or"],
      ["--not"],
    );
    fc.assert(
      fc.property(fc.array(flag, { maxLength: 10 }), (flags) => {
        try {
          expect(validate(DefaultQuery, query(...flags.flat())).issues).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
        }
      }),
    );
  });
});

describe("shorthands", () => {
  it.each(Object.keys(shorthands) as ShorthandName[])("--%s makes a valid query", (name) => {
    expect(validate(DefaultQuery, queryFor(vocabulary, conditionOf(name, "value"))).issues).toEqual([]);
  });

  it("find a value alone and in a list of CybOX, and not as a part of another", () => {
    const { criteria } = query("--ip", "192.0.2.1");
    const tests = criteria.items.map((item) =>
      "criterion" in item ? [item.criterion.test.relationship, item.criterion.test.parameters[0]?.value] : [],
    );
    const holds = (text: string): boolean =>
      tests.some(([relationship, value = ""]) => {
        if (relationship === "equals") return text === value;
        if (relationship === "begins_with") return text.startsWith(value);
        return relationship === "ends_with" ? text.endsWith(value) : text.includes(value);
      });
    expect(criteria.operator).toBe("OR");
    expect(["192.0.2.1", "192.0.2.1##comma##10.0.0.1", "10.0.0.1##comma##192.0.2.1", "a##comma##192.0.2.1##comma##b"].map(holds)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["1192.0.2.1", "192.0.2.10", "a##comma##192.0.2.10##comma##b"].map(holds)).toEqual([false, false, false]);
  });

  it("look where such values are", () => {
    const targets = (name: ShorthandName): Set<string> =>
      new Set(
        queryFor(vocabulary, conditionOf(name, "x")).criteria.items.flatMap((item) => ("criterion" in item ? [item.criterion.target] : [])),
      );
    expect([...targets("hash")]).toEqual(["**/Simple_Hash_Value", "**/Fuzzy_Hash_Value"]);
    expect([...targets("domain")]).toEqual(["**/Value", "**/Hostname_Value"]);
    expect([...targets("id")]).toEqual(["**/@id"]);
  });
});
