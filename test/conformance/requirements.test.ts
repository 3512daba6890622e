/** The list of requirements, and what is said about them. */

import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { citations, reasons, render, requirements, unknownIds } from "../../scripts/conformance.mjs";
import { rules10 } from "../../src/message/rules-10.js";
import { rules11 } from "../../src/message/rules-11.js";
import { queryRules } from "../../src/message/rules-query.js";

const reference = "../shared/reference/conformance.md";
const rules = [...rules10, ...rules11, ...queryRules];
const all = requirements();

describe("the requirements", () => {
  it("are 531, each with an id of its own", () => {
    expect(all).toHaveLength(531);
    expect(new Set(all.map(({ id }) => id)).size).toBe(531);
  });

  it.skipIf(!existsSync(reference))("are those of the checklist", () => {
    const row = /^\| `([A-Z]+-[A-Z]+-\d{3})` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|/gm;
    const listed = [...readFileSync(reference, "utf8").matchAll(row)].map(([, id, level, binds, taxii]) => ({ id, level, binds, taxii }));
    expect(all).toEqual(listed);
  });

  it("are what tests and reasons name", () => {
    expect(unknownIds()).toEqual([]);
  });

  it("are tested or given a reason", () => {
    const cited = citations();
    const { notApplicable, later, open } = reasons();
    const silent = all.filter(({ id }) => !cited.has(id) && !(id in notApplicable || id in later || id in open));
    expect(silent).toEqual([]);
  });

  it("have one reason at most, and none where they are tested", () => {
    const { notApplicable, later, open } = reasons();
    const given = [...Object.keys(notApplicable), ...Object.keys(later), ...Object.keys(open)];
    expect(new Set(given).size).toBe(given.length);
    const cited = citations();
    expect([...Object.keys(notApplicable), ...Object.keys(later)].filter((id) => cited.has(id))).toEqual([]);
  });

  it("make a table with a row each", () => {
    const table = render();
    for (const { id } of all) expect(table.split(`| ${id} |`)).toHaveLength(2);
  });
});

describe("the rules", () => {
  it("name requirements that exist", () => {
    const known = new Set(all.map(({ id }) => id));
    for (const { id, clause } of rules) for (const one of clause.split(" ")) expect(known.has(one), `${id}: ${one}`).toBe(true);
  });

  it("have ids of module and sentence, once per shape", () => {
    for (const { id } of rules) expect(id).toMatch(/^(?:taxii10|taxii11|default-query)\/[a-z0-9]+(?:-[a-z0-9]+)+$/);
    const keys = rules.map(({ id, shape }) => `${id} ${shape.name}`);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});
